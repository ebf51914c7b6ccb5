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

    public static IReadOnlyList<Scenario> All { get; } = [Chat, FixedRate, Stream, Converted];

    /// <summary>The same shapes, too little of each to be worth a figure: shows that the bench itself works.</summary>
    public static IReadOnlyList<Scenario> Quick { get; } =
    [
        Chat with { Requests = 2_000, WarmRequests = 1_000, MostWarmSteps = 1 },
        FixedRate with { Requests = 250, WarmRequests = 50 },
        Stream with { Requests = 64, WarmRequests = 64, Connections = 64, MostWarmSteps = 1 },
        Converted with { Requests = 64, WarmRequests = 64, Connections = 64, MostWarmSteps = 1 },
    ];
}
