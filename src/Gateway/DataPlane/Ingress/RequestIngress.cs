using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>Stage 1: reads a request of any protocol. The body is scanned once and not turned into objects.</summary>
internal sealed class RequestIngress(IOptionsMonitor<DataPlaneOptions> options)
{
    /// <exception cref="GatewayErrorException">400, 413 or 415, saying what and where.</exception>
    public async ValueTask<InboundCall> ReadAsync(HttpContext context, ClientEndpoint endpoint, GeminiTarget? target)
    {
        var settings = options.CurrentValue;
        var choices = RequestChoices.Read(context.Request.Headers, settings.RequestTimeoutMs);
        var body = await BodyReader.ReadAsync(context.Request, settings.MaxRequestBodyMib * 1024L * 1024L, context.RequestAborted);
        try
        {
            return endpoint.Protocol == WireProtocol.Chat
                ? ReadChat(context, endpoint, ref body, choices)
                : ReadOther(context, endpoint, target, body, choices);
        }
        catch (WireFormatException e)
        {
            body.Dispose();
            throw InboundCall.Refused(e);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static InboundCall ReadChat(HttpContext context, ClientEndpoint endpoint, ref PooledBody body, RequestChoices choices)
    {
        var head = ChatRequestScanner.Scan(body.Memory.Span);
        var stream = endpoint.Operation != Operation.Embeddings && (head.Stream ?? AcceptsEvents(context.Request.Headers));
        if (stream && head.Stream is null)
        {
            // Asked for by header alone: the upstream reads only the body, so the body must say it.
            var asking = ChatRequestSplicer.AskForStream(body.Memory.Span, head);
            body.Dispose();
            body = PooledBody.Own(asking);
            head = ChatRequestScanner.Scan(asking);
        }

        return new InboundCall(endpoint, body, head.Model, stream, choices) { ChatHead = head, Betas = ClientBetas.Read(context.Request.Headers) };
    }

    private static InboundCall ReadOther(HttpContext context, ClientEndpoint endpoint, GeminiTarget? target, PooledBody body, RequestChoices choices)
    {
        var head = BodyHeadScanner.Scan(body.Memory.Span, needsModel: target is null);
        var stream = target?.Stream ?? head.Stream ?? false;
        return new InboundCall(endpoint, body, target?.Model ?? head.Model!, endpoint.Operation == Operation.Generate && stream, choices)
        {
            Head = head,
            AsArray = target is { Stream: true, Sse: false },
            Betas = ClientBetas.Read(context.Request.Headers),
        };
    }

    private static bool AcceptsEvents(IHeaderDictionary headers) =>
        headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
