using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Conversion;

/// <summary>Makes a request ready for an upstream of another protocol. Same-protocol requests never come here.</summary>
internal sealed class CallConverter(MediaFetcher media, TimeProvider time)
{
    /// <summary>Null when the request's own bytes can be sent.</summary>
    /// <exception cref="GatewayErrorException">400: a body that can't be understood, an image that can't be fetched.</exception>
    public async ValueTask<ConvertedCall?> ConvertAsync(
        InboundCall call, UpstreamAdapter adapter, ProviderRoute provider, Guid requestId, CancellationToken cancellationToken)
    {
        if (adapter.TakesBytes(call))
        {
            return null;
        }

        var request = call.SealedBy is { } maker && maker != provider.Id ? WithoutSeals(call.Decoded) : call.Decoded;
        if (adapter.Protocol == WireProtocol.Gemini)
        {
            // Gemini takes no addresses but its own.
            request = await media.ResolveAsync(request, cancellationToken);
        }

        return new ConvertedCall(request, ContextOf(call, request, provider, requestId));
    }

    /// <summary>The request with the beginning of its answer, which another upstream gave, as the assistant's last words.</summary>
    /// <exception cref="GatewayErrorException">400: a body that can't be understood, an image that can't be fetched.</exception>
    public async ValueTask<ConvertedCall?> ContinueAsync(
        InboundCall call, UpstreamAdapter adapter, ProviderRoute provider, string prefix, Guid requestId, CancellationToken cancellationToken)
    {
        var request = AnswerPrefix.Append(WithoutSeals(call.Decoded), prefix);
        if (adapter.Protocol == WireProtocol.Gemini)
        {
            request = await media.ResolveAsync(request, cancellationToken);
        }

        return new ConvertedCall(request, ContextOf(call, request, provider, requestId));
    }

    /// <summary>What the encoder of the answer must know.</summary>
    public AnswerContext ContextOf(InboundCall call, ModelRequest request, ProviderRoute provider, Guid requestId) => new()
    {
        Request = request,
        IncludeUsage = call.WantsUsage,
        Now = time.GetUtcNow().ToUnixTimeSeconds(),
        Seed = requestId.ToString("N"),
        Provider = provider.Id,
        ResponseId = call.Protocol == WireProtocol.Responses ? call.ResponseId ?? $"resp_{requestId:N}" : null,
        RequestBody = call.EchoBody ?? call.Body,
    };

    // Another provider made them, even where it speaks the same protocol as this one. Marked ones say so themselves.
    private static ModelRequest WithoutSeals(ModelRequest request) => request with
    {
        Messages = [.. request.Messages.Select(m => m with { Parts = [.. m.Parts.Where(p => p is not ReasoningPart { IsRedacted: true, Seal.Provider: null }).Select(WithoutSeal)] })],
    };

    private static Part WithoutSeal(Part part) => part switch
    {
        ReasoningPart { Seal: { Provider: null } } p => p with { Seal = null },
        ToolCallPart { Seal: { Provider: null } } p => p with { Seal = null },
        _ => part,
    };
}
