using System.Text.Unicode;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>Hands everything on, and throws on whatever breaks the order that <see cref="IAnswerSink"/> promises.</summary>
internal sealed class OrderSink(IAnswerSink inner) : IAnswerSink
{
    private readonly List<PartStart> _parts = [];
    private readonly HashSet<int> _open = [];
    private readonly HashSet<int> _finished = [];
    private bool _started;

    /// <summary>Everything that began has ended, with a finish for each choice.</summary>
    public bool IsAtEnd => _started && _open.Count == 0 && _finished.Count > 0 && _parts.TrueForAll(p => _finished.Contains(p.Choice));

    public void Start(in AnswerStart start)
    {
        Require(!_started, "Start came twice");
        Require(start is { Id: not null, Model: not null, Created: >= 0 }, "Start has a null or a negative time");
        _started = true;
        inner.Start(start);
    }

    public void PartStart(in PartStart part)
    {
        RequireStarted();
        Require(part.Part == _parts.Count, $"part {part.Part} began where {_parts.Count} was next");
        Require(part.Choice >= 0, "a choice is negative");
        Require(!_finished.Contains(part.Choice), $"part {part.Part} began after choice {part.Choice} had finished");
        Require(part.Kind == AnswerPartKind.ToolCall || (part.Name.Length == 0 && !part.IsCustom), $"part {part.Part} is no call and has a tool's name");
        _parts.Add(part);
        _open.Add(part.Part);
        inner.PartStart(part);
    }

    public void Delta(int part, ReadOnlySpan<byte> text)
    {
        RequireOpen(part);
        Require(Utf8.IsValid(text), $"a delta of part {part} is no whole characters");
        Require(_parts[part].Kind != AnswerPartKind.RedactedReasoning, $"part {part} is redacted and has text");
        inner.Delta(part, text);
    }

    public void Seal(int part, Seal seal)
    {
        RequireOpen(part);
        inner.Seal(part, seal);
    }

    public void PartEnd(int part)
    {
        RequireOpen(part);
        _open.Remove(part);
        inner.PartEnd(part);
    }

    public void Usage(in TokenUsage usage)
    {
        RequireStarted();
        Require(usage is { Input: >= 0, CachedInput: >= 0, CacheWrite: >= 0, Output: >= 0, Reasoning: >= 0 }, $"a count is negative: {usage}");
        inner.Usage(usage);
    }

    public void Finish(in AnswerFinish finish)
    {
        RequireStarted();
        Require(_finished.Add(finish.Choice), $"choice {finish.Choice} finished twice");
        foreach (var part in _open)
        {
            Require(_parts[part].Choice != finish.Choice, $"choice {finish.Choice} finished while its part {part} was open");
        }

        inner.Finish(finish);
    }

    public void Ping()
    {
        RequireStarted();
        inner.Ping();
    }

    private void RequireOpen(int part)
    {
        RequireStarted();
        Require(_open.Contains(part), $"part {part} is not open");
    }

    private void RequireStarted() => Require(_started, "something came before Start");

    private static void Require(bool holds, string breach)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The order of an answer's events is broken: {breach}.");
        }
    }
}
