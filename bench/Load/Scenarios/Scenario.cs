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

    public LoadPlan Plan(int requests) => new(Connections, requests, Path, Body(), PerSecond, Events);

    /// <summary>A request of exactly <see cref="RequestBytes"/> bytes.</summary>
    private byte[] Body()
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
        var room = RequestBytes - json.Length + mark.Length;
        var text = string.Concat(Enumerable.Repeat(words, (room / words.Length) + 1))[..room];
        return Encoding.ASCII.GetBytes(json.Replace(mark, text, StringComparison.Ordinal));
    }
}
