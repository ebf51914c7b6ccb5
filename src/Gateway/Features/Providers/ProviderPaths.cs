namespace AIHigress.Gateway.Features.Providers;

/// <summary>The operations whose path a provider may have its own idea of; each is appended to the base URL.</summary>
public static class ProviderPaths
{
    public const string ChatCompletions = "chat_completions";
    public const string Models = "models";
    public const string Responses = "responses";
    public const string Messages = "messages";
    public const string CountTokens = "count_tokens";
    public const string Embeddings = "embeddings";
    public const string Completions = "completions";

    public static readonly IReadOnlyList<string> All = [ChatCompletions, Models, Responses, Messages, CountTokens, Embeddings, Completions];
}
