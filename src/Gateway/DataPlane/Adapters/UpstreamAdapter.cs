using System.Buffers;
using System.Net.Http.Headers;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Adapters;

/// <summary>
/// Stage 5: one kind of upstream: where to send, with which headers, and which bytes. A request in the upstream's own protocol goes as it
/// came, with the model spliced; any other is written from the intermediate form.
/// </summary>
internal abstract class UpstreamAdapter
{
    public abstract WireProtocol Protocol { get; }

    public ProtocolCodec Codec => Codecs.Of(Protocol);

    /// <summary>The address of the provider's model list.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="page">What the page before said; null for the first.</param>
    public abstract Uri ModelsAddress(ProviderRoute provider, string? page);

    /// <summary>The ids of one page, and what to ask the next one with.</summary>
    /// <exception cref="WireFormatException">Not a model list.</exception>
    public abstract (IReadOnlyList<string> Ids, string? NextPage) ReadModels(byte[] body);

    /// <summary>The tokens in the answer of this kind's own counter; null when it has none, or the answer is not one.</summary>
    public virtual long? ReadCount(ReadOnlyMemory<byte> body) => null;

    /// <summary>Whether this request's own bytes can be sent.</summary>
    public virtual bool TakesBytes(InboundCall call) => call.Protocol == Protocol;

    /// <summary>The request, ready to send.</summary>
    /// <param name="call">What the client asked.</param>
    /// <param name="decoded">The request in the intermediate form, for a client of another protocol.</param>
    /// <param name="upstream">Where it goes.</param>
    /// <param name="key">With which credential.</param>
    public UpstreamCall Prepare(InboundCall call, ModelRequest? decoded, UpstreamRoute upstream, ProviderKeyRoute? key)
    {
        var request = ProviderEndpoint.NewRequest(HttpMethod.Post, Address(ProviderEndpoint.Of(upstream.Provider), call, upstream.Model), upstream.Provider, key);
        request.Headers.TryAddWithoutValidation("Accept", call.Stream ? "text/event-stream" : "application/json");
        AddHeaders(request, call.Betas);
        var body = decoded is null ? Splice(call.Unsealed, upstream.Model) : Translate(call, decoded, upstream);
        var content = new BodyContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Content = content;
        return new UpstreamCall(request, content, call, body.Rented);
    }

    /// <summary>Headers that every request of this kind carries, model lists too.</summary>
    public virtual void AddHeaders(HttpRequestMessage request, ClientBetas betas)
    {
    }

    protected abstract Uri Address(ProviderEndpoint endpoint, InboundCall call, string model);

    /// <summary>The client's bytes with the upstream's model.</summary>
    protected virtual OutboundBody Splice(InboundCall call, string model)
    {
        if (BodySplicer.IsUnchanged(call.Head!, model))
        {
            return new OutboundBody(call.Body, null, default);
        }

        // Only what is in front of the change has to be moved.
        var unchanged = call.Head!.ModelValue!.Value.End;
        var front = call.Body.Span[..unchanged];
        var rented = ArrayPool<byte>.Shared.Rent(BodySplicer.GetLength(front, call.Head, model));
        var length = BodySplicer.Write(front, call.Head, model, rented);
        return new OutboundBody(rented.AsMemory(0, length), rented, call.Body[unchanged..]);
    }

    /// <summary>The body of a request for the token counter; the same as for an answer unless the protocol has its own form.</summary>
    protected virtual void WriteCount(ModelRequest request, RequestTarget target, IBufferWriter<byte> output) =>
        Codec.WriteRequest(request, target, output);

    private OutboundBody Translate(InboundCall call, ModelRequest decoded, UpstreamRoute upstream)
    {
        var output = new PooledBuffer();
        var target = new RequestTarget(upstream.Model, call.Stream) { Provider = upstream.Provider.Id };
        if (call.Endpoint.Operation == Operation.CountTokens)
        {
            WriteCount(decoded, target, output);
        }
        else
        {
            Codec.WriteRequest(decoded, target, output);
        }

        var (written, rented) = output.DetachArray();
        return new OutboundBody(written, rented, default);
    }
}
