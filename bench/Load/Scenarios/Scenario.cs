using System.Text;
using AIHigress.Load.Client;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Load.Scenarios;

/// <summary>One kind of load: what is asked, what comes back, how much of it.</summary>
internal sealed record Scenario
{
    /// <summary>Its name in the results.</summary>
    public required string Name { get; init; }

    /// <summary>The name clients ask for; the providers' own name of it is <see cref="UpstreamModel"/>.</summary>
    public required string Model { get; init; }

    public string UpstreamModel => $"upstream-{Model}";

    public required bool Stream { get; init; }

    /// <summary>Pieces of text in an answer, each one token; of a stream each is an event of its own.</summary>
    public required int Chunks { get; init; }

    /// <summary>Pause of the provider before each event.</summary>
    public int ChunkDelayMs { get; init; }

    public required int Connections { get; init; }

    /// <summary>Requests of one round.</summary>
    public required int Requests { get; init; }

    /// <summary>Null: as fast as it goes.</summary>
    public double? PerSecond { get; init; }

    /// <summary>Requests of one warm-up step.</summary>
    public required int WarmRequests { get; init; }

    public required int MostWarmSteps { get; init; }

    public required int RequestBytes { get; init; }

    /// <summary>The client speaks Anthropic's Messages, the providers Chat: only the gateway can do that.</summary>
    public bool Converted { get; init; }

    /// <summary>Size of the first connection's requests, if another.</summary>
    public int? FirstRequestBytes { get; init; }

    /// <summary>Every request has a key that nobody knows.</summary>
    public bool UnknownKeys { get; init; }

    /// <summary>Run on the gateway and on a peer product only.</summary>
    public bool BesidePeer { get; init; }

    /// <summary>Run on the gateway and on one with large tables.</summary>
    public bool LargeTables { get; init; }

    /// <summary>Only the gateway can serve it.</summary>
    public bool GatewayOnly => Converted || UnknownKeys;

    public string Path => Converted ? "/v1/messages" : "/v1/chat/completions";

    /// <summary>What the providers report as used, so that the request log can be held to it.</summary>
    public int PromptTokens => 256;

    /// <summary>What CPU is counted per.</summary>
    public string Unit => Stream ? "chunk" : "request";

    public int UnitsPerRequest => Stream ? Chunks : 1;

    // Besides the text, Chat has role, finish reason and [DONE]; Messages a start, a ping, a block's start and end, its own end in two events.
    private int Events => !Stream ? 0 : Converted ? Chunks + 6 : Chunks + 3;

    public Behaviour Behaviour => new()
    {
        Chunks = Chunks,
        ChunkDelayMs = ChunkDelayMs > 0 ? ChunkDelayMs : null,
        PromptTokens = PromptTokens,
        CompletionTokens = Chunks,
    };

    public LoadPlan Plan(int requests, IReadOnlyList<string> headers) => new(Connections, requests, Path, Body(RequestBytes), PerSecond, UnknownKeys ? 0 : Events)
    {
        FirstBody = FirstRequestBytes is { } size ? Body(size) : null,
        Headers = headers,
        UnknownKeys = UnknownKeys,
    };

    /// <summary>A request of exactly so many bytes.</summary>
    private byte[] Body(int size)
    {
        const string mark = "%";
        var json = Converted
            ? $$"""
            {"model":"{{Model}}","system":"You answer briefly.","messages":[{"role":"user","content":"{{mark}}"}],"max_tokens":4096,"temperature":0.2,"stream":{{(Stream ? "true" : "false")}}}
            """
            : $$"""
            {"model":"{{Model}}","messages":[{"role":"system","content":"You answer briefly."},{"role":"user","content":"{{mark}}"}],"temperature":0.2,"stream":{{(Stream ? "true" : "false")}}}
            """;
        const string words = "Tell me what a proxy does with a request. ";
        var room = size - json.Length + mark.Length;
        var text = string.Concat(Enumerable.Repeat(words, (room / words.Length) + 1))[..room];
        return Encoding.ASCII.GetBytes(json.Replace(mark, text, StringComparison.Ordinal));
    }
}
