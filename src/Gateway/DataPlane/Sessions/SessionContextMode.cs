namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>What is done with the conversation of a session.</summary>
internal enum SessionContextMode
{
    Off,

    /// <summary>Exchanges are kept.</summary>
    Record,

    /// <summary>They are kept, and put in front of a request that carries only its new turn.</summary>
    Replay,
}

internal static class SessionContextModes
{
    public const string Header = "X-Session-Context";

    /// <summary>The request's own wish within what the operator allows: off is off.</summary>
    /// <exception cref="GatewayErrorException">400: an unknown word, or a replay that can't be.</exception>
    public static SessionContextMode Read(IHeaderDictionary headers, SessionClaim? claim, RoutingSessionOptions options)
    {
        var allowed = Parse(options.Context)!.Value;
        var header = headers[Header];
        if (header.Count == 0)
        {
            return claim is { IsNamed: true } ? allowed : SessionContextMode.Off;
        }

        var wish = Parse(header.ToString()) ?? throw Bad("must be off, record or replay");
        if (wish == SessionContextMode.Replay)
        {
            // A model that is asked without its history answers wrongly: the client must know.
            return claim is not { IsNamed: true } ? throw Bad($"asks for replay, which needs a session: send {SessionClaim.Header}")
                : allowed == SessionContextMode.Off ? throw Bad("asks for replay, and this server keeps no conversations (SESSION_CONTEXT=off)")
                : wish;
        }

        return claim is not { IsNamed: true } || allowed == SessionContextMode.Off ? SessionContextMode.Off : wish;
    }

    private static SessionContextMode? Parse(string word) => word switch
    {
        "off" => SessionContextMode.Off,
        "record" => SessionContextMode.Record,
        "replay" => SessionContextMode.Replay,
        _ => null,
    };

    private static GatewayErrorException Bad(string rule) => new(GatewayError.Invalid($"The header {Header} {rule}.", Header));
}
