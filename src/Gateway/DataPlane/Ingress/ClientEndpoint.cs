using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>One of the addresses that clients call: which protocol it speaks and what it is for.</summary>
/// <param name="Protocol">The protocol of request, answer and errors.</param>
/// <param name="Operation">What is asked of the model.</param>
/// <param name="Name">The name that logs and metrics use.</param>
internal sealed record ClientEndpoint(WireProtocol Protocol, Operation Operation, string Name)
{
    public static readonly ClientEndpoint Chat = new(WireProtocol.Chat, Operation.Generate, "openai_chat");
    public static readonly ClientEndpoint Completions = new(WireProtocol.Chat, Operation.Completions, "openai_completions");
    public static readonly ClientEndpoint Embeddings = new(WireProtocol.Chat, Operation.Embeddings, "openai_embeddings");
    public static readonly ClientEndpoint Responses = new(WireProtocol.Responses, Operation.Generate, "openai_responses");
    public static readonly ClientEndpoint Messages = new(WireProtocol.Messages, Operation.Generate, "anthropic_messages");
    public static readonly ClientEndpoint MessagesCount = new(WireProtocol.Messages, Operation.CountTokens, "anthropic_messages");
    public static readonly ClientEndpoint Gemini = new(WireProtocol.Gemini, Operation.Generate, "gemini");
    public static readonly ClientEndpoint GeminiCount = new(WireProtocol.Gemini, Operation.CountTokens, "gemini");

    /// <summary>The name of an upstream's protocol in logs.</summary>
    public static string NameOf(WireProtocol protocol) => protocol switch
    {
        WireProtocol.Chat => Chat.Name,
        WireProtocol.Responses => Responses.Name,
        WireProtocol.Messages => Messages.Name,
        _ => Gemini.Name,
    };

    /// <summary>The protocol whose errors a path gets, also one that is no endpoint.</summary>
    public static WireProtocol ProtocolOf(HttpRequest request) => request.Path.Value switch
    {
        { } path when path.StartsWith("/v1beta", StringComparison.OrdinalIgnoreCase) => WireProtocol.Gemini,
        { } path when path.StartsWith("/v1/messages", StringComparison.OrdinalIgnoreCase) => WireProtocol.Messages,
        { } path when path.StartsWith("/v1/responses", StringComparison.OrdinalIgnoreCase) => WireProtocol.Responses,
        { } path when path.StartsWith("/v1/models", StringComparison.OrdinalIgnoreCase) && request.Headers.ContainsKey("anthropic-version") => WireProtocol.Messages,
        { } path when path.StartsWith("/v1/models", StringComparison.OrdinalIgnoreCase) && IsGoogle(request) => WireProtocol.Gemini,
        _ => WireProtocol.Chat,
    };

    /// <summary>Google's clients use <c>/v1/models</c> too, where the others only ask for lists.</summary>
    private static bool IsGoogle(HttpRequest request) =>
        request.Headers.ContainsKey("x-goog-api-key") || (HttpMethods.IsPost(request.Method) && request.Path.Value!.Contains(':', StringComparison.Ordinal));
}

internal enum Operation
{
    /// <summary>An answer to a conversation; convertible between all protocols.</summary>
    Generate,

    /// <summary>How many tokens a request has.</summary>
    CountTokens,

    /// <summary>OpenAI's embeddings: relayed as bytes.</summary>
    Embeddings,

    /// <summary>OpenAI's older text completions: relayed as bytes.</summary>
    Completions,
}
