using System.Buffers;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.DataPlane.Adapters.OpenAI;

/// <summary>What both kinds of OpenAI upstreams have in common: model list, embeddings, text completions.</summary>
internal abstract class OpenAIAdapter : UpstreamAdapter
{
    public override Uri ModelsAddress(ProviderRoute provider, string? page) => ProviderEndpoint.Of(provider).Models;

    public override (IReadOnlyList<string> Ids, string? NextPage) ReadModels(byte[] body) => (ModelListReader.Read(body), null);

    public override bool TakesBytes(InboundCall call) =>
        (call.Protocol == Protocol && !call.MustConvert) || call.Endpoint.Operation is Operation.Embeddings or Operation.Completions;

    protected override Uri Address(ProviderEndpoint endpoint, InboundCall call, string model) => call.Endpoint.Operation switch
    {
        Operation.Embeddings => endpoint.Embeddings,
        Operation.Completions => endpoint.Completions,
        _ => Protocol == WireProtocol.Chat ? endpoint.ChatCompletions : endpoint.Responses,
    };

    protected override OutboundBody Splice(InboundCall call, string model)
    {
        if (call.ChatHead is not { } head)
        {
            return base.Splice(call, model);
        }

        if (ChatRequestSplicer.IsUnchanged(head, model, call.Stream))
        {
            return new OutboundBody(call.Body, null, default);
        }

        var unchanged = ChatRequestSplicer.GetUnchangedFrom(head, model, call.Stream);
        var front = call.Body.Span[..unchanged];
        var length = ChatRequestSplicer.GetLength(front, head, model, call.Stream);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        ChatRequestSplicer.Write(front, head, model, call.Stream, rented);
        return new OutboundBody(rented.AsMemory(0, length), rented, call.Body[unchanged..]);
    }
}

/// <summary>OpenAI Chat and every server that imitates it.</summary>
internal sealed class OpenAIChatAdapter : OpenAIAdapter
{
    public override WireProtocol Protocol => WireProtocol.Chat;
}

/// <summary>OpenAI Responses.</summary>
internal sealed class OpenAIResponsesAdapter : OpenAIAdapter
{
    private static readonly string[] KnownBetas = ["responses=experimental", "responses=v1"];

    public override WireProtocol Protocol => WireProtocol.Responses;

    public override void AddHeaders(HttpRequestMessage request, ClientBetas betas)
    {
        foreach (var beta in betas.OpenAI.Where(KnownBetas.Contains))
        {
            request.Headers.TryAddWithoutValidation("OpenAI-Beta", beta);
        }
    }
}
