namespace AIHigress.Gateway.Data;

/// <summary>Who makes a change: a user, or a part of the system such as "gateway.yaml" or "command line".</summary>
/// <param name="UserId">Null for the system.</param>
/// <param name="Name">User name, or the part's name.</param>
/// <param name="Ip">Client address, when there is one.</param>
/// <param name="TraceId">Trace of the request, when there is one.</param>
public sealed record Actor(Guid? UserId, string Name, string? Ip = null, string? TraceId = null);

/// <summary>One line of the audit log to be.</summary>
/// <param name="Action">Stable code, "provider.created".</param>
/// <param name="Target">"provider:openai-main".</param>
/// <param name="Diff">JSON object, field → [before, after]; secrets only as "changed". Null when nothing is worth showing.</param>
public sealed record AuditEvent(string Action, string Target, string? Diff = null);
