using System.Text;
using System.Text.Json;

namespace AIHigress.TestKit.Grammar.Responses;

/// <summary>One part: added empty, deltas, its text once more, itself once more.</summary>
internal sealed class PartStream
{
    private readonly StringBuilder _text = new();
    private readonly string _type;
    private long _annotations;
    private bool _textDone;
    private Node? _done;

    public PartStream(Node part, string itemType, bool isSummary)
    {
        _type = part.Name("type", "part-type");
        part.Require(Fits(itemType, isSummary), "part-type");
        part.Require(part.Text(TextName, "part-start").Length == 0, "part-start");
        part.Require(_type != "output_text" || !part.Array("annotations", "part-start").Items().Any(), "part-start");
    }

    public bool IsDone => _done is not null;

    public SeenPart Seen => new(_type switch { "refusal" => SeenKind.Refusal, "output_text" => SeenKind.Text, _ => SeenKind.Reasoning }, _text.ToString());

    private string TextName => _type == "refusal" ? "refusal" : "text";

    public void Take(PartEvent step, Node body)
    {
        body.Require(!IsDone, "part-closed");
        body.Require(step.PartType.Length == 0 || step.PartType == _type, "part-type");
        switch (step.Step)
        {
            case PartStep.Delta:
                body.Require(!_textDone, "text-closed");
                _text.Append(body.Text("delta"));
                break;
            case PartStep.Annotation:
                body.Require(body.Count("annotation_index", "annotation-index") == _annotations, "annotation-index");
                body.Object("annotation");
                _annotations++;
                break;
            case PartStep.Text:
                body.Require(!_textDone, "text-closed");
                body.Require(body.Text(TextName) == _text.ToString(), "text-differs");
                _textDone = true;
                break;
            default:
                Finish(body);
                break;
        }
    }

    public bool IsSame(Node part) => _done is { } done && JsonElement.DeepEquals(part.Value, done.Value);

    private void Finish(Node body)
    {
        body.Require(_textDone, "text-done-missing");
        var part = body.Object("part");
        part.Is("type", _type, "part-differs");
        part.Require(part.Text(TextName, "part-differs") == _text.ToString(), "part-differs");
        part.Require(_type != "output_text" || part.Array("annotations").Value.GetArrayLength() == _annotations, "part-differs");
        _done = part;
    }

    private bool Fits(string itemType, bool isSummary) => (itemType, isSummary) switch
    {
        ("message", false) => _type is "output_text" or "refusal",
        ("reasoning", true) => _type == "summary_text",
        _ => itemType == "reasoning" && _type == "reasoning_text",
    };
}
