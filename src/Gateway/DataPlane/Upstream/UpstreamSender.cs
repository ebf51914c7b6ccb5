using System.Buffers;
using System.Net.Sockets;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Conversion;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Upstream.Proxies;
using AIHigress.Gateway.DataPlane.Upstream.Taps;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using Microsoft.Security.AntiSSRF;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>
/// Stage 6, first half: one try on one candidate. Comes back with a whole checked answer, with a stream whose first
/// meaningful event is in hand, or with the reason why not; until then the client has seen nothing.
/// </summary>
internal sealed class UpstreamSender(UpstreamTransports transports, CallConverter converter, TimeProvider time)
{
    private const int MostErrorBytes = 64 * 1024;
    private const int MostAnswerBytes = 256 * 1024 * 1024;

    private readonly StreamOpener _opener = new(time);

    public Task<UpstreamReply> SendAsync(
        InboundCall call, UpstreamRoute upstream, ProviderKeyRoute? key, AttemptTimes times, AttemptClock clock, Guid requestId) =>
        SendAsync(new AttemptOrder(call, upstream, key, times, clock, requestId));

    public async Task<UpstreamReply> SendAsync(AttemptOrder order)
    {
        var (call, upstream, key, times, clock, requestId) = order;
        var adapter = UpstreamAdapters.Of(upstream.Provider);
        var converted = order.Continues is { } begun
            ? await converter.ContinueAsync(call, adapter, upstream.Provider, begun.Prefix, requestId, clock.Token)
            : await converter.ConvertAsync(call, adapter, upstream.Provider, requestId, clock.Token);
        var outbound = adapter.Prepare(call, converted?.Request, upstream, key);
        HttpResponseMessage? response = null;
        var handedOver = false;
        try
        {
            clock.Arm(call.Stream ? times.FirstToken : times.PlainHeaders);
            response = await transports.SendAsync(upstream.Provider, outbound.Request, clock.Token);
            var reply = await ReadAsync(new Attempted(order, adapter, converted?.Context, response));
            handedOver = reply.Stream is not null;
            return reply with { Proxy = outbound.Request.Proxy };
        }
        catch (Exception e) when (Explain(e, clock, upstream.Provider, key) is { } failure)
        {
            return new UpstreamReply(null, null, failure) { Proxy = outbound.Request.Proxy };
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

    /// <summary>The upstream's own count of a request's tokens; null when it gives none.</summary>
    public async Task<long?> CountAsync(InboundCall call, UpstreamRoute upstream, ProviderKeyRoute? key, AttemptTimes times, AttemptClock clock)
    {
        var adapter = UpstreamAdapters.Of(upstream.Provider);
        var converted = await converter.ConvertAsync(call, adapter, upstream.Provider, Guid.Empty, clock.Token);
        using var outbound = adapter.Prepare(call, converted?.Request, upstream, key);
        try
        {
            clock.Arm(times.FirstToken);
            using var response = await transports.SendAsync(upstream.Provider, outbound.Request, clock.Token);
            var source = await response.Content.ReadAsStreamAsync(clock.Token);
            using var body = await ReadAllAsync(source, MostErrorBytes, cutOff: true, times.Idle, clock);
            return response.IsSuccessStatusCode ? adapter.ReadCount(body.Memory) : null;
        }
        catch (Exception e) when (!clock.ClientGone && Explain(e, clock, upstream.Provider, key) is not null)
        {
            return null;
        }
    }

    /// <summary>What an exception of the transport means; null for one that is not the transport's.</summary>
    public static AttemptFailure? Explain(Exception e, AttemptClock clock, ProviderRoute provider, ProviderKeyRoute? key) => e switch
    {
        OperationCanceledException when clock.IsOvertaken => new AttemptFailure(FailureKind.Overtaken, null, "Another attempt spoke first."),
        OperationCanceledException when clock.ClientGone => new AttemptFailure(FailureKind.ClientGone, null, "The client left."),
        OperationCanceledException when clock.ServerEnding => new AttemptFailure(FailureKind.ServerEnding, null, "The server is stopping."),
        OperationCanceledException => new AttemptFailure(FailureKind.Timeout, null, "The upstream did not answer in time.")
        {
            // Not our clock: the transport's own time to connect.
            IsSure = !clock.Token.IsCancellationRequested,
        },
        _ when ProxyConnectException.Of(e) is { } p =>
            new AttemptFailure(p.IsProxysFault ? FailureKind.Proxy : FailureKind.Network, null, p.Message) { IsSure = !p.IsProxysFault },
        AntiSSRFException or HttpRequestException { InnerException: AntiSSRFException } =>
            new AttemptFailure(FailureKind.Network, null, "The upstream's address is private and not allowed.") { IsSure = true },
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        } => new AttemptFailure(FailureKind.Network, null, Scrubber.Clean(e.Message, provider, key)) { IsSure = true },
        HttpRequestException or IOException or SocketException => new AttemptFailure(FailureKind.Network, null, Scrubber.Clean(e.Message, provider, key)),
        WireFormatException => new AttemptFailure(FailureKind.Malformed, 200, e.Message),
        _ => null,
    };

    private async ValueTask<UpstreamReply> ReadAsync(Attempted attempt)
    {
        var (response, times, clock) = (attempt.Response, attempt.Order.Times, attempt.Order.Clock);
        var status = (int)response.StatusCode;
        var source = await response.Content.ReadAsStreamAsync(clock.Token);
        if (status is < 200 or > 299)
        {
            clock.Arm(times.Idle);
            using var error = await ReadAllAsync(source, MostErrorBytes, cutOff: true, times.Idle, clock);
            return UpstreamVerdict.Of(
                status, error.Memory.Span, attempt.Adapter, UpstreamVerdict.ReadRetryAfter(response.Headers, time), attempt.Order.Upstream.Provider, attempt.Order.Key);
        }

        if (!attempt.Order.Call.Stream)
        {
            return await ReadPlainAsync(attempt, source);
        }

        return response.Content.Headers.ContentType?.MediaType is "text/event-stream"
            ? await _opener.OpenAsync(attempt.Order, NewTap(attempt), response, source)
            : await RefuseOtherTypeAsync(attempt, source);
    }

    private StreamTap NewTap(Attempted attempt)
    {
        var (call, adapter) = (attempt.Order.Call, attempt.Adapter);
        if (attempt.Order.Continues is { } begun)
        {
            begun.GoOn();
            return new ContinuedStreamTap(adapter.Codec.NewDecoder(), begun);
        }

        return attempt.Order.MayBeContinued && !ContinuedAnswer.MustStayAsItIs(call, adapter)
            ? ContinuedStreamTap.Begin(call, adapter, attempt.Context ?? converter.ContextOf(call, call.Decoded, attempt.Order.Upstream.Provider, attempt.Order.RequestId))
            : StreamTaps.Of(call, adapter, attempt.Context);
    }

    private static async ValueTask<UpstreamReply> ReadPlainAsync(Attempted attempt, Stream source)
    {
        var body = await ReadAllAsync(source, MostAnswerBytes, cutOff: false, attempt.Order.Times.Idle, attempt.Order.Clock);
        var read = PlainReader.Read(attempt.Order.Call, attempt.Adapter, attempt.Context, body, UpstreamHeaders.Of(attempt.Response));
        return read.Answer is { } answer ? answer
            : read.Error is { } error ? UpstreamVerdict.OfErrorInside(error, attempt.Order.Upstream.Provider, attempt.Order.Key)
            : new AttemptFailure(FailureKind.Malformed, 200, "The upstream's answer is not one of its protocol.");
    }

    // A stream was asked for and something else came: an error body, an HTML page.
    private static async ValueTask<UpstreamReply> RefuseOtherTypeAsync(Attempted attempt, Stream source)
    {
        using var body = await ReadAllAsync(source, MostErrorBytes, cutOff: true, attempt.Order.Times.Idle, attempt.Order.Clock);
        var error = attempt.Adapter.Codec.ReadError(body.Memory.Span);
        return error is not null
            ? UpstreamVerdict.OfErrorInside(error, attempt.Order.Upstream.Provider, attempt.Order.Key)
            : new AttemptFailure(FailureKind.Malformed, 200, "The upstream did not answer with server-sent events.");
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

    /// <summary>One attempt whose upstream has answered with headers.</summary>
    private sealed record Attempted(AttemptOrder Order, UpstreamAdapter Adapter, AnswerContext? Context, HttpResponseMessage Response);
}
