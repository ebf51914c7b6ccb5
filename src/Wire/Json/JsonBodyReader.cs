using System.Buffers;
using System.Text.Json;

namespace AIHigress.Wire.Json;

/// <summary>
/// A strict JSON reader over a whole body that steps over long texts quickly. The framework's reader checks a string byte by byte from its
/// first escape on, which for a 300 KB prompt is most of the cost of reading it; the step searches with vectors instead.
/// Offsets are bytes from the start of the body.
/// </summary>
internal ref struct JsonBodyReader(ReadOnlySpan<byte> body)
{
    // Below this the step costs more than it saves.
    private const int ShortestStep = 256;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _body = body;
    private Utf8JsonReader _reader = new(body, JsonFault.Strict);
    private int _offset;

    public readonly JsonTokenType TokenType => _reader.TokenType;

    public readonly int CurrentDepth => _reader.CurrentDepth;

    public readonly bool ValueIsEscaped => _reader.ValueIsEscaped;

    public readonly ReadOnlySpan<byte> ValueSpan => _reader.ValueSpan;

    /// <summary>Where the token begins.</summary>
    public readonly int TokenStart => _offset + (int)_reader.TokenStartIndex;

    /// <summary>Where the token ends.</summary>
    public readonly int TokenEnd => _offset + (int)_reader.BytesConsumed;

    public bool Read() => _reader.Read();

    public void Skip() => _reader.Skip();

    public bool Is(ReadOnlySpan<byte> text) => _reader.Is(text);

    public string GetText() => _reader.GetText();

    /// <summary>UTF-8 bytes of the string at the reader, unescaped.</summary>
    public readonly int TextLength => _reader.ValueIsEscaped ? JsonText.UnescapedLength(_reader.ValueSpan) : _reader.ValueSpan.Length;

    /// <summary>An integer, also when written <c>100.0</c> or <c>1e2</c> as some languages do; false for any other token.</summary>
    public readonly bool TryGetInteger(out long integer)
    {
        integer = 0;
        if (_reader.TokenType != JsonTokenType.Number)
        {
            return false;
        }

        if (_reader.TryGetInt64(out integer))
        {
            return true;
        }

        if (!_reader.TryGetDecimal(out var number) || number != decimal.Truncate(number) || number is < long.MinValue or > long.MaxValue)
        {
            return false;
        }

        integer = (long)number;
        return true;
    }

    /// <summary>
    /// From a property name: steps over its value when that is a long string, and gives the number of UTF-8 bytes of its text. False, with nothing read,
    /// for any other value and for a faulty string, which the ordinary reader is then left to refuse.
    /// </summary>
    public bool TryStepOverText(out int textLength)
    {
        textLength = 0;
        var start = TokenEnd;
        while (start < _body.Length && _body[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            start++;
        }

        if (start >= _body.Length || _body[start] != (byte)'"')
        {
            return false;
        }

        var length = MeasureString(_body[(start + 1)..], out textLength);
        if (length < ShortestStep)
        {
            return false;
        }

        // The reader is shown an empty string in place of the long one, then goes on after it.
        var bridge = new Utf8JsonReader("\"\""u8, isFinalBlock: false, _reader.CurrentState);
        bridge.Read();
        _offset = start + length + 2;
        _reader = new Utf8JsonReader(_body[_offset..], isFinalBlock: true, bridge.CurrentState);
        return true;
    }

    /// <summary>Bytes up to the closing quote, or −1 when the string is faulty.</summary>
    private static int MeasureString(ReadOnlySpan<byte> text, out int textLength)
    {
        textLength = 0;
        var at = 0;
        while (true)
        {
            var plain = text[at..].IndexOfAny(StringStops);
            if (plain < 0)
            {
                return -1;
            }

            at += plain;
            textLength += plain;
            if (text[at] == (byte)'"')
            {
                return at;
            }

            var consumed = JsonText.MeasureEscape(text[at..], out var runeLength);
            if (consumed == 0)
            {
                return -1;
            }

            at += consumed;
            textLength += runeLength;
        }
    }
}
