namespace AIHigress.TestKit.Grammar.Gemini;

/// <summary>Chunks until every candidate has its finish reason; the last one carries the counts. A plain answer is one chunk.</summary>
internal sealed class GeminiStream
{
    private readonly SortedDictionary<long, CandidateStream> _candidates = [];
    private Node? _first;
    private Node? _last;
    private string? _blocked;
    private SeenError? _error;

    private bool AllFinished => _candidates.Count > 0 && _candidates.Values.All(c => c.Finish is not null);

    public void Take(Node chunk)
    {
        chunk.Require(_error is null, "after-error");
        chunk.Require(_blocked is null, "after-block");
        if (chunk.Has("error"))
        {
            chunk.Require(!AllFinished, "error-after-finish");
            _error = ReadError(chunk.Object("error", "error-shape"));
            return;
        }

        CheckSame(chunk);
        TakeAnswer(chunk);
        if (chunk.Has("usageMetadata"))
        {
            UsageNumbers.Read(chunk.Object("usageMetadata"));
        }

        _last = chunk;
    }

    public SeenAnswer End(int number)
    {
        var usage = _error is null ? CheckEnd(number) : new Dictionary<string, long>();
        return new SeenAnswer
        {
            Id = _first?.Text("responseId"),
            Model = _first?.Text("modelVersion"),
            Choices = _blocked is null ? [.. _candidates.Select(c => c.Value.Seen((int)c.Key))] : [new SeenChoice(0, _blocked, [])],
            Usage = usage,
            Error = _error,
            EndedProperly = _error is null,
        };
    }

    private static SeenError ReadError(Node error)
    {
        const string rule = "error-shape";
        return new SeenError(error.Name("status", rule), error.Count("code", rule).ToString(), error.Name("message", rule));
    }

    private void CheckSame(Node chunk)
    {
        var first = _first ??= chunk;
        chunk.Require(chunk.Name("responseId") == first.Name("responseId"), "same-id");
        chunk.Require(chunk.Name("modelVersion") == first.Name("modelVersion"), "same-model");
    }

    /// <summary>A refused prompt has no candidates but says why.</summary>
    private void TakeAnswer(Node chunk)
    {
        if (chunk.Find("candidates") is null && chunk.Has("promptFeedback"))
        {
            chunk.Require(_candidates.Count == 0, "block-late");
            var feedback = chunk.Object("promptFeedback");
            feedback.IsOneOf("blockReason", GeminiShape.BlockReasons, "block-reason");
            _blocked = feedback.Text("blockReason");
            return;
        }

        chunk.Require(!AllFinished, "after-finish");
        var candidates = chunk.Array("candidates", "candidates").Items().ToList();
        chunk.Require(candidates.Count > 0, "candidates");
        chunk.Require(candidates.DistinctBy(Index).Count() == candidates.Count, "candidate-repeated");
        foreach (var candidate in candidates)
        {
            candidate.Require(candidates.Count == 1 || candidate.Has("index"), "candidate-index");
            if (!_candidates.TryGetValue(Index(candidate), out var state))
            {
                _candidates[Index(candidate)] = state = new CandidateStream();
            }

            state.Take(candidate);
        }
    }

    /// <summary>A lone candidate may leave its 0 out, as the JSON mapping of the protocol does.</summary>
    private static long Index(Node candidate) => candidate.Find("index") is null ? 0 : candidate.Count("index", "candidate-index");

    private IReadOnlyDictionary<string, long> CheckEnd(int number)
    {
        if (_last is not { } last)
        {
            throw new GrammarException(number, "candidates-missing", "no chunk came");
        }

        if (_blocked is null)
        {
            Complain(_candidates.Values.All(c => c.Finish is not null), number, "finish-missing");
            Complain(_candidates.Keys.SequenceEqual(Enumerable.Range(0, _candidates.Count).Select(i => (long)i)), number, "candidate-index");
        }

        return GeminiShape.ReadUsage(last);
    }

    private void Complain(bool holds, int number, string rule)
    {
        if (!holds)
        {
            throw new GrammarException(number, rule, $"candidates {string.Join(", ", _candidates.Select(c => $"{c.Key}: {c.Value.Finish ?? "unfinished"}"))}");
        }
    }
}
