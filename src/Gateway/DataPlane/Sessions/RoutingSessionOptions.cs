using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>How long conversations stay with a provider, and what is remembered of them.</summary>
public sealed class RoutingSessionOptions
{
    public const string Section = "RoutingSessions";

    [Setting("SESSION_TTL_SECONDS", "Seconds since its last answer that a session stays bound to the upstream that gave it.", Live = true)]
    [Range(10, 604_800)]
    public int TtlSeconds { get; set; } = 7200;

    [Setting("SESSION_CONTEXT", "What is kept of the conversations of sessions: off, record, or replay (what was said is put in front of requests that carry only a new turn).", Live = true)]
    [AllowedValues("off", "record", "replay")]
    public string Context { get; set; } = "record";

    [Setting("SESSION_CONTEXT_MAX_EXCHANGES", "Exchanges kept per session, the newest.", Live = true)]
    [Range(1, 1000)]
    public int ContextMaxExchanges { get; set; } = 50;

    [Setting("SESSION_CONTEXT_TTL_SECONDS", "Seconds since its last exchange that a session's conversation is kept.", Live = true)]
    [Range(60, 2_592_000)]
    public int ContextTtlSeconds { get; set; } = 86_400;

    public TimeSpan Ttl => TimeSpan.FromSeconds(TtlSeconds);

    public TimeSpan ContextTtl => TimeSpan.FromSeconds(ContextTtlSeconds);
}
