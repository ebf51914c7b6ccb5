namespace AIHigress.TestKit.Grammar.Chat;

/// <summary>Role, deltas, finish per choice; then the usage chunk if asked; then [DONE].</summary>
internal sealed class ChatStream(bool usageAsked)
{
    private readonly SortedDictionary<long, ChatChoiceStream> _choices = [];
    private Node? _first;
    private IReadOnlyDictionary<string, long>? _usage;
    private SeenError? _error;
    private bool _done;

    private bool AllFinished => _choices.Count > 0 && _choices.Values.All(c => c.Finish is not null);

    public void Take(SseFrame frame)
    {
        Require(frame.Name is null, frame, "event-name");
        Require(!_done, frame, "done-last");
        if (frame.Data == "[DONE]")
        {
            _done = true;
            return;
        }

        Require(_error is null, frame, "after-error");
        Require(_usage is null, frame, "after-usage");
        var chunk = Node.Parse(frame.Number, frame.Data);
        if (chunk.Has("error"))
        {
            chunk.Require(!AllFinished, "error-after-finish");
            _error = OpenAIErrorShape.Read(chunk);
        }
        else
        {
            TakeChunk(chunk);
        }
    }

    public SeenAnswer End(int number)
    {
        if (_error is null)
        {
            Complain(_done, number, "done-missing", "the stream ends without [DONE]");
            Complain(_choices.Count > 0, number, "choices-missing", "no choice came");
            foreach (var (index, choice) in _choices)
            {
                Complain(choice.Finish is not null, number, "finish-missing", $"choice {index} has no finish_reason");
            }

            Complain(_choices.Keys.SequenceEqual(Enumerable.Range(0, _choices.Count).Select(i => (long)i)), number, "choice-index", $"choices {string.Join(", ", _choices.Keys)}");
            Complain(_usage is not null || !usageAsked, number, "usage-missing", "usage was asked for and did not come");
        }

        return new SeenAnswer
        {
            Id = _first?.Text("id"),
            Model = _first?.Text("model"),
            Choices = [.. _choices.Select(c => c.Value.Seen((int)c.Key))],
            Usage = _usage ?? new Dictionary<string, long>(),
            Error = _error,
            EndedProperly = _error is null,
        };
    }

    private static void Require(bool holds, SseFrame frame, string rule) => Complain(holds, frame.Number, rule, $"{frame.Name} {frame.Data}");

    private static void Complain(bool holds, int number, string rule, string offending)
    {
        if (!holds)
        {
            throw new GrammarException(number, rule, offending);
        }
    }

    private void TakeChunk(Node chunk)
    {
        ChatShape.CheckHead(chunk, "chat.completion.chunk");
        CheckSame(chunk);
        var choices = chunk.Array("choices").Items().ToList();
        if (chunk.Has("usage"))
        {
            chunk.Require(usageAsked, "usage-unasked");
            chunk.Require(choices.Count == 0, "usage-place");
            chunk.Require(AllFinished, "usage-early");
            _usage = ChatShape.ReadUsage(chunk);
            return;
        }

        chunk.Require(choices.Count > 0, "choices-empty");
        chunk.Require(choices.DistinctBy(c => c.Count("index")).Count() == choices.Count, "choice-repeated");
        foreach (var choice in choices)
        {
            TakeChoice(choice);
        }
    }

    private void CheckSame(Node chunk)
    {
        var first = _first ??= chunk;
        chunk.Require(chunk.Text("id") == first.Text("id"), "same-id");
        chunk.Require(chunk.Count("created") == first.Count("created"), "same-created");
        chunk.Require(chunk.Text("model") == first.Text("model"), "same-model");
    }

    private void TakeChoice(Node choice)
    {
        var index = choice.Count("index");
        if (!_choices.TryGetValue(index, out var state))
        {
            _choices[index] = state = new ChatChoiceStream();
        }

        state.Take(choice);
    }
}
