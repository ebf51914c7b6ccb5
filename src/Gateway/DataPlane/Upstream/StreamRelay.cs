using System.Buffers;
using System.IO.Pipelines;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Sse;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>
/// Stage 6, second half: passes an opened stream on, event by event as bytes, one flush per upstream read. Stops in
/// front of the last bytes, so that the usage record is written before them.
/// </summary>
internal sealed class StreamRelay(StreamPinger pinger)
{
    /// <summary>Relays everything but the end. What was written last may not be flushed yet: it goes out with the end.</summary>
    public async Task<StreamEnd> RunAsync(OpenedStream stream, HttpResponse response, TimeSpan idle, ProviderRoute provider, ProviderKeyRoute? key)
    {
        var writer = pinger.Attach(response.BodyWriter);
        var sent = new SentBytes();
        try
        {
            return await RelayAsync(stream, writer, idle, sent, provider, key);
        }
        catch (ClientGoneException)
        {
            return new StreamEnd(new AttemptFailure(FailureKind.ClientGone, null, "The client left."), sent.Count, false);
        }
        catch (Exception e) when (UpstreamSender.Explain(e, stream.Clock, provider, key) is { } failure)
        {
            return new StreamEnd(failure, sent.Count, false);
        }
        finally
        {
            pinger.Detach(writer);
            // Taken and never given back: what follows is the end of the stream, and no ping may stand in it.
            await writer.EnterAsync();
        }
    }

    private static async Task<StreamEnd> RelayAsync(
        OpenedStream stream, PingedWriter writer, TimeSpan idle, SentBytes sent, ProviderRoute provider, ProviderKeyRoute? key)
    {
        var more = true;
        var first = true;
        while (true)
        {
            var output = await writer.EnterAsync();
            StreamEnd? end;
            try
            {
                if (first)
                {
                    sent.Write(output, stream.Held.Written.Span);
                    stream.Held.Dispose();
                    first = false;
                }

                end = WriteEvents(stream, output, sent, provider, key) ?? (more ? null : AtEnd(stream, sent));
                if (end is null)
                {
                    await FlushAsync(output, stream.Clock);
                }
            }
            finally
            {
                writer.Leave();
            }

            if (end is { } known)
            {
                return known;
            }

            more = await stream.ReadAsync(idle);
        }
    }

    /// <summary>Writes every whole event in the buffer; an end if one of them is one.</summary>
    private static StreamEnd? WriteEvents(OpenedStream stream, PipeWriter output, SentBytes sent, ProviderRoute provider, ProviderKeyRoute? key)
    {
        while (stream.Reader.TryRead(out var ev))
        {
            var (step, chunk) = stream.Tap.Inspect(ev);
            switch (step)
            {
                case StreamStep.Done:
                    return new StreamEnd(null, sent.Count, true);
                case StreamStep.Error:
                    return new StreamEnd(UpstreamVerdict.OfErrorInside(chunk.ErrorStatus, ev.Data.Span, provider, key), sent.Count, false);
                case StreamStep.Malformed:
                    return new StreamEnd(new AttemptFailure(FailureKind.Malformed, 200, "The upstream's stream broke off or is not a chat completion."), sent.Count, false);
                case StreamStep.Pass when ev.IsComplete:
                    sent.Write(output, ev.Raw.Span);
                    break;
                case StreamStep.Pass when ev.HasData:
                    sent.Write(output, ev.Raw.Span);
                    sent.Write(output, "\n\n"u8);
                    break;
            }
        }

        return null;
    }

    // Some upstreams send no [DONE]. A finish reason is what tells a whole answer from a cut one.
    private static StreamEnd AtEnd(OpenedStream stream, SentBytes sent) =>
        stream.Tap.Finished
            ? new StreamEnd(null, sent.Count, true)
            : new StreamEnd(new AttemptFailure(FailureKind.Network, 200, "The upstream's stream ended in the middle of the answer."), sent.Count, false);

    private static async ValueTask FlushAsync(PipeWriter output, AttemptClock clock)
    {
        var flush = output.FlushAsync(clock.Token);
        if (!flush.IsCompleted)
        {
            // The client is slow: the upstream must not be blamed for the silence.
            clock.Pause();
        }

        var result = await flush;
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new ClientGoneException();
        }
    }

    // The writer learns it before the request's token does; an ordinary cancellation would pass for an upstream's timeout.
    private sealed class ClientGoneException : Exception;

    private sealed class SentBytes
    {
        public long Count { get; private set; }

        public void Write(PipeWriter output, ReadOnlySpan<byte> bytes)
        {
            output.Write(bytes);
            Count += bytes.Length;
        }
    }
}

/// <summary>How a relayed stream ended.</summary>
/// <param name="Failure">Null for a whole answer.</param>
/// <param name="Bytes">Bytes passed to the client so far.</param>
/// <param name="IsWhole">The client may be told [DONE].</param>
internal readonly record struct StreamEnd(AttemptFailure? Failure, long Bytes, bool IsWhole)
{
    /// <summary>The code for the record; null for a whole answer.</summary>
    public string? ErrorCode => Failure is null ? null : FailureReport.OfBrokenStream(Failure).Code;

    /// <summary>The bytes that close the stream: [DONE], or the protocol's error event.</summary>
    public void WriteLast(IBufferWriter<byte> output)
    {
        if (Failure is null)
        {
            output.Write(SseWriter.Done);
            return;
        }

        var error = FailureReport.OfBrokenStream(Failure);
        OpenAIError.WriteEvent(output, error.Message, error.Type, error.Param, error.Code);
    }
}
