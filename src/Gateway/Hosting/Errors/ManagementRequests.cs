using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace AIHigress.Gateway.Hosting.Errors;

/// <summary>What holds for every request under /api: a bound on the body, headers, and a problem where the framework answers with a bare status.</summary>
internal static class ManagementRequests
{
    public const long MaxBodyBytes = 1024 * 1024;

    public static bool IsManagement(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    public static async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        Web.SecurityHeaders.ApplyToApi(context.Response);
        try
        {
            await RunAsync(context, next);
        }
        catch (Exception e) when (e is ProblemException or BadHttpRequestException && !context.Response.HasStarted)
        {
            // Answered here and not by the framework's handler, which takes away the ETag that a 412 must carry.
            await ProblemWriter.WriteAsync(context, e as ProblemException ?? BadRequests.Translate((BadHttpRequestException)e));
        }
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? MaxBodyBytes;
        if (context.Request.ContentLength > limit)
        {
            throw BadRequests.BodyTooLarge(limit);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        await next(context);

        var response = context.Response;
        if (!response.HasStarted && response.StatusCode >= 400 && response.ContentType is null && response.ContentLength is null or 0)
        {
            await ProblemWriter.WriteAsync(context, ForStatus(response.StatusCode));
        }
    }

    private static ProblemException ForStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Problems.Unauthenticated(),
        StatusCodes.Status403Forbidden => new ProblemException(status, "forbidden", "You may not do this."),
        StatusCodes.Status404NotFound => Problems.NotFound(),
        StatusCodes.Status405MethodNotAllowed => new ProblemException(status, "method_not_allowed", "This address does not take this method; the Allow header lists those it takes."),
        StatusCodes.Status413PayloadTooLarge => BadRequests.BodyTooLarge(MaxBodyBytes),
        StatusCodes.Status415UnsupportedMediaType => BadRequests.UnsupportedMediaType(),
        StatusCodes.Status400BadRequest => new ProblemException(status, "validation_failed", "The request could not be read."),
        _ => new ProblemException(status, status >= 500 ? "unavailable" : "refused", "The request was refused."),
    };
}
