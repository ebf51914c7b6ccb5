using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.UnitTests.Wire.Gemini;

/// <summary>Writes down what a decoder tells, one line per event.</summary>
internal sealed class EventLog : IAnswerSink
{
    private readonly List<string> _lines = [];

    public string Text => string.Join(" | ", _lines);

    public void Start(in AnswerStart start) => _lines.Add($"start {start.Id} {start.Model} {start.Created}");

    public void PartStart(in PartStart part) => _lines.Add($"{part.Part}:{part.Choice} {part.Kind}{(part.Kind == AnswerPartKind.ToolCall ? $" {part.Id} {part.Name}" : "")}");

    public void Delta(int part, ReadOnlySpan<byte> text) => _lines.Add($"{part}+{Encoding.UTF8.GetString(text)}");

    public void Seal(int part, Seal seal) => _lines.Add($"{part} sealed {seal.Maker} {seal.Value}");

    public void PartEnd(int part) => _lines.Add($"{part}.");

    public void Usage(in TokenUsage usage) => _lines.Add($"usage {usage.Input} {usage.CachedInput} {usage.CacheWrite} {usage.Output} {usage.Reasoning}");

    public void Finish(in AnswerFinish finish) => _lines.Add($"{finish.Choice} {finish.Reason}");

    public void Ping() => _lines.Add("ping");

    /// <summary>Reads chunks as a stream and gives the events; with the last step if it was not Continue.</summary>
    public static string Of(StreamDecoder decoder, params string[] chunks)
    {
        var log = new EventLog();
        foreach (var chunk in chunks)
        {
            var step = decoder.Read(Event(chunk), log);
            if (step != DecodeStep.Continue)
            {
                log._lines.Add(step.ToString());
                return log.Text;
            }
        }

        decoder.Complete(log);
        return log.Text;
    }

    public static SseEvent Event(string data) => new() { Data = Encoding.UTF8.GetBytes(data), HasData = true, IsComplete = true };
}
