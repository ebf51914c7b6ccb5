using System.Text.Json;
using System.Text.RegularExpressions;

namespace AIHigress.Gateway.Hosting.Errors;

/// <summary>
/// Says in the API's own terms why a request could not be read. The framework tells the cause only in its English
/// texts, so those are looked at here and nowhere else; an unknown text still names the field.
/// </summary>
internal static partial class BadRequests
{
    public static ProblemException Translate(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge(ManagementRequests.MaxBodyBytes),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType(),
        _ when exception.InnerException is JsonException json => Json(json),
        _ => Parameter(exception),
    };

    public static ProblemException BodyTooLarge(long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"The body may have at most {limit} bytes.")
        {
            Params = new Dictionary<string, object?> { ["max_bytes"] = limit },
        };

    public static ProblemException UnsupportedMediaType() =>
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send the body as JSON, with 'Content-Type: application/json'.");

    private static ProblemException Json(JsonException exception)
    {
        if (exception.InnerException is JsonException)
        {
            // The reader's own exception is inside: the text is no JSON at all.
            return new ProblemException(StatusCodes.Status400BadRequest, "invalid_json", "The body is not valid JSON.")
            {
                Params = new Dictionary<string, object?> { ["line"] = exception.LineNumber + 1, ["column"] = exception.BytePositionInLine + 1 },
            };
        }

        var path = FieldPath(exception.Path);
        if (MissingProperties().Match(exception.Message) is { Success: true } missing)
        {
            var names = QuotedName().Matches(missing.Groups[1].Value).Select(m => path.Length == 0 ? m.Groups[1].Value : $"{path}.{m.Groups[1].Value}");
            return Problems.Validation(names.ToDictionary(n => n, _ => Faults("required", "is required")));
        }

        if (UnmappedProperty().Match(exception.Message) is { Success: true } unmapped)
        {
            return Problems.Field(Join(path, unmapped.Groups[1].Value), "unknown_field", "there is no such field");
        }

        if (DuplicateProperty().Match(exception.Message) is { Success: true } duplicate)
        {
            return Problems.Field(Join(path, duplicate.Groups[1].Value), "duplicate_field", "is given more than once");
        }

        return exception.Message.Contains("null", StringComparison.Ordinal) && exception.Message.Contains("allow", StringComparison.Ordinal)
            ? Problems.Field(NullField(path, exception.Message), "required", "must not be null")
            : Problems.Field(path.Length == 0 ? "body" : path, "wrong_type", "has the wrong type or a value that is not allowed");
    }

    private static ProblemException Parameter(BadHttpRequestException exception)
    {
        if (FailedParameter().Match(exception.Message) is { Success: true } failed)
        {
            return Problems.Field(Snake(failed.Groups[1].Value), "wrong_type", "has the wrong type or a value that is not allowed");
        }

        if (MissingParameter().Match(exception.Message) is { Success: true } missing && !exception.Message.Contains("body", StringComparison.Ordinal))
        {
            return Problems.Field(Snake(missing.Groups[1].Value), "required", "is required");
        }

        return new ProblemException(
            StatusCodes.Status400BadRequest, "invalid_json", "A JSON body is needed and could not be read.");
    }

    private static IReadOnlyList<FieldProblem> Faults(string code, string message) => [new(code, message)];

    /// <summary>"$.keys[0].label" → "keys[0].label".</summary>
    private static string FieldPath(string? path) => path is null or "$" ? "" : path.TrimStart('$').TrimStart('.');

    /// <summary>The reader may or may not have put the last name into the path already.</summary>
    private static string Join(string path, string name) =>
        path == name || path.EndsWith("." + name, StringComparison.Ordinal) ? path : path.Length == 0 ? name : $"{path}.{name}";

    private static string NullField(string path, string message) =>
        path.Length > 0 ? path : QuotedName().Match(message) is { Success: true } name ? name.Groups[1].Value : "body";

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    [GeneratedRegex("missing required properties including: (?<names>.*)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MissingProperties();

    [GeneratedRegex("'(?<name>[^']*)'", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex QuotedName();

    [GeneratedRegex("JSON property '(?<name>[^']*)' could not be mapped", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UnmappedProperty();

    [GeneratedRegex("Duplicate property '(?<name>[^']*)'", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DuplicateProperty();

    [GeneratedRegex("""Failed to bind parameter "[^"]* (?<name>[^" ]+)" from""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex FailedParameter();

    [GeneratedRegex("""Required parameter "[^"]* (?<name>[^" ]+)" was not provided""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MissingParameter();
}
