using System.Text;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.Security.AntiSSRF;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>Checks proxies and reads their lists, over the same connections as client traffic.</summary>
internal sealed class ProxyClient(UpstreamTransports transports, TargetGuard guard, ProxyTrust trust, TimeProvider time) : IProxyClient
{
    private const int MostListBytes = 1024 * 1024;
    private static readonly TimeSpan ListTime = TimeSpan.FromSeconds(15);

    public async Task<ProxyCheck> CheckAsync(ProxyRoute proxy, Uri address, HttpMethod method, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(timeout);
        var dialer = new ProxyDialer(proxy, isOpen: false, timeout, guard, trust, static (_, _) => { });
        using var invoker = new HttpMessageInvoker(ProxiedHandlers.CreateOver(dialer, new HandlerClass(proxy, false, timeout, Forwards: false), static (_, _) => { }));
        using var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation("User-Agent", "aihigress");
        try
        {
            using var response = await invoker.SendAsync(request, timer.Token);
            var status = (int)response.StatusCode;
            return new ProxyCheck(status < 500, Ms(started), status < 500 ? null : $"The check address answered {status}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProxyCheck(false, Ms(started), "There was no answer in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ProxyCheck(false, Ms(started), ProxyConnectException.Of(e)?.Message ?? Describe(e));
        }
    }

    public async Task<string> ReadListAsync(Uri address, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(ListTime);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await transports.Named.SendAsync(request, timer.Token);
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, timer.Token)
                : throw new ProxyListException($"The list's server answered {(int)response.StatusCode}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProxyListException("The list did not come in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or AntiSSRFException)
        {
            throw new ProxyListException(Describe(e));
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new PooledBuffer();
        int read;
        while ((read = await stream.ReadAsync(buffer.GetMemory(4096), cancellationToken)) > 0)
        {
            buffer.Advance(read);
            if (buffer.Length > MostListBytes)
            {
                throw new ProxyListException("The list is larger than 1 MiB.");
            }
        }

        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    // The texts of the transport name hosts; these say as much without them.
    private static string Describe(Exception e) => e switch
    {
        AntiSSRFException or { InnerException: AntiSSRFException } => "The address is private and not allowed.",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "The name has no address.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "The TLS connection failed.",
        { InnerException: HttpRequestException inner } => Describe(inner),
        HttpRequestException h when h.Message.Contains("private", StringComparison.Ordinal) => "The address is private and not allowed.",
        _ => "The connection failed.",
    };

    private int Ms(long started) => (int)time.GetElapsedTime(started).TotalMilliseconds;
}
