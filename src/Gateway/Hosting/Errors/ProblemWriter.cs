using System.Diagnostics;
using System.Text.Json;
using AIHigress.Gateway.Hosting.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace AIHigress.Gateway.Hosting.Errors;

/// <summary>Writes a problem as application/problem+json (RFC 9457) in the shape of control-plane.md §1.</summary>
internal static class ProblemWriter
{
    private const string ContentType = "application/problem+json";

    public static async Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        SecurityHeaders.ApplyToApi(response);
        if (problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (problem.ETag is { } tag)
        {
            response.Headers.ETag = tag;
        }

        if (problem.Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        await using var json = new Utf8JsonWriter(response.BodyWriter);
        Write(json, context, problem);
    }

    private static void Write(Utf8JsonWriter json, HttpContext context, ProblemException problem)
    {
        json.WriteStartObject();
        json.WriteString("type", "/problems/" + problem.Code);
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(problem.Status));
        json.WriteNumber("status", problem.Status);
        json.WriteString("detail", problem.Message);
        json.WriteString("instance", context.Request.Path.Value);
        json.WriteString("code", problem.Code);
        json.WriteString("traceId", Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier);
        if (problem.Errors is { Count: > 0 } errors)
        {
            json.WriteStartObject("errors");
            foreach (var (path, faults) in errors)
            {
                json.WriteStartArray(path);
                foreach (var fault in faults)
                {
                    WriteFault(json, fault);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        if (problem.Params is { Count: > 0 } parameters)
        {
            WriteParams(json, parameters);
        }

        json.WriteEndObject();
    }

    private static void WriteFault(Utf8JsonWriter json, FieldProblem fault)
    {
        json.WriteStartObject();
        json.WriteString("code", fault.Code);
        if (fault.Params is { Count: > 0 } parameters)
        {
            WriteParams(json, parameters);
        }

        json.WriteString("message", fault.Message);
        json.WriteEndObject();
    }

    private static void WriteParams(Utf8JsonWriter json, IReadOnlyDictionary<string, object?> parameters)
    {
        json.WritePropertyName("params");
        JsonSerializer.Serialize(json, parameters, JsonSetup.Management);
    }
}
