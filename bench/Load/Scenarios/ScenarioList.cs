namespace AIHigress.Load.Scenarios;

/// <summary>The rows of the bench.</summary>
internal static class ScenarioList
{
    public static Scenario Chat { get; } = new()
    {
        Name = "chat",
        Model = "bench-chat",
        Stream = false,
        Chunks = 24,
        Connections = 64,
        Requests = 30_000,
        WarmRequests = 8_000,
        MostWarmSteps = 20,
        RequestBytes = 1024,
    };

    public static Scenario FixedRate { get; } = Chat with
    {
        Name = "chat_fixed_rate",
        Requests = 3_000,
        PerSecond = 500,
        WarmRequests = 500,
        MostWarmSteps = 1,
    };

    public static Scenario Stream { get; } = new()
    {
        Name = "stream",
        Model = "bench-stream",
        Stream = true,
        Chunks = 200,
        ChunkDelayMs = 20,
        Connections = 256,
        Requests = 256,
        WarmRequests = 256,
        MostWarmSteps = 3,
        RequestBytes = 1024,
    };

    public static Scenario Converted { get; } = Stream with { Name = "stream_converted", Converted = true };

    public static Scenario LongPrompt { get; } = Chat with
    {
        Name = "chat_300kb",
        Model = "bench-long",
        Connections = 16,
        Requests = 2_000,
        WarmRequests = 500,
        MostWarmSteps = 8,
        RequestBytes = 300 * 1024,
    };

    /// <summary>One of them with a request of a megabyte: the others must not notice.</summary>
    public static Scenario ManyStreams { get; } = Stream with
    {
        Name = "stream_1000",
        Model = "bench-many",
        Chunks = 50,
        ChunkDelayMs = 100,
        Connections = 1_000,
        Requests = 1_000,
        WarmRequests = 1_000,
        MostWarmSteps = 2,
        FirstRequestBytes = 1024 * 1024,
    };

    public static Scenario UnknownKeys { get; } = Chat with
    {
        Name = "unknown_keys",
        UnknownKeys = true,
        Requests = 60_000,
        WarmRequests = 20_000,
        MostWarmSteps = 10,
    };

    public static Scenario BesidePeer { get; } = Chat with
    {
        Name = "peer",
        BesidePeer = true,
        Requests = 6_000,
        WarmRequests = 2_000,
        MostWarmSteps = 6,
    };

    public static Scenario LargeTables { get; } = Chat with
    {
        Name = "large_tables",
        LargeTables = true,
        Requests = 15_000,
        MostWarmSteps = 12,
    };

    public static IReadOnlyList<Scenario> All { get; } = [Chat, FixedRate, Stream, Converted, LongPrompt, ManyStreams, UnknownKeys, BesidePeer, LargeTables];

    /// <summary>The same shapes, too little of each to be worth a figure: shows that the bench itself works.</summary>
    public static IReadOnlyList<Scenario> Quick { get; } =
    [
        Chat with { Requests = 2_000, WarmRequests = 1_000, MostWarmSteps = 1 },
        FixedRate with { Requests = 250, WarmRequests = 50 },
        Stream with { Requests = 64, WarmRequests = 64, Connections = 64, MostWarmSteps = 1 },
        Converted with { Requests = 64, WarmRequests = 64, Connections = 64, MostWarmSteps = 1 },
        LongPrompt with { Requests = 100, WarmRequests = 50, MostWarmSteps = 1 },
        ManyStreams with { Requests = 64, WarmRequests = 64, Connections = 64, Chunks = 10, MostWarmSteps = 1 },
        UnknownKeys with { Requests = 2_000, WarmRequests = 1_000, MostWarmSteps = 1 },
    ];
}
