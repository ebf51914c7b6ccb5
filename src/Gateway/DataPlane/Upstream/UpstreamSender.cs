using System.Buffers;
using System.Net.Sockets;
using AIHigress.Gateway.DataPlane.Adapters.OpenAI;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Sse;
using Microsoft.Security.AntiSSRF;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>
/// Stage 6, first half: one try on one candidate. Comes back with a whole checked answer, with a stream whose first
/// meaningful event is in hand, or with the reason why not; until then the client has seen nothing.
/// </summary>
internal sealed class UpstreamSender(UpstreamTransports transports, TimeProvider time)
{
    private const int MostErrorBytes = 64 * 1024;
    private const int MostAnswerBytes = 256 * 1024 * 1024;
    private const int MostHeldBytes = 1024 * 1024;

    public async Task<UpstreamReply> SendAsync(InboundCall call, UpstreamRoute upstream, ProviderKeyRoute? key, AttemptTimes times, AttemptClock clock)
    {
        var outbound = OpenAIChatAdapter.Prepare(call, upstream, key);
        HttpResponseMessage? response = null;
        var handedOver = false;
        try
        {
            clock.Arm(call.Stream ? times.FirstToken : times.PlainHeaders);
            response = await transports.For(upstream.Provider).SendAsync(outbound.Request, clock.Token);
            var reply = await ReadAsync(call, upstream.Provider, key, response, times, clock);
            handedOver = reply.Stream is not null;
            return reply;
        }
        catch (Exception e) when (Explain(e, clock, upstream.Provider, key) is { } failure)
        {
            return failure;
        }
        finally
        {
            outbound.Dispose();
            if (!handedOver)
            {
                response?.Dispose();
            }
        }
    }

    /// <summary>What an exception of the transport means; null for one that is not the transport's.</summary>
    public static AttemptFailure? Explain(Exception e, AttemptClock clock, ProviderRoute provider, ProviderKeyRoute? key) => e switch
    {
        OperationCanceledException when clock.ClientGone => new AttemptFailure(FailureKind.ClientGone, null, "The client left."),
        OperationCanceledException when clock.ServerEnding => new AttemptFailure(FailureKind.ServerEnding, null, "The server is stopping."),
        OperationCanceledException => new AttemptFailure(FailureKind.Timeout, null, "The upstream did not answer in time."),
        AntiSSRFException => new AttemptFailure(FailureKind.Network, null, "The upstream's address is private and not allowed."),
        HttpRequestException { InnerException: AntiSSRFException } => new AttemptFailure(FailureKind.Network, null, "The upstream's address is private and not allowed."),
        HttpRequestException or IOException or SocketException => new AttemptFailure(FailureKind.Network, null, Scrubber.Clean(e.Message, provider, key)),
        WireFormatException => new AttemptFailure(FailureKind.Malformed, 200, e.Message),
        _ => null,
    };

    private async ValueTask<UpstreamReply> ReadAsync(
        InboundCall call, ProviderRoute provider, ProviderKeyRoute? key, HttpResponseMessage response, AttemptTimes times, AttemptClock clock)
    {
        var status = (int)response.StatusCode;
        var source = await response.Content.ReadAsStreamAsync(clock.Token);
        if (status is < 200 or > 299)
        {
            clock.Arm(times.Idle);
            using var error = await ReadAllAsync(source, MostErrorBytes, cutOff: true, times.Idle, clock);
            return UpstreamVerdict.Of(status, error.Memory.Span, UpstreamVerdict.ReadRetryAfter(response.Headers, time), provider, key);
        }

        if (!call.Stream)
        {
            return await ReadPlainAsync(provider, key, response, source, times, clock);
        }

        return response.Content.Headers.ContentType?.MediaType is "text/event-stream"
            ? await OpenStreamAsync(call, provider, key, response, source, times, clock)
            : await RefuseOtherTypeAsync(provider, key, source, times, clock);
    }

