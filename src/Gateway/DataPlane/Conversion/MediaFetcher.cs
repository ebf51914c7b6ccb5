using System.Net;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Conversion;

/// <summary>
/// Fetches images and files that a request names by URL, for upstreams that take bytes only. Every fetch goes through the guard against private
/// addresses, whoever asks; redirects are not followed.
/// </summary>
/// <param name="guarded">Refuses private addresses, and follows no redirect.</param>
/// <param name="time">Times the fetches.</param>
internal sealed class MediaFetcher(HttpMessageInvoker guarded, TimeProvider time)
{
    private const int MostBytes = 20 * 1024 * 1024;
    private const int MostFetches = 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    public async ValueTask<ModelRequest> ResolveAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        var urls = request.Messages.SelectMany(m => Urls(m.Parts)).Distinct(StringComparer.Ordinal).ToArray();
        if (urls.Length == 0)
        {
            return request;
        }

        if (urls.Length > MostFetches)
        {
            throw Refused($"A request may name at most {MostFetches} images and files by URL.");
        }

        var fetched = new Dictionary<string, MediaSource>(StringComparer.Ordinal);
        foreach (var url in urls)
        {
            fetched[url] = await FetchAsync(url, cancellationToken);
        }

        return request with { Messages = [.. request.Messages.Select(m => m with { Parts = Replace(m.Parts, fetched) })] };
    }

    private static IEnumerable<string> Urls(IReadOnlyList<Part> parts) => parts.SelectMany(part => part switch
    {
        ToolResultPart result => Urls(result.Content),
        _ => SourceOf(part)?.Url is { } url ? [url] : Enumerable.Empty<string>(),
    });

    private static MediaSource? SourceOf(Part part) => part switch
    {
        ImagePart p => p.Source,
        AudioPart p => p.Source,
        VideoPart p => p.Source,
        FilePart p => p.Source,
        _ => null,
    };

    private static IReadOnlyList<Part> Replace(IReadOnlyList<Part> parts, Dictionary<string, MediaSource> fetched) => [.. parts.Select(part => part switch
    {
        ImagePart { Source.Url: { } url } p => p with { Source = RequireImage(fetched[url], url) },
        AudioPart { Source.Url: { } url } p => p with { Source = fetched[url] },
        VideoPart { Source.Url: { } url } p => p with { Source = fetched[url] },
        FilePart { Source.Url: { } url } p => p with { Source = fetched[url] with { MediaType = p.Source.MediaType ?? fetched[url].MediaType } },
        ToolResultPart p => p with { Content = Replace(p.Content, fetched) },
        _ => part,
    })];

    private async Task<MediaSource> FetchAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw Refused("An image or file URL is not an http or https address.");
        }

        using var timeout = new CancellationTokenSource(MostTime, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var response = await guarded.SendAsync(request, limit.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Refused($"Fetching an image or file of {uri.Host} was answered with status {(int)response.StatusCode}.");
            }

            return await ReadAsync(uri, response, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refused($"Fetching an image or file of {uri.Host} took longer than {MostTime.TotalSeconds} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or Microsoft.Security.AntiSSRF.AntiSSRFException)
        {
            throw Refused($"An image or file of {uri.Host} could not be fetched: no connection, or an address that is not allowed.");
        }
    }

    private static async Task<MediaSource> ReadAsync(Uri uri, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        if (!IsMedia(type))
        {
            throw Refused($"What {uri.Host} sent is neither an image, sound, video nor document.");
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new PooledBuffer();
        int read;
        while ((read = await stream.ReadAsync(buffer.GetMemory(16 * 1024), cancellationToken)) > 0)
        {
            buffer.Advance(read);
            if (buffer.Length > MostBytes)
            {
                throw Refused($"An image or file of {uri.Host} is larger than {MostBytes / (1024 * 1024)} MiB.");
            }
        }

        return new MediaSource { MediaType = type, Data = Convert.ToBase64String(buffer.Written.Span) };
    }

    // A page that says why there is no picture is none.
    private static MediaSource RequireImage(MediaSource source, string url) => source.MediaType!.StartsWith("image/", StringComparison.Ordinal)
        ? source
        : throw Refused($"What {new Uri(url).Host} sent for an image is {source.MediaType}.");

    private static bool IsMedia(string type) =>
        type.StartsWith("image/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal)
        || type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("text/", StringComparison.Ordinal) || type == "application/pdf";

    private static GatewayErrorException Refused(string message) =>
        new(GatewayError.Invalid($"{message} Send the data itself, or another URL."));
}
