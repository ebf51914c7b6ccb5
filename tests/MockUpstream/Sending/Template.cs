using System.Buffers;
using System.Text;

namespace AIHigress.MockUpstream.Sending;

/// <summary>What differs between two answers of one script.</summary>
internal readonly record struct AnswerValues(long Ordinal, int PromptTokens);

/// <summary>
/// Bytes worked out beforehand, with holes for the few numbers that differ per request. Holes are control
/// characters in the source text: JSON can hold none unescaped, so nothing else can be taken for one.
/// </summary>
internal sealed class Template
{
    public const char OrdinalHole = '\u0001';
    public const char PromptTokensHole = '\u0002';
    public const char TotalTokensHole = '\u0003';

    private const int LongestNumber = 20;
    private const int OneSpan = 3072;

    private readonly byte[][] _parts;
    private readonly char[] _holes;
    private readonly int _completionTokens;
    private readonly int _fixedLength;

    /// <summary>Cuts <paramref name="text"/> at its holes; the total is the prompt's tokens and <paramref name="completionTokens"/>.</summary>
    public Template(string text, int completionTokens = 0)
    {
        var parts = new List<byte[]>();
        var holes = new List<char>();
        var start = 0;
        for (var i = text.AsSpan().IndexOfAny(OrdinalHole, PromptTokensHole, TotalTokensHole); i >= 0;)
        {
            parts.Add(Encoding.UTF8.GetBytes(text[start..i]));
            holes.Add(text[i]);
            start = i + 1;
            var next = text.AsSpan(start).IndexOfAny(OrdinalHole, PromptTokensHole, TotalTokensHole);
            i = next < 0 ? -1 : start + next;
        }

        parts.Add(Encoding.UTF8.GetBytes(text[start..]));
        _parts = [.. parts];
        _holes = [.. holes];
        _completionTokens = completionTokens;
        _fixedLength = _parts.Sum(p => p.Length);
    }

    public int Measure(in AnswerValues values)
    {
        var length = _fixedLength;
        foreach (var hole in _holes)
        {
            length += Digits(Value(hole, values));
        }

        return length;
    }

    public void Write(IBufferWriter<byte> writer, in AnswerValues values)
    {
        var atMost = _fixedLength + (_holes.Length * LongestNumber);
        if (atMost <= OneSpan)
        {
            writer.Advance(Fill(writer.GetSpan(atMost), values));
            return;
        }

        for (var i = 0; i < _parts.Length; i++)
        {
            writer.Write(_parts[i]);
            if (i < _holes.Length)
            {
                Value(_holes[i], values).TryFormat(writer.GetSpan(LongestNumber), out var written);
                writer.Advance(written);
            }
        }
    }

    public byte[] ToArray(in AnswerValues values)
    {
        var bytes = new byte[Measure(values)];
        Fill(bytes, values);
        return bytes;
    }

    private int Fill(Span<byte> target, in AnswerValues values)
    {
        var at = 0;
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i].CopyTo(target[at..]);
            at += _parts[i].Length;
            if (i < _holes.Length)
            {
                Value(_holes[i], values).TryFormat(target[at..], out var written);
                at += written;
            }
        }

        return at;
    }

    private long Value(char hole, in AnswerValues values) => hole switch
    {
        OrdinalHole => values.Ordinal,
        PromptTokensHole => values.PromptTokens,
        _ => values.PromptTokens + _completionTokens,
    };

    private static int Digits(long value)
    {
        var digits = 1;
        while (value >= 10)
        {
            value /= 10;
            digits++;
        }

        return digits;
    }
}