    private static async ValueTask<UpstreamReply> ReadPlainAsync(
        ProviderRoute provider, ProviderKeyRoute? key, HttpResponseMessage response, Stream source, AttemptTimes times, AttemptClock clock)
    {
        var body = await ReadAllAsync(source, MostAnswerBytes, cutOff: false, times.Idle, clock);
        var text = new PooledBuffer();
        var answer = ChatCompletionReader.Read(body.Memory.Span, text);
        if (!answer.IsMalformed && !answer.IsError && !answer.IsEmpty)
        {
            return new PlainAnswer(body, answer.Usage, text, UpstreamHeaders.Of(response));
        }

        var failure = answer.IsError
            ? UpstreamVerdict.OfErrorInside(answer.ErrorStatus, body.Memory.Span, provider, key)
            : new AttemptFailure(FailureKind.Malformed, 200, "The upstream's answer is not a chat completion.");
        body.Dispose();
        text.Dispose();
        return failure;
    }

    // A stream was asked for and something else came: an error body, an HTML page.
    private static async ValueTask<UpstreamReply> RefuseOtherTypeAsync(
        ProviderRoute provider, ProviderKeyRoute? key, Stream source, AttemptTimes times, AttemptClock clock)
    {
        using var body = await ReadAllAsync(source, MostErrorBytes, cutOff: true, times.Idle, clock);
        var answer = ChatCompletionReader.Read(body.Memory.Span, null);
        return answer.IsError
            ? UpstreamVerdict.OfErrorInside(answer.ErrorStatus, body.Memory.Span, provider, key)
            : new AttemptFailure(FailureKind.Malformed, 200, "The upstream did not answer with server-sent events.");
    }

    private static async ValueTask<UpstreamReply> OpenStreamAsync(
        InboundCall call, ProviderRoute provider, ProviderKeyRoute? key, HttpResponseMessage response, Stream source, AttemptTimes times, AttemptClock clock)
    {
        var stream = new OpenedStream(response, source, new SseReader(), clock, new ChatStreamTap(call.WantsUsage), new PooledBuffer());
        AttemptFailure? failure;
        try
        {
            failure = await HoldUntilMeaningfulAsync(stream, source, provider, key);
        }
        catch
        {
            Release(stream);
            throw;
        }

        if (failure is null)
        {
            return stream;
        }

        Release(stream);
        return failure;
    }

    // The clock belongs to the caller until a stream is handed over.
    private static void Release(OpenedStream stream)
    {
        stream.Reader.Dispose();
        stream.Held.Dispose();
        stream.Tap.Dispose();
    }

    private static async ValueTask<AttemptFailure?> HoldUntilMeaningfulAsync(OpenedStream stream, Stream source, ProviderRoute provider, ProviderKeyRoute? key)
    {
        var reader = stream.Reader;
        var ended = false;
        while (true)
        {
            while (reader.TryRead(out var ev))
            {
                var (step, chunk) = stream.Tap.Inspect(ev);
                switch (step)
                {
                    case StreamStep.Error:
                        return UpstreamVerdict.OfErrorInside(chunk.ErrorStatus, ev.Data.Span, provider, key);
                    case StreamStep.Malformed:
                        return new AttemptFailure(FailureKind.Malformed, 200, "The upstream's stream is not a chat completion.");
                    case StreamStep.Done:
                        return new AttemptFailure(FailureKind.Malformed, 200, "The upstream's stream ended without an answer.");
                    case StreamStep.Pass when ev.IsComplete || chunk.IsMeaningful:
                        stream.Held.Write(ev.Raw.Span);
                        if (!ev.IsComplete)
                        {
                            stream.Held.Write("\n\n"u8);
                        }

                        break;
                }

                if (chunk.IsMeaningful)
                {
                    return null;
                }
            }

            if (ended || stream.Held.Length > MostHeldBytes)
            {
                return new AttemptFailure(FailureKind.Malformed, 200, "The upstream's stream ended without an answer.");
            }

            var read = await source.ReadAsync(reader.GetMemory(), stream.Clock.Token);
            ended = read == 0;
            if (ended)
            {
                reader.Complete();
            }
            else
            {
                reader.Advance(read);
            }
        }
    }

    private static async ValueTask<PooledBody> ReadAllAsync(Stream source, int limit, bool cutOff, TimeSpan idle, AttemptClock clock)
    {
        var buffer = new PooledBuffer();
        try
        {
            while (true)
            {
                clock.Arm(idle);
                var read = await source.ReadAsync(buffer.GetMemory(4096), clock.Token);
                if (read == 0 || (cutOff && buffer.Length + read >= limit))
                {
                    buffer.Advance(read);
                    return buffer.Detach();
                }

                buffer.Advance(read);
                if (buffer.Length > limit)
                {
                    throw new WireFormatException("invalid_event", "The upstream's answer is too large.");
                }
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
