using System.Buffers;
using AIHigress.Wire.OpenAI.Responses.Stored;
using Microsoft.AspNetCore.Http.Features;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>
/// The request that a background run is for the pipeline: the client's, without its <c>background</c>, streamed, from a caller that is known
/// already, answered into the run's events. It ends when the run is stopped, not when the client leaves.
/// </summary>
internal static class RunContext
{
    // The body is in clear, complete and ours; who asks is known.
    private static readonly HashSet<string> NotCopied = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "x-api-key", "x-goog-api-key", "Cookie", "Content-Length", "Content-Encoding", "Content-Type", "Transfer-Encoding", "Accept", "Connection", "Host", "Expect",
    };

    public static DefaultHttpContext Make(ResponseRun run, IHeaderDictionary headers, RunOutput output, IServiceProvider services)
    {
        var features = new FeatureCollection();
        var body = new ArrayBufferWriter<byte>(run.Body.Length);
        ObjectRewrite.Write(run.Body, new Dictionary<string, string?> { ["background"] = null, ["stream"] = "true" }, body);
        var request = new HttpRequestFeature { Method = "POST", Path = "/v1/responses", Body = new MemoryStream(body.WrittenSpan.ToArray(), writable: false) };
        foreach (var (name, value) in headers.Where(h => !NotCopied.Contains(h.Key)))
        {
            request.Headers[name] = value;
        }

        request.Headers.ContentType = "application/json";
        request.Headers.ContentLength = body.WrittenCount;
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(new RunResponse(output));
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(output));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = run.Stopped });
        features.Set(run);
        return new DefaultHttpContext(features) { RequestServices = services };
    }

    /// <summary>Tells the headers of an answer of which something was written.</summary>
    private sealed class RunResponse(RunOutput output) : HttpResponseFeature
    {
        public override bool HasStarted => output.HasStarted;
    }
}
