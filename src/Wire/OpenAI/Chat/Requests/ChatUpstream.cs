namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>What the model's name tells of the server: the newer OpenAI models refuse words that all others need, and the other way round.</summary>
internal static class ChatUpstream
{
    private static readonly string[] CompletionTokens = ["o1", "o3", "o4", "gpt-5"];

    /// <summary>It refuses <c>max_tokens</c>; others know nothing else.</summary>
    public static bool WantsCompletionTokens(string model) => Array.Exists(CompletionTokens, name => IsOf(model, name));

    /// <summary>It takes custom tools; others would refuse the request for one.</summary>
    public static bool TakesCustomTools(string model) => IsOf(model, "gpt-5");

    // Routers put the maker's name in front.
    private static bool IsOf(string model, string family) =>
        model.AsSpan(model.LastIndexOf('/') + 1).StartsWith(family, StringComparison.OrdinalIgnoreCase);
}
