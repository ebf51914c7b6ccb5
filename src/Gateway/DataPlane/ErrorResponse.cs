using System.Buffers;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.DataPlane;

/// <summary>Writes a <see cref="GatewayError"/> in the client protocol's shape.</summary>
internal static class ErrorResponse
{
    public static async Task WriteAsync(HttpResponse response, GatewayError error)
    {
        if (response.HasStarted)
        {
            return;
        }

        var body = new ArrayBufferWriter<byte>(512);
        var requestId = Guid.TryParse(response.Headers["X-Request-Id"], out var id) ? id : default(Guid?);
        Codecs.Of(ClientEndpoint.ProtocolOf(response.HttpContext.Request)).WriteError(error.ToClient(requestId), body);
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString();
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (error.Allow is { } allow)
        {
            response.Headers.Allow = allow;
        }

        await response.Body.WriteAsync(body.WrittenMemory);
    }
}
