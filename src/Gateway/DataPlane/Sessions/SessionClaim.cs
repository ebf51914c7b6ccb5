using System.Buffers;
using AIHigress.Gateway.DataPlane.Ingress;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>The session that a request says it belongs to.</summary>
/// <param name="Id">1 to 128 of <c>A-Z a-z 0-9 . _ : -</c>.</param>
/// <param name="IsNamed">A header names it. What members of the body stand for may be a user or a prompt, not a conversation: nothing is recorded under those.</param>
internal sealed record SessionClaim(string Id, bool IsNamed)
{
    public const string Header = "X-Session-Id";
    public const int LongestId = 128;

    // What coding agents send of themselves: Claude Code, Codex (and its older versions), opencode (which sends X-Session-Id, too).
    private static readonly string[] AgentHeaders =
        ["X-Claude-Code-Session-Id", "session-id", "session_id", "conversation_id", "x-session-affinity", "x-opencode-session"];

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    /// <summary>Null when the request belongs to none. Only <see cref="Header"/> is held to its rule; what was sent for other ends is ignored if it does not fit.</summary>
    /// <exception cref="GatewayErrorException">400 naming the header and its rule.</exception>
    public static SessionClaim? Read(IHeaderDictionary headers, InboundCall call)
    {
        var own = headers[Header];
        if (own.Count > 0)
        {
            var id = own.ToString();
            return IsValid(id)
                ? new SessionClaim(id, IsNamed: true)
                : throw new GatewayErrorException(GatewayError.Invalid(
                    $"The header {Header} must be 1 to {LongestId} letters, digits or one of '.', '_', ':' and '-'.", Header));
        }

        foreach (var name in AgentHeaders)
        {
            var value = headers[name];
            if (value.Count > 0 && value.ToString() is var id && IsValid(id))
            {
                return new SessionClaim(id, IsNamed: true);
            }
        }

        return call.Endpoint.Operation is Operation.Generate or Operation.CountTokens ? OfBody(call) : null;
    }

    public static bool IsValid(string? id) => id is { Length: > 0 and <= LongestId } && !id.AsSpan().ContainsAnyExcept(Allowed);

    private static SessionClaim? OfBody(InboundCall call)
    {
        var (cacheKey, metadata) = call.ChatHead is { } chat
            ? (chat.PromptCacheKey, chat.MetadataUserId)
            : (call.Head?.PromptCacheKey, call.Head?.MetadataUserId);
        var id = IsValid(cacheKey) ? cacheKey : IsValid(metadata) ? metadata : null;
        return id is null ? null : new SessionClaim(id, IsNamed: false);
    }
}
