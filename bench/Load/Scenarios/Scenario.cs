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

    /// <summary>What the providers report as used, so that the request log can be held to it.</summary>
    public int PromptTokens => 256;

    /// <summary>What CPU is counted per.</summary>
    public string Unit => Stream ? "chunk" : "request";

    public int UnitsPerRequest => Stream ? Chunks : 1;

    // Role, finish reason and [DONE] besides the text.
    private int Events => Stream ? Chunks + 3 : 0;

    public Behaviour Behaviour => new()
    {
        Chunks = Chunks,
        ChunkDelayMs = ChunkDelayMs > 0 ? ChunkDelayMs : null,
        PromptTokens = PromptTokens,
        CompletionTokens = Chunks,
    };

    public LoadPlan Plan(int requests) => new(Connections, requests, Body(), PerSecond, Events);

    /// <summary>A Chat request of exactly <see cref="RequestBytes"/> bytes.</summary>
    private byte[] Body()
    {
        const string mark = "%";
        var json = $$"""
            {"model":"{{Model}}","messages":[{"role":"system","content":"You answer briefly."},{"role":"user","content":"{{mark}}"}],"temperature":0.2,"stream":{{(Stream ? "true" : "false")}}}
            """;
        const string words = "Tell me what a proxy does with a request. ";
        var room = RequestBytes - json.Length + mark.Length;
        var text = string.Concat(Enumerable.Repeat(words, (room / words.Length) + 1))[..room];
        return Encoding.ASCII.GetBytes(json.Replace(mark, text, StringComparison.Ordinal));
    }
}
