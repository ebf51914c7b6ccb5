using System.Text;

namespace AIHigress.TestKit.Grammar.Chat;

/// <summary>The deltas of one choice.</summary>
internal sealed class ChatChoiceStream
{
    private readonly StringBuilder _reasoning = new();
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _refusal = new();
    private readonly ChatCallStream _calls = new();
    private bool _started;

    public string? Finish { get; private set; }

    public void Take(Node choice)
    {
        choice.Require(Finish is null, "after-finish");
        var delta = choice.Object("delta");
        TakeRole(delta);
        _text.Append(delta.TextOrNull("content"));
        _refusal.Append(delta.TextOrNull("refusal"));
        _reasoning.Append(ChatShape.ReasoningMembers.Select(name => delta.TextOrNull(name)).FirstOrDefault(text => text is not null));
        if (delta.Find("tool_calls") is { } calls)
        {
            _calls.Take(calls);
        }

        if (choice.Has("finish_reason"))
        {
            var finish = choice.Text("finish_reason", "finish-reason");
            ChatShape.CheckFinish(choice, finish, _calls.Seen);
            Finish = finish;
        }
    }

    public SeenChoice Seen(int index) =>
        new(index, Finish, ChatShape.Parts(_reasoning.ToString(), _text.ToString(), _refusal.ToString(), _calls.Seen));

    private void TakeRole(Node delta)
    {
        if (_started)
        {
            delta.Require(delta.Find("role") is null, "role-repeated");
        }
        else
        {
            delta.Require(delta.Has("role"), "role-first");
            delta.Is("role", "assistant", "role");
            _started = true;
        }
    }
}
