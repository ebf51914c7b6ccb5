namespace AIHigress.Gateway.Hosting.Errors;

/// <summary>The problems that many endpoints share; texts say what to do.</summary>
internal static class Problems
{
    public static ProblemException NotFound() =>
        new(StatusCodes.Status404NotFound, "not_found", "There is no such object, or you may not see it.");

    public static ProblemException Unauthenticated() =>
        new(StatusCodes.Status401Unauthorized, "unauthenticated", "Sign in and send the access token as 'Authorization: Bearer …'.");

    public static ProblemException Forbidden(string permission) =>
        new(StatusCodes.Status403Forbidden, "forbidden", $"This needs the permission '{permission}'; ask an administrator for it.")
        {
            Params = new Dictionary<string, object?> { ["permission"] = permission },
        };

    public static ProblemException Field(string path, string code, string message, IReadOnlyDictionary<string, object?>? parameters = null) =>
        Validation(new Dictionary<string, IReadOnlyList<FieldProblem>> { [path] = [new FieldProblem(code, message, parameters)] });

    public static ProblemException Validation(IReadOnlyDictionary<string, IReadOnlyList<FieldProblem>> errors) =>
        new(StatusCodes.Status400BadRequest, "validation_failed", "Some fields are not acceptable; 'errors' names each with its rule.")
        {
            Errors = errors,
        };

    public static ProblemException Conflict(string code, string detail, IReadOnlyDictionary<string, object?>? parameters = null) =>
        new(StatusCodes.Status409Conflict, code, detail) { Params = parameters };

    public static ProblemException NameTaken(string name) =>
        Conflict("name_taken", $"The name '{name}' is taken; choose another.", new Dictionary<string, object?> { ["name"] = name });

    public static ProblemException ManagedByConfiguration() =>
        Conflict("managed_by_configuration", "gateway.yaml declares this object; change it there.");

    /// <summary>412: the object changed since the caller read it.</summary>
    public static ProblemException StaleVersion(int current) =>
        new(StatusCodes.Status412PreconditionFailed, "stale_version", "The object was changed since you read it; read it again and repeat your change.")
        {
            ETag = $"\"v{current}\"",
        };

    public static ProblemException PreconditionRequired() =>
        new(StatusCodes.Status428PreconditionRequired, "precondition_required", "Send the ETag that you read as If-Match, so that no one else's change is overwritten.");
}
