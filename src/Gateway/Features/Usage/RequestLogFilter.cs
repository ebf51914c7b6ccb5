using System.ComponentModel;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>The filters of the request log; those that are lists may be repeated.</summary>
public sealed record RequestLogFilter
{
    [FromQuery(Name = "scope"), Description("me (default), or all with logs.read_all")]
    public string? Scope { get; init; }

    [FromQuery(Name = "model"), Description("The model asked for, or the logical model it meant.")]
    public string[]? Model { get; init; }

    [FromQuery(Name = "upstream_model")]
    public string[]? UpstreamModel { get; init; }

    [FromQuery(Name = "provider_id")]
    public string[]? ProviderId { get; init; }

    [FromQuery(Name = "api_key_id")]
    public Guid[]? ApiKeyId { get; init; }

    [FromQuery(Name = "user_id"), Description("Another user's: needs logs.read_all.")]
    public Guid[]? UserId { get; init; }

    [FromQuery(Name = "app")]
    public string[]? App { get; init; }

    [FromQuery(Name = "stream")]
    public bool? Stream { get; init; }

    [FromQuery(Name = "status")]
    public int[]? Status { get; init; }

    [FromQuery(Name = "status_class"), Description("2xx, 3xx, 4xx or 5xx")]
    public string? StatusClass { get; init; }

    [FromQuery(Name = "error_code")]
    public string[]? ErrorCode { get; init; }

    [FromQuery(Name = "ok")]
    public bool? Ok { get; init; }

    [FromQuery(Name = "request_id"), Description("The request id or its beginning.")]
    public string? RequestId { get; init; }

    [FromQuery(Name = "session_id")]
    public string? SessionId { get; init; }

    [FromQuery(Name = "min_ms")]
    public int? MinMs { get; init; }

    [FromQuery(Name = "max_ms")]
    public int? MaxMs { get; init; }

    [FromQuery(Name = "from"), Description("Started at or after.")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to"), Description("Started before.")]
    public DateTimeOffset? To { get; init; }

    /// <summary>Every value in a fixed order, for the cursor's binding.</summary>
    internal IReadOnlyList<object?> Values =>
    [
        "request_logs", Scope, List(Model), List(UpstreamModel), List(ProviderId), List(ApiKeyId), List(UserId), List(App), Stream?.ToString(), List(Status),
        StatusClass, List(ErrorCode), Ok?.ToString(), RequestId, SessionId, MinMs, MaxMs, From?.UtcTicks, To?.UtcTicks,
    ];

    /// <summary>Narrows by scope first, then by the filters.</summary>
    /// <exception cref="ProblemException">403 without the permission that the scope needs, 400 for a filter that means nothing.</exception>
    internal IQueryable<RequestLog> Apply(IQueryable<RequestLog> logs, CurrentUser user, string? q)
    {
        logs = Status is { Length: > 0 } statuses ? Scoped(logs, user).Where(r => statuses.Contains(r.Status)) : Scoped(logs, user);
        logs = Model is { Length: > 0 } models ? logs.Where(r => models.Contains(r.LogicalModel) || models.Contains(r.RequestedModel)) : logs;
        logs = UpstreamModel is { Length: > 0 } upstream ? logs.Where(r => upstream.Contains(r.UpstreamModel)) : logs;
        logs = ProviderId is { Length: > 0 } providers ? logs.Where(r => providers.Contains(r.ProviderId)) : logs;
        logs = ApiKeyId is { Length: > 0 } keys ? logs.Where(r => r.ApiKeyId != null && keys.Contains(r.ApiKeyId.Value)) : logs;
        logs = App is { Length: > 0 } apps ? logs.Where(r => apps.Contains(r.App)) : logs;
        logs = ErrorCode is { Length: > 0 } codes ? logs.Where(r => codes.Contains(r.ErrorCode)) : logs;
        logs = Stream is { } stream ? logs.Where(r => r.Stream == stream) : logs;
        logs = Ok is { } ok ? logs.Where(r => r.Ok == ok) : logs;
        logs = SessionId is { } session ? logs.Where(r => r.SessionId == session) : logs;
        logs = MinMs is { } min ? logs.Where(r => r.DurationMs >= min) : logs;
        logs = MaxMs is { } max ? logs.Where(r => r.DurationMs <= max) : logs;
        logs = From?.ToUniversalTime() is { } from ? logs.Where(r => r.StartedAt >= from) : logs;
        logs = To?.ToUniversalTime() is { } to ? logs.Where(r => r.StartedAt < to) : logs;
        return ByPrefix(ByClass(logs)).WhereContains(q, r => r.ErrorCode, r => r.RequestedModel, r => r.UpstreamModel);
    }

    private static string? List<T>(T[]? values) => values is { Length: > 0 } ? string.Join('\n', values.Order()) : null;

    private IQueryable<RequestLog> Scoped(IQueryable<RequestLog> logs, CurrentUser user)
    {
        var me = user.Id;
        var others = UserId?.Any(id => id != me) == true;
        if (Scope is not (null or "me" or "all"))
        {
            throw Problems.Field("scope", "not_allowed", "must be me or all");
        }

        if (Scope == "all" || others)
        {
            user.Demand(Permissions.LogsReadAll);
        }
        else
        {
            logs = logs.Where(r => r.UserId == me);
        }

        return UserId is { Length: > 0 } users ? logs.Where(r => r.UserId != null && users.Contains(r.UserId.Value)) : logs;
    }

    private IQueryable<RequestLog> ByClass(IQueryable<RequestLog> logs)
    {
        if (StatusClass is null)
        {
            return logs;
        }

        if (StatusClass is not [>= '2' and <= '5', 'x', 'x'])
        {
            throw Problems.Field("status_class", "not_allowed", "must be 2xx, 3xx, 4xx or 5xx");
        }

        var low = (StatusClass[0] - '0') * 100;
        return logs.Where(r => r.Status >= low && r.Status < low + 100);
    }

    /// <summary>A beginning of a UUID is a range of UUIDs, which both databases compare by their hexadecimal form.</summary>
    private IQueryable<RequestLog> ByPrefix(IQueryable<RequestLog> logs)
    {
        if (string.IsNullOrEmpty(RequestId))
        {
            return logs;
        }

        var digits = RequestId.Replace("-", "", StringComparison.Ordinal);
        if (digits.Length > 32 || !digits.All(char.IsAsciiHexDigit))
        {
            throw Problems.Field("request_id", "invalid", "must be a request id or its beginning");
        }

        var first = Guid.ParseExact(digits.PadRight(32, '0'), "N");
        var last = Guid.ParseExact(digits.PadRight(32, 'f'), "N");
        return logs.Where(r => r.RequestId >= first && r.RequestId <= last);
    }
}
