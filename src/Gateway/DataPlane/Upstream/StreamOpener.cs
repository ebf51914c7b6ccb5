using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Upstream.Taps;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>Holds a stream until its first meaningful event, and (where a model asks for it) until it has shown its speed.</summary>
internal sealed class StreamOpener(TimeProvider time)
{
    private const int MostHeldBytes = 1024 * 1024;
    private const int MostWatchedCharacters = 256;
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromMilliseconds(500);

    private static readonly AttemptFailure EndedWithoutAnswer = new(FailureKind.Malformed, 200, "The upstream's stream ended without an answer.");
    private static readonly AttemptFailure NotItsProtocol = new(FailureKind.Malformed, 200, "The upstream's stream is not one of its protocol.");
    private static readonly AttemptFailure EndedEarly = new(FailureKind.Network, 200, "The upstream's stream ended in the middle of the answer.");

    /// <param name="order">The attempt.</param>
    /// <param name="tap">Reads the stream; disposed here when it fails.</param>
    /// <param name="response">Belongs to the caller until a stream is handed over, as the clock does.</param>
    /// <param name="source">The response's body.</param>
    public async ValueTask<UpstreamReply> OpenAsync(AttemptOrder order, StreamTap tap, HttpResponseMessage response, Stream source)
    {
        var stream = new OpenedStream(response, source, new SseReader(), order.Clock, tap, new PooledBuffer());
        AttemptFailure? failure;
        try
        {
            failure = await HoldUntilMeaningfulAsync(stream, order.Upstream.Provider, order.Key);
            if (failure is null && order.MinCharsPerSecond is { } slowest && !stream.IsDone)
            {
                failure = await WatchSpeedAsync(stream, order, slowest);
            }
        }
        catch
        {
            stream.Release();
            throw;
        }

        if (failure is null)
        {
            return stream;
        }

        stream.Release();
        return failure;
    }

    private static async ValueTask<AttemptFailure?> HoldUntilMeaningfulAsync(OpenedStream stream, ProviderRoute provider, ProviderKeyRoute? key)
    {
        var ended = false;
        while (true)
        {
            while (stream.Reader.TryRead(out var ev))
            {
                var passed = stream.Tap.Pass(ev, stream.Held);
                stream.IsDone = passed.Step == DecodeStep.Done;
                switch (passed.Step)
                {
                    case DecodeStep.Error:
                        return UpstreamVerdict.OfErrorInside(passed.Error, provider, key);
                    case DecodeStep.Malformed:
                        return NotItsProtocol;
                    case DecodeStep.Done when !passed.IsMeaningful:
                        return EndedWithoutAnswer;
                }

                if (passed.IsMeaningful)
                {
                    return null;
                }
            }

            if (ended || stream.Held.Length > MostHeldBytes)
            {
                // Blocked, or over before a word: that is an answer, too.
                return ended && stream.Tap.Finished ? null : EndedWithoutAnswer;
            }

            ended = !await stream.ReadOnAsync();
        }
    }

    /// <summary>
    /// The speed is what came since the first output, over the time since then. Enough is enough after half a second; what has not
    /// shown it after 256 characters or 5 s is too slow. The stream stays open: a slow answer is better than none.
    /// </summary>
    private async ValueTask<AttemptFailure?> WatchSpeedAsync(OpenedStream stream, AttemptOrder order, double slowest)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (ReadEvents(stream, order) is { } failure)
            {
                return failure;
            }

            var elapsed = time.GetElapsedTime(started);
            var characters = CountCharacters(stream.Tap.Text.Span);
            if (stream.IsDone || stream.Tap.Finished || stream.Held.Length > MostHeldBytes)
            {
                return null;
            }

            var isOver = elapsed >= LongestWatch || characters >= MostWatchedCharacters;
            if (isOver || elapsed >= ShortestWatch)
            {
                var isFast = characters >= slowest * elapsed.TotalSeconds;
                if (isFast || isOver)
                {
                    stream.IsTooSlow = !isFast;
                    return null;
                }
            }

            if (await stream.ReadWithinAsync(LongestWatch - elapsed, order.Times.Idle, time) == false)
            {
                // Whatever the end left in the reader is looked at once more.
                return ReadEvents(stream, order) ?? (stream.IsDone || stream.Tap.Finished ? null : EndedEarly);
            }
        }
    }

    private static AttemptFailure? ReadEvents(OpenedStream stream, AttemptOrder order)
    {
        while (!stream.IsDone && !stream.IsReading && stream.Reader.TryRead(out var ev))
        {
            var passed = stream.Tap.Pass(ev, stream.Held);
            stream.IsDone = passed.Step == DecodeStep.Done;
            if (passed.Step == DecodeStep.Error)
            {
                return UpstreamVerdict.OfErrorInside(passed.Error, order.Upstream.Provider, order.Key);
            }

            if (passed.Step == DecodeStep.Malformed)
            {
                return NotItsProtocol;
            }
        }

        return null;
    }

    // Bytes that do not continue a character.
    private static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
        {
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}
