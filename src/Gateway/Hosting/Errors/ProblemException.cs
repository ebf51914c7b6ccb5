namespace AIHigress.Gateway.Hosting.Errors;

/// <summary>
/// A management request that is answered with a problem (control-plane.md §1). Thrown where the fault is found,
/// turned into application/problem+json at the edge; never logged as an error.
/// </summary>
public sealed class ProblemException(int status, string code, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    /// <summary>Stable code that clients key on.</summary>
    public string Code { get; } = code;

    public IReadOnlyDictionary<string, object?>? Params { get; init; }

    /// <summary>Field path → its faults.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FieldProblem>>? Errors { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>The current ETag, sent with 412.</summary>
    public string? ETag { get; init; }
}

/// <summary>One fault of one field.</summary>
public sealed record FieldProblem(string Code, string Message, IReadOnlyDictionary<string, object?>? Params = null);
