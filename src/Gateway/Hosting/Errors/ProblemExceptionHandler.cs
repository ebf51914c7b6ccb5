using Microsoft.AspNetCore.Diagnostics;

namespace AIHigress.Gateway.Hosting.Errors;

/// <summary>The edge where exceptions of a request become answers. What nobody expected is logged once and told without detail.</summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client left; nobody reads an answer, and nothing went wrong here.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await ProblemWriter.WriteAsync(httpContext, Translate(httpContext, exception));
        return true;
    }

    private ProblemException Translate(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case ProblemException problem:
                return problem;
            case BadHttpRequestException bad:
                return BadRequests.Translate(bad);
            default:
                RequestFailed(context.Request.Method, context.Request.Path, exception);
                return new ProblemException(
                    StatusCodes.Status500InternalServerError, "internal_error", "Something went wrong in the server; the log has the details under this traceId.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void RequestFailed(string method, string path, Exception exception);
}
