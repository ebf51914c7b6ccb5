using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI.Chat;

/// <summary>Writes down what a decoder says, one short line per call.</summary>
internal sealed class SinkLog : IAnswerSink
{
    private readonly AnswerFold _fold = new();

    public List<string> Lines { get; } = [];

    public TokenUsage? LastUsage { get; private set; }

    public ModelAnswer Answer => _fold.ToAnswer();

    public string Text => string.Join(" | ", Lines);

    public void Start(in AnswerStart start)
    {
        Lines.Add($"start {start.Id} {start.Model} {start.Created}");
        _fold.Start(start);
    }

    public void PartStart(in PartStart part)
    {
        Lines.Add(part.Kind == AnswerPartKind.ToolCall ? $"{part.Part} call {part.Id} {part.Name}" : $"{part.Part} {part.Kind}");
        _fold.PartStart(part);
    }

    public void Delta(int part, ReadOnlySpan<byte> text)
    {
        Lines.Add($"{part} +{Encoding.UTF8.GetString(text)}");
        _fold.Delta(part, text);
    }

    public void Seal(int part, Seal seal)
    {
        Lines.Add($"{part} seal {seal.Maker} {seal.Value}");
        _fold.Seal(part, seal);
    }

    public void PartEnd(int part)
    {
        Lines.Add($"{part} end");
        _fold.PartEnd(part);
    }

    public void Usage(in TokenUsage usage)
    {
        LastUsage = usage;
        _fold.Usage(usage);
    }

    public void Finish(in AnswerFinish finish)
    {
        Lines.Add($"finish {finish.Choice} {finish.Reason}");
        _fold.Finish(finish);
    }

    public void Ping() => Lines.Add("ping");
}
