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
            return new InboundCall(body, head, choices, WantsStream(head, context.Request.Headers));
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

    private static bool WantsStream(ChatRequestHead head, IHeaderDictionary headers) =>
        head.Stream ?? headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
