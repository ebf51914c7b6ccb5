using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane;

/// <summary>The headers of every answer (data-plane.md §1).</summary>
internal static class AnswerHeaders
{
    /// <summary>Our request id, and the client's own if it is fit to echo.</summary>
    public static void AddIds(HttpContext context, ExchangeLog log)
    {
        var response = context.Response.Headers;
        response["X-Request-Id"] = log.RequestId.ToString();
        log.App = ClientIdentity.App(context.Request.Headers);
        log.ClientRequestId = ClientIdentity.RequestId(context.Request.Headers);
        if (log.ClientRequestId is not null)
        {
            response["X-Client-Request-Id"] = log.ClientRequestId;
        }
    }

    public static void AddServed(HttpContext context, ExchangeLog log, UpstreamHeaders upstream, DataPlaneOptions options)
    {
        var served = log.Served!.Upstream;
        var headers = context.Response.Headers;
        headers["X-Served-By"] = Ascii($"{served.Provider.Id}/{served.Model}");
        AddAttempts(context, log.Attempts);
        AddDropped(headers, log, served.Provider);
        upstream.AddTo(headers, options.PassRateLimitHeaders);
    }

    public static void AddAttempts(HttpContext context, int attempts)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.Headers["X-Attempts"] = attempts.ToString();
        }
    }

    public static void AddStream(HttpResponse response, string contentType)
    {
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private static void AddDropped(IHeaderDictionary headers, ExchangeLog log, ProviderRoute provider)
    {
        var dropped = log.Call!.LossesTo(UpstreamAdapters.Of(provider).Protocol).Dropped;
        if (dropped.Count > 0)
        {
            headers["X-Dropped-Params"] = string.Join(',', dropped);
        }
    }

    // Model ids may hold any text; a header may not.
    private static string Ascii(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
        ? text
        : string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
