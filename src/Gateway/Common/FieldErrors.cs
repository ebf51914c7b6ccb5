using AIHigress.Gateway.Hosting.Errors;

namespace AIHigress.Gateway.Common;

/// <summary>Collects every fault of an input, so that the caller learns all of them at once.</summary>
internal sealed class FieldErrors
{
    private readonly SortedDictionary<string, List<FieldProblem>> _faults = new(StringComparer.Ordinal);

    public bool Any => _faults.Count > 0;

    public IEnumerable<(string Path, FieldProblem Problem)> All =>
        _faults.SelectMany(pair => pair.Value.Select(problem => (pair.Key, problem)));

    public void Add(string path, string code, string message, IReadOnlyDictionary<string, object?>? parameters = null)
    {
        if (!_faults.TryGetValue(path, out var list))
        {
            _faults[path] = list = [];
        }

        list.Add(new FieldProblem(code, message, parameters));
    }

    public void Required(string path) => Add(path, "required", "is required");

    /// <summary>Absent is fine; present must lie within the bounds.</summary>
    public void Range(string path, double? value, double min, double max)
    {
        if (value is { } number && !(number >= min && number <= max))
        {
            Add(path, "out_of_range", $"must be between {min} and {max}", new Dictionary<string, object?> { ["min"] = min, ["max"] = max });
        }
    }

    /// <summary>Absent is fine; present must have between <paramref name="min"/> and <paramref name="max"/> characters, none of them a control character.</summary>
    public void Text(string path, string? value, int min, int max)
    {
        if (value is null)
        {
            return;
        }

        if (value.Length < min || value.Length > max)
        {
            Add(path, "length", $"must have {min} to {max} characters", new Dictionary<string, object?> { ["min"] = min, ["max"] = max });
        }
        else if (value.Any(c => char.IsControl(c) && c is not ('\n' or '\t' or '\r')))
        {
            Add(path, "invalid_characters", "must not contain control characters");
        }
    }

    /// <exception cref="ProblemException">400 validation_failed, when there is any fault.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw Problems.Validation(_faults.ToDictionary(pair => pair.Key, IReadOnlyList<FieldProblem> (pair) => pair.Value));
        }
    }
}
