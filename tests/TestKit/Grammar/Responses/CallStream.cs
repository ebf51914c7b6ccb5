using System.Text;

namespace AIHigress.TestKit.Grammar.Responses;

/// <summary>The arguments of one function call: increments, then the whole.</summary>
internal sealed class CallStream
{
    private readonly StringBuilder _text = new();
    private bool _done;

    public string Text => _text.ToString();

    public static bool Knows(string type) => type.StartsWith("response.function_call_arguments.", StringComparison.Ordinal);

    public void Take(string type, Node body)
    {
        body.Require(!_done, "arguments-closed");
        switch (type)
        {
            case "response.function_call_arguments.delta":
                _text.Append(body.Text("delta"));
                break;
            case "response.function_call_arguments.done":
                body.Require(body.Text("arguments") == Text, "arguments-differ");
                _done = true;
                break;
            default:
                throw body.Fault("event-type");
        }
    }

    public void CheckSame(Node item)
    {
        item.Require(_done, "arguments-done-missing");
        item.Require(item.Text("arguments") == Text, "item-differs");
    }
}
