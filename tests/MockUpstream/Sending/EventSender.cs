using System.Buffers;
using System.IO.Pipelines;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Traffic;

namespace AIHigress.MockUpstream.Sending;

/// <summary>Sends event streams: one event, one flush.</summary>
internal static class EventSender
{
    /// <summary>As fast as it goes. The last event leaves with the end of the body.</summary>
    public static async Task SendStraightAsync(Exchange exchange, Script script, string contentType, Frame[] frames, AnswerValues values)
    {
        await StartAsync(exchange, script, contentType);
        var writer = exchange.Context.Response.BodyWriter;
        var gone = exchange.ClientGone;
        var batch = Math.Max(1, script.Behaviour.Batch ?? 1);
        var sent = 0;
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i].Template.Write(writer, values);
            if (frames[i].IsEvent)
            {
                exchange.EventsSent = ++sent;
            }

            if (i < frames.Length - 1 && (sent % batch == 0 || !frames[i].IsEvent))
            {
                await writer.FlushAsync();
                if (gone.IsCancellationRequested)
                {
                    return;
                }
            }
        }

        exchange.Finish();
    }

    /// <summary>With the delays, gates and faults of the script.</summary>
    public static async Task SendPacedAsync(Exchange exchange, Script script, string contentType, Frame[] frames, AnswerValues values)
    {
        var behaviour = script.Behaviour;
        var raw = (behaviour.CutAfter ?? behaviour.CloseAfter) is null ? null : new RawConnection(exchange);
        if (raw is null)
        {
            await StartAsync(exchange, script, contentType);
            var writer = exchange.Context.Response.BodyWriter;
            await writer.FlushAsync();
            await WriteAsync(exchange, behaviour, writer, frames, values);
            return;
        }

        await raw.SendHeadAsync(200, contentType, script.Headers, length: null);
        var body = new RawBody(raw);
        if (await WriteAsync(exchange, behaviour, body, frames, values))
        {
            await body.SendEndAsync();
            await raw.CloseAsync();
        }
        else if (behaviour.CutAfter is null)
        {
            exchange.Break();
            await raw.CloseAsync();
        }
        else
        {
            raw.Reset();
        }
    }

    /// <summary>Writes event by event; false when the script breaks the stream off.</summary>
    private static async Task<bool> WriteAsync(Exchange exchange, Behaviour behaviour, PipeWriter writer, Frame[] frames, AnswerValues values)
    {
        var gate = behaviour.Gate is { } name ? exchange.Mock.Gates[name] : null;
        var brokenAfter = behaviour.CutAfter ?? behaviour.CloseAfter;
        var sent = 0;
        foreach (var frame in frames)
        {
            if (frame.IsEvent)
            {
                if (sent == brokenAfter)
                {
                    return false;
                }

                await BeforeEventAsync(exchange, behaviour, gate, sent);
                exchange.EventsSent = ++sent;
            }

            await Pieces.WriteAsync(exchange, writer, frame.Template.ToArray(values), behaviour);
            await writer.FlushAsync();
            exchange.ClientGone.ThrowIfCancellationRequested();
            if (frame.IsEvent)
            {
                gate?.CountSent();
            }
        }

        if (sent == behaviour.HangAfter)
        {
            await exchange.HangAsync();
        }

        if (sent == brokenAfter)
        {
            return false;
        }

        exchange.Finish();
        return true;
    }

    private static async Task BeforeEventAsync(Exchange exchange, Behaviour behaviour, Gate? gate, int sent)
    {
        if (sent == behaviour.HangAfter)
        {
            await exchange.HangAsync();
        }

        if (gate is not null)
        {
            await gate.PassAsync(exchange.ClientGone);
        }

        await exchange.DelayAsync(sent == 0 ? behaviour.FirstChunkDelayMs : behaviour.ChunkDelayMs);
    }

    private static Task StartAsync(Exchange exchange, Script script, string contentType)
    {
        exchange.Context.Response.Headers.CacheControl = "no-cache";
        return ResponseHead.StartAsync(exchange, 200, contentType, script.Headers, length: null);
    }
}
