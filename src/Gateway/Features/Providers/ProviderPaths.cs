namespace AIHigress.Gateway.Features.Providers;

/// <summary>The operations whose path a provider may have its own idea of; each is appended to the base URL.</summary>
public static class ProviderPaths
{
    public const string ChatCompletions = "chat_completions";
    public const string Models = "models";

    public static readonly IReadOnlyList<string> All = [ChatCompletions, Models];
}
