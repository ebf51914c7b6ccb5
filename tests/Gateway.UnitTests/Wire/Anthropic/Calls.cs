using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.UnitTests.Wire.Anthropic;

/// <summary>Writes down the calls that it gets.</summary>
internal sealed class Calls : IAnswerSink
{
    private readonly List<string> _calls = [];

    public override string ToString() => string.Join(' ', _calls);

    public void Start(in AnswerStart start) => _calls.Add("Start");

    public void PartStart(in PartStart part) => _calls.Add($"PartStart({part.Part},{part.Kind})");

    public void Delta(int part, ReadOnlySpan<byte> text) => _calls.Add($"Delta({part},{Encoding.UTF8.GetString(text)})");

    public void Seal(int part, Seal seal) => _calls.Add($"Seal({part})");

    public void PartEnd(int part) => _calls.Add($"PartEnd({part})");

    public void Usage(in TokenUsage usage) => _calls.Add("Usage");

    public void Finish(in AnswerFinish finish) => _calls.Add($"Finish({finish.Reason})");

    public void Ping() => _calls.Add("Ping");
}
