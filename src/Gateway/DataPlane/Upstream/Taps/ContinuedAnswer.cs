using System.Buffers;
using System.Text;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>
/// The client's side of an answer that several upstreams may give one after the other: one start, one text, one finish, whoever
/// speaks. The first upstream's events pass; of those that go on, text alone passes until they have something else to say, and what
/// they repeat of the text is left out.
/// </summary>
internal sealed class ContinuedAnswer(StreamEncoder encoder, ReadOnlyMemory<byte> ping) : IAnswerSink, IDisposable
{
    private const int Swallowed = -1;
    private const int TheText = -2;

    private readonly PooledBuffer _text = new();
    private readonly List<int> _parts = [];
    private readonly HashSet<int> _open = [];
    private RepeatedText? _repeated;
    private int _nextPart;
    private int _textPart = -1;
    private bool _isPlainText = true;
    private bool _isFinished;

    public string ContentType => encoder.ContentType;

    public ReadOnlyMemory<byte> Ping => ping;

    /// <summary>Another upstream has taken over.</summary>
    public bool IsContinued { get; private set; }

    /// <summary>Text has been said, nothing else that counts, and not all of it.</summary>
    public bool CanGoOn => _isPlainText && !_isFinished && _text.Length > 0;

    /// <summary>What the client has of the text.</summary>
    public ReadOnlyMemory<byte> Text => _text.Written;

    /// <summary>Bytes of <see cref="Text"/> that were said before the upstream that speaks.</summary>
    public int TextBefore { get; private set; }

    /// <summary>The text for another upstream's request; some refuse white space at its end.</summary>
    public string Prefix => Encoding.UTF8.GetString(_text.Written.Span).TrimEnd();

    public IBufferWriter<byte> Output
    {
        set => encoder.Output = value;
    }

    /// <summary>
    /// Answers of the Responses API that their own provider keeps: it must know them by its own ids, so that they pass as they are.
    /// </summary>
    public static bool MustStayAsItIs(InboundCall call, UpstreamAdapter adapter) =>
        call.Protocol == WireProtocol.Responses && adapter.TakesBytes(call) && (call.Head?.Store ?? true);

    /// <summary>Whether this request's answer may be put together from two: one answer in plain text.</summary>
    public static bool Suits(InboundCall call)
    {
        if (!call.Stream || call.Endpoint.Operation is Operation.Embeddings or Operation.Completions or Operation.CountTokens)
        {
            return false;
        }

        try
        {
            // What another protocol has no place for, reading and writing anew would lose.
            var losses = call.LossesTo(call.Protocol == WireProtocol.Chat ? WireProtocol.Messages : WireProtocol.Chat);
            return losses.Refused.Count == 0
                && !losses.Dropped.Any(field => field.Contains("logprobs", StringComparison.OrdinalIgnoreCase))
                && call.Decoded is { Choices: null or 1, Format: null or { Kind: ResponseFormatKind.Text } };
        }
        catch (GatewayErrorException)
        {
            // The upstream may understand what we can't: then it passes as bytes.
            return false;
        }
    }

    /// <summary>From here on another upstream speaks.</summary>
    public void GoOn()
    {
        IsContinued = true;
        TextBefore = _text.Length;
        _parts.Clear();
        _repeated = new RepeatedText(_text.Length, Encoding.UTF8.GetByteCount(Prefix));
    }

    public void Start(in AnswerStart start)
    {
        if (!IsContinued)
        {
            encoder.Start(start);
        }
    }

    public void PartStart(in PartStart part)
    {
        if (!IsContinued)
        {
            NoteFirst(part);
            encoder.PartStart(part);
            return;
        }

        switch (part.Kind)
        {
            case AnswerPartKind.Text when part.Choice == 0:
                _parts.Add(TheText);
                break;
            case AnswerPartKind.Reasoning or AnswerPartKind.RedactedReasoning:
                _parts.Add(Swallowed);
                break;
            default:
                PassOtherPart(part);
                break;
        }
    }

    public void Delta(int part, ReadOnlySpan<byte> text)
    {
        if (!IsContinued)
        {
            if (part == _textPart)
            {
                _text.Write(text);
            }

            encoder.Delta(part, text);
            return;
        }

        var to = _parts[part];
        if (to == TheText)
        {
            var kept = _repeated!.Pass(text, _text.Written.Span, out var withheld);
            // A copy: it lies within what saying it appends to.
            Say(withheld.ToArray());
            Say(kept);
        }
        else if (to != Swallowed)
        {
            encoder.Delta(to, text);
        }
    }

    public void Seal(int part, Seal seal)
    {
        _isPlainText = false;
        if (!IsContinued)
        {
            encoder.Seal(part, seal);
        }
        else if (_parts[part] >= 0)
        {
            encoder.Seal(_parts[part], seal);
        }
    }

    public void PartEnd(int part)
    {
        var to = IsContinued ? _parts[part] : part;
        if (to >= 0)
        {
            End(to);
        }
    }

    public void Usage(in TokenUsage usage)
    {
        if (!IsContinued)
        {
            encoder.Usage(usage);
        }
    }

    public void Finish(in AnswerFinish finish)
    {
        if (IsContinued)
        {
            SayWithheld();
            EndAll();
        }

        _isFinished = true;
        encoder.Finish(finish);
    }

    void IAnswerSink.Ping() => encoder.Ping();

    /// <param name="usage">For the client, where the upstream's own events did not tell it, or tell only a part of it.</param>
    public void WriteEnd(TokenUsage? usage)
    {
        if (usage is { } whole)
        {
            encoder.Usage(whole);
        }

        encoder.WriteEnd();
    }

    public void WriteError(ClientError error) => encoder.WriteError(error);

    public void Dispose() => _text.Dispose();

    private void NoteFirst(in PartStart part)
    {
        _nextPart = part.Part + 1;
        _open.Add(part.Part);
        if (part is { Kind: AnswerPartKind.Text, Choice: 0 })
        {
            _textPart = part.Part;
        }
        else if (part.Kind != AnswerPartKind.Reasoning)
        {
            _isPlainText = false;
        }
    }

    private void PassOtherPart(in PartStart part)
    {
        SayWithheld();
        EndAll();
        _isPlainText = false;
        _parts.Add(_nextPart);
        _open.Add(_nextPart);
        encoder.PartStart(part with { Part = _nextPart });
        _nextPart++;
    }

    private void SayWithheld() => Say(_repeated!.Release(_text.Written.Span).ToArray());

    // The text's part is still open at the client, or a new one is begun. Nothing is written before there is text: an upstream that fails
    // until then leaves no trace.
    private void Say(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (!_open.Contains(_textPart))
        {
            EndAll();
            _textPart = _nextPart++;
            _open.Add(_textPart);
            encoder.PartStart(new PartStart(_textPart, 0, AnswerPartKind.Text));
        }

        encoder.Delta(_textPart, text);
        _text.Write(text);
    }

    private void EndAll()
    {
        foreach (var part in _open.Order().ToArray())
        {
            End(part);
        }
    }

    private void End(int part)
    {
        if (_open.Remove(part))
        {
            encoder.PartEnd(part);
        }
    }
}
