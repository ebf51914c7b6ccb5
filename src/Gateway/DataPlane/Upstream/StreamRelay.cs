using System.Buffers;
using System.IO.Pipelines;
using AIHigress.Gateway.DataPlane.Upstream.Taps;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;

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
        var writer = pinger.Attach(response.BodyWriter, stream.Tap.Ping);
        var sent = new SentBytes();
        try
        {
            return await RelayAsync(stream, writer, idle, sent, provider, key);
        }
        catch (ClientGoneException)
        {
            return new StreamEnd(new AttemptFailure(FailureKind.ClientGone, null, "The client left."), sent.Count, stream.Tap);
        }
        catch (Exception e) when (UpstreamSender.Explain(e, stream.Clock, provider, key) is { } failure)
        {
            return new StreamEnd(failure, sent.Count, stream.Tap);
        }
        finally
        {
            pinger.Detach(writer);
            // Taken and never given back: what follows is the end of the stream, and no ping may stand in it.
            await writer.EnterAsync();
        }
    }

    /// <summary>Shows the client what it has been sent so far, and keeps its connection alive while something else is waited for.</summary>
    public async Task<T> WhileWaitingAsync<T>(HttpResponse response, ReadOnlyMemory<byte> ping, Func<Task<T>> wait)
    {
        var writer = pinger.Attach(response.BodyWriter, ping);
        try
        {
            // Ends at once when the client has left: what is waited for finds out by itself.
            await response.BodyWriter.FlushAsync(CancellationToken.None);
            return await wait();
        }
        finally
        {
            pinger.Detach(writer);
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
                sent.Output = output;
                if (first)
                {
                    sent.Write(stream.Held.Written.Span);
                    stream.Held.Dispose();
                    first = false;
                }

                end = WriteEvents(stream, sent, provider, key) ?? (more && !stream.Tap.IsOver ? null : AtEnd(stream, sent));
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

    /// <summary>Passes on every whole event in the buffer; an end if one of them is one.</summary>
    private static StreamEnd? WriteEvents(OpenedStream stream, SentBytes sent, ProviderRoute provider, ProviderKeyRoute? key)
    {
        if (stream.IsDone)
        {
            return new StreamEnd(null, sent.Count, stream.Tap);
        }

        while (stream.Reader.TryRead(out var ev))
        {
            var passed = stream.Tap.Pass(ev, sent);
            switch (passed.Step)
            {
                case DecodeStep.Done:
                    return new StreamEnd(null, sent.Count, stream.Tap);
                case DecodeStep.Error:
                    return new StreamEnd(UpstreamVerdict.OfErrorInside(passed.Error, provider, key), sent.Count, stream.Tap);
                case DecodeStep.Malformed:
                    return new StreamEnd(
                        new AttemptFailure(FailureKind.Malformed, 200, "The upstream's stream broke off or is not its protocol."), sent.Count, stream.Tap);
            }
        }

        return null;
    }

    // Some upstreams send no [DONE], or keep the client waiting for it. A finish reason is what tells a whole answer from a cut one.
    private static StreamEnd AtEnd(OpenedStream stream, SentBytes sent) =>
        stream.Tap.Finished
            ? new StreamEnd(null, sent.Count, stream.Tap)
            : new StreamEnd(new AttemptFailure(FailureKind.Network, 200, "The upstream's stream ended in the middle of the answer."), sent.Count, stream.Tap);

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

    /// <summary>The response's writer, and how much went through it.</summary>
    private sealed class SentBytes : IBufferWriter<byte>
    {
        public PipeWriter Output { get; set; } = null!;

        public long Count { get; private set; }

        public void Advance(int count)
        {
            Output.Advance(count);
            Count += count;
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => Output.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => Output.GetSpan(sizeHint);
    }
}

/// <summary>How a relayed stream ended.</summary>
/// <param name="Failure">Null for a whole answer.</param>
/// <param name="Bytes">Bytes passed to the client so far.</param>
/// <param name="Tap">Writes the end in the client's protocol.</param>
internal readonly record struct StreamEnd(AttemptFailure? Failure, long Bytes, StreamTap Tap)
{
    /// <summary>The code for the record; null for a whole answer.</summary>
    public string? ErrorCode => Failure is null ? null : FailureReport.OfBrokenStream(Failure).Code;

    /// <summary>The bytes that close the stream: the protocol's end, or its error event.</summary>
    public void WriteLast(IBufferWriter<byte> output, Guid requestId, TokenUsage? counted)
    {
        if (Failure is null)
        {
            Tap.WriteEnd(output, counted);
        }
        else
        {
            Tap.WriteError(output, FailureReport.OfBrokenStream(Failure).ToClient(requestId));
        }
    }
}
