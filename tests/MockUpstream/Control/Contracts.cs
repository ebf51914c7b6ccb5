namespace AIHigress.MockUpstream.Control;

/// <summary>One request as the mock received it.</summary>
public sealed record RecordedRequest
{
    /// <summary>Position among all requests since the start, from one.</summary>
    public required long Order { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Path { get; init; }

    /// <summary>Id of the connection it came on.</summary>
    public required string Connection { get; init; }

    public string? Model { get; init; }

    /// <summary>The upstream key it carried.</summary>
    public string? Key { get; init; }

    /// <summary>Headers by lower-case name.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as received (base64 in JSON).</summary>
    public required byte[] BodyBase64 { get; init; }

    public required string BodyText { get; init; }

    /// <summary>Events handed to the connection.</summary>
    public required int EventsSent { get; init; }

    /// <summary>The client left before the end.</summary>
    public required bool Canceled { get; init; }

    /// <summary>The scripted answer was written to its end.</summary>
    public required bool Finished { get; init; }
}

/// <summary>Counts since the start; <see cref="InFlight"/> and <see cref="Connections"/> are of this moment.</summary>
public sealed record MockStats(long Requests, long InFlight, long Canceled, long Connections, long ConnectionsTotal);

/// <summary>State of a gate: what has passed, and how many requests stand before it.</summary>
public sealed record GateState(int Sent, int Waiting);
