using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>Stage 1: reads a Chat request. The body is scanned once and never turned into objects.</summary>
internal sealed class ChatIngress(IOptionsMonitor<DataPlaneOptions> options)
{
    /// <exception cref="GatewayErrorException">400, 413 or 415, saying what and where.</exception>
    public async ValueTask<InboundCall> ReadAsync(HttpContext context)
    {
        var settings = options.CurrentValue;
        var choices = RequestChoices.Read(context.Request.Headers, settings.RequestTimeoutMs);
        var body = await BodyReader.ReadAsync(context.Request, settings.MaxRequestBodyMib * 1024L * 1024L, context.RequestAborted);
        try
        {
            var head = ChatRequestScanner.Scan(body.Memory.Span);
            var stream = head.Stream ?? AcceptsEvents(context.Request.Headers);
            if (stream && head.Stream is null)
            {
                (body, head) = AskForStream(body, head);
            }

            return new InboundCall(body, head, choices, stream);
        }
        catch (WireFormatException e)
        {
            body.Dispose();
            throw new GatewayErrorException(new GatewayError(400, e.Code, e.Message) { Param = e.Param });
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static bool AcceptsEvents(IHeaderDictionary headers) =>
        headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    // Asked for by header alone: the upstream reads only the body, so the body must say it.
    private static (PooledBody Body, ChatRequestHead Head) AskForStream(PooledBody body, ChatRequestHead head)
    {
        var asking = ChatRequestSplicer.AskForStream(body.Memory.Span, head);
        body.Dispose();
        return (PooledBody.Own(asking), ChatRequestScanner.Scan(asking));
    }
}
