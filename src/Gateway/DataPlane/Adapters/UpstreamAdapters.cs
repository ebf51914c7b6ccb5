using AIHigress.Gateway.DataPlane.Adapters.Anthropic;
using AIHigress.Gateway.DataPlane.Adapters.Gemini;
using AIHigress.Gateway.DataPlane.Adapters.OpenAI;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Adapters;

/// <summary>The adapter of each provider kind.</summary>
internal static class UpstreamAdapters
{
    private static readonly OpenAIChatAdapter Chat = new();
    private static readonly OpenAIResponsesAdapter Responses = new();
    private static readonly AnthropicAdapter Anthropic = new();
    private static readonly GeminiAdapter Gemini = new();

    public static UpstreamAdapter Of(ProviderRoute provider) => provider.Kind switch
    {
        ProviderKinds.OpenAIResponses => Responses,
        ProviderKinds.Anthropic => Anthropic,
        ProviderKinds.Gemini => Gemini,
        _ => Chat,
    };
}
