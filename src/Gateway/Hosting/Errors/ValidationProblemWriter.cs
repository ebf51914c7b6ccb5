using System.Text.Json;

namespace AIHigress.Gateway.Hosting.Errors;

/// <summary>Gives the framework's own problems (annotations on request records that don't hold) the shape of all others.</summary>
internal sealed class ValidationProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is HttpValidationProblemDetails validation)
        {
            var errors = validation.Errors.ToDictionary(
                e => FieldPath(e.Key),
                e => (IReadOnlyList<FieldProblem>)[.. e.Value.Select(message => new FieldProblem("invalid", message))]);
            await ProblemWriter.WriteAsync(context.HttpContext, Problems.Validation(errors));
            return;
        }

        var status = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
        var code = context.ProblemDetails.Extensions.TryGetValue("code", out var given) && given is string text ? text : "refused";
        await ProblemWriter.WriteAsync(context.HttpContext, new ProblemException(status, code, context.ProblemDetails.Detail ?? "The request was refused."));
    }

    /// <summary>"Keys[0].MaxQps" → "keys[0].max_qps".</summary>
    private static string FieldPath(string key) => string.Join('.', key.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}
