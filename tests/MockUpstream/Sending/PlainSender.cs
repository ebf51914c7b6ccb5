using System.Buffers;
using System.IO.Compression;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Sending;

/// <summary>Sends answers that are one body.</summary>
internal static class PlainSender
{
    /// <summary>As fast as it goes. Kestrel flushes when the handler returns, so end and answer leave in one send.</summary>
    public static async Task SendStraightAsync(Exchange exchange, Script script, string contentType, Template body, AnswerValues values)
    {
        await ResponseHead.StartAsync(exchange, 200, contentType, script.Headers, body.Measure(values));
        body.Write(exchange.Context.Response.BodyWriter, values);
        exchange.Finish();
    }

    public static async Task SendStraightAsync(Exchange exchange, Script script, int status, string contentType, byte[] body)
    {
        await ResponseHead.StartAsync(exchange, status, contentType, script.Headers, body.Length);
        exchange.Context.Response.BodyWriter.Write(body);
        exchange.Finish();
    }

    /// <summary>With the delays, gates and faults of the script.</summary>
    public static async Task SendPacedAsync(Exchange exchange, Script script, string contentType, byte[] body)
    {
        var behaviour = script.Behaviour;
        await exchange.PassGateAsync(behaviour.Gate);
        if ((behaviour.CutAfter ?? behaviour.CloseAfter) is not null || behaviour.TruncatedJson == "short")
        {
            await SendHalfAsync(exchange, script, contentType, body);
            return;
        }

        body = behaviour.TruncatedJson is null ? body : body[..(body.Length / 2)];
        body = behaviour.Gzip == true ? Compress(exchange.Context, body) : body;
        await ResponseHead.StartAsync(exchange, 200, contentType, script.Headers, body.Length);
        var writer = exchange.Context.Response.BodyWriter;
        if (behaviour.HangAfter is not null)
        {
            writer.Write(body.AsSpan(0, body.Length / 2));
            await writer.FlushAsync();
            await exchange.HangAsync();
        }

        await Pieces.WriteAsync(exchange, writer, body, behaviour);
        exchange.Finish();
    }

    private static async Task SendHalfAsync(Exchange exchange, Script script, string contentType, byte[] body)
    {
        var connection = new RawConnection(exchange);
        await connection.SendHeadAsync(200, contentType, script.Headers, body.Length);
        await connection.SendAsync(body.AsMemory(0, body.Length / 2));
        exchange.Break();
        if (script.Behaviour.CutAfter is null)
        {
            await connection.CloseAsync();
        }
        else
        {
            connection.Reset();
        }
    }

    private static byte[] Compress(HttpContext context, byte[] body)
    {
        context.Response.Headers.ContentEncoding = "gzip";
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }
}
