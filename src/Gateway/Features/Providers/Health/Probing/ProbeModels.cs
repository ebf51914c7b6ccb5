namespace AIHigress.Gateway.Features.Providers.Health.Probing;

/// <summary>Which of a provider's models a probe chats with: the cheapest that chats, as far as their names tell; what answered last comes first.</summary>
internal static class ProbeModels
{
    private static readonly string[] Other =
    [
        "embed", "rerank", "whisper", "tts", "transcri", "speech", "audio", "realtime", "image", "dall-e", "moderation", "guard", "imagen", "veo", "sora",
    ];

    private static readonly string[] Small = ["nano", "mini", "lite", "small", "flash", "haiku", "tiny", "8b", "7b", "3b"];

    /// <param name="models">What the provider serves.</param>
    /// <param name="last">The model of the last good probe.</param>
    public static IReadOnlyList<string> Order(IEnumerable<ProviderModel> models, string? last) =>
    [
        .. from model in models
           where Chats(model)
           let small = Small.Any(word => model.Model.Contains(word, StringComparison.OrdinalIgnoreCase))
           orderby model.Model == last ? 0 : small ? 1 : 2, model.Model
           select model.Model,
    ];

    private static bool Chats(ProviderModel model) => model.Capabilities is { Length: > 0 } known
        ? known.Contains("chat")
        : !Other.Any(word => model.Model.Contains(word, StringComparison.OrdinalIgnoreCase));
}
