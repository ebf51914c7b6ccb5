using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;

namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>Reads a request body into one pooled array, decompressed, up to a limit that counts decompressed bytes.</summary>
internal static class BodyReader
{
    private const int FirstRent = 16 * 1024;

    /// <exception cref="GatewayErrorException">413, 415, or 400 for a body that can't be decompressed or was cut off.</exception>
    public static async ValueTask<PooledBody> ReadAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        RequireJson(request.ContentType);
        // Kestrel's own limit would answer without a body of ours and is smaller than ours may be.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = null;
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            if (request.ContentLength > limit)
            {
                throw TooLarge(limit);
            }

            return await ReadStreamAsync(request.Body, (int?)request.ContentLength, limit, cancellationToken);
        }

        await using var decompressed = Decompress(request.Body, encoding);
        try
        {
            return await ReadStreamAsync(decompressed, null, limit, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            // GZipStream throws the one, BrotliStream the other.
            throw new GatewayErrorException(GatewayError.Invalid($"The body is not valid {encoding} data."));
        }
    }

    private static Stream Decompress(Stream body, string encoding) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        _ => throw new GatewayErrorException(new GatewayError(
            415, "unsupported_media_type", "The Content-Encoding is not supported. Send the body plain, or as gzip or br.")),
    };

    private static async ValueTask<PooledBody> ReadStreamAsync(Stream stream, int? expected, long limit, CancellationToken cancellationToken)
    {
        // One byte more than expected: the read that finds the end needs room.
        var array = ArrayPool<byte>.Shared.Rent(expected + 1 ?? FirstRent);
        var length = 0;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(array.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                if (length > limit)
                {
                    throw TooLarge(limit);
                }

                if (length == array.Length)
                {
                    array = Grow(array, length);
                }
            }

            return new PooledBody(array, length);
        }
        catch (BadHttpRequestException e)
        {
            ArrayPool<byte>.Shared.Return(array);
            throw new GatewayErrorException(GatewayError.Invalid($"The body could not be read: {e.Message}"));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(array);
            throw;
        }
    }

    private static byte[] Grow(byte[] array, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(array.Length * 2));
        array.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        return larger;
    }

    private static void RequireJson(string? contentType)
    {
        var media = contentType.AsSpan();
        var semicolon = media.IndexOf(';');
        var parameters = semicolon < 0 ? default : media[(semicolon + 1)..].Trim();
        media = (semicolon < 0 ? media : media[..semicolon]).Trim();
        var isJson = media.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (media.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && media.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
        var isUtf8 = !parameters.StartsWith("charset", StringComparison.OrdinalIgnoreCase)
            || parameters.Contains("utf-8", StringComparison.OrdinalIgnoreCase)
            || parameters.Contains("utf8", StringComparison.OrdinalIgnoreCase);
        if (!isJson || !isUtf8)
        {
            throw new GatewayErrorException(new GatewayError(
                415, "unsupported_media_type", "Send the body as JSON in UTF-8, with the header 'Content-Type: application/json'."));
        }
    }

    private static GatewayErrorException TooLarge(long limit) =>
        new(new GatewayError(413, "body_too_large", $"The body is larger than {limit / (1024 * 1024)} MiB. Send less, or have the operator raise MAX_REQUEST_BODY_MIB."));
}
