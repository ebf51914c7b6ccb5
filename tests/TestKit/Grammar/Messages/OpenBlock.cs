using System.Text;

namespace AIHigress.TestKit.Grammar.Messages;

/// <summary>A content block between its start and its stop.</summary>
internal sealed class OpenBlock
{
    private readonly StringBuilder _text = new();
    private readonly SeenPart _start;
    private readonly string _type;
    private string? _signature;

    public OpenBlock(Node block)
    {
        _type = block.Name("type", "block-type");
        switch (_type)
        {
            case "text":
                block.Require(block.Text("text", "block-start").Length == 0, "block-start");
                _start = new SeenPart(SeenKind.Text, "");
                break;
            case "thinking":
                block.Require(block.Text("thinking", "block-start").Length == 0, "block-start");
                block.Require(block.TextOrNull("signature") is null or "", "block-start");
                _start = new SeenPart(SeenKind.Reasoning, "");
                break;
            case "redacted_thinking":
                _start = new SeenPart(SeenKind.Reasoning, "", Signature: block.Name("data", "redacted-data"));
                break;
            case "tool_use" or "server_tool_use":
                block.Require(!block.Object("input", "block-start").Value.EnumerateObject().Any(), "block-start");
                _start = new SeenPart(_type == "tool_use" ? SeenKind.ToolCall : SeenKind.Other, "", block.Name("id", "tool-id"), block.Name("name", "tool-name"));
                break;
            default:
                block.Require(MessageShape.IsHostedResult(_type), "block-type");
                _start = new SeenPart(SeenKind.Other, CallArguments.Compact(block.Value), Name: _type);
                break;
        }
    }

    public string? CallId => _start.Id;

    public void Take(Node delta)
    {
        switch (_type, delta.Name("type", "delta-type"))
        {
            case ("text", "text_delta"):
                _text.Append(delta.Text("text"));
                break;
            case ("text", "citations_delta"):
                delta.Object("citation");
                break;
            case ("thinking", "thinking_delta"):
                delta.Require(_signature is null, "signature-last");
                _text.Append(delta.Text("thinking"));
                break;
            case ("thinking", "signature_delta"):
                delta.Require(_signature is null, "signature-last");
                _signature = delta.Name("signature");
                break;
            case ("tool_use" or "server_tool_use", "input_json_delta"):
                _text.Append(delta.Text("partial_json"));
                break;
            default:
                throw delta.Fault("delta-type");
        }
    }

    /// <summary>Whether its arguments can be read; true for a block that has none.</summary>
    public bool IsReadable => _start.Id is null || _text.Length == 0 || CallArguments.AreObject(_text.ToString());

    /// <summary>A call without any argument text has no arguments.</summary>
    public SeenPart Seen => _start with
    {
        Text = (_start.Id, _text.Length) switch
        {
            (null, 0) => _start.Text,
            (null, _) => _text.ToString(),
            (_, 0) => "{}",
            _ => CallArguments.Compact(_text.ToString()),
        },
        Signature = _signature ?? _start.Signature,
    };
}
