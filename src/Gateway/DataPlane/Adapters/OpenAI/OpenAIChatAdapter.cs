using System.Buffers;
using System.Net.Http.Headers;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.DataPlane.Adapters.OpenAI;

/// <summary>Stage 5: a Chat call to an OpenAI-compatible upstream: the client's bytes with the model spliced.</summary>
internal static class OpenAIChatAdapter
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static UpstreamCall Prepare(InboundCall call, UpstreamRoute upstream, ProviderKeyRoute? key)
    {
        var request = ProviderEndpoint.NewRequest(
            HttpMethod.Post, ProviderEndpoint.Of(upstream.Provider).ChatCompletions, upstream.Provider, key);
        request.Headers.TryAddWithoutValidation("Accept", call.Stream ? "text/event-stream" : "application/json");
        var (body, rented) = Splice(call, upstream.Model);
        var content = new BodyContent(body);
        content.Headers.ContentType = Json;
        request.Content = content;
        return new UpstreamCall(request, content, call, rented);
    }

    private static (ReadOnlyMemory<byte> Body, byte[]? Rented) Splice(InboundCall call, string model)
    {
        if (ChatRequestSplicer.IsUnchanged(call.Head, model, call.Stream))
        {
            return (call.Body, null);
        }

        var length = ChatRequestSplicer.GetLength(call.Body.Span, call.Head, model, call.Stream);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        ChatRequestSplicer.Write(call.Body.Span, call.Head, model, call.Stream, rented);
        return (rented.AsMemory(0, length), rented);
    }
}
