using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>
/// Takes the free text of a custom tool's call out of the JSON arguments <c>{"input":"…"}</c> that other protocols wrap it in, piece by piece.
/// Arguments of any other shape are kept to their end.
/// </summary>
internal sealed class CustomInput
{
    // The longest escape: a surrogate pair.
    private const int LongestEscape = 12;

    private readonly ArrayBufferWriter<byte> _raw = new();
    private readonly ArrayBufferWriter<byte> _text = new();
    private State _state;

    private enum State
    {
        Before,
        Inside,
        After,
        Foreign,
    }

    /// <summary>The text that this piece of the arguments adds; valid until the next call.</summary>
    public ReadOnlySpan<byte> Add(ReadOnlySpan<byte> piece)
    {
        _text.ResetWrittenCount();
        if (_state == State.After)
        {
            return [];
        }

        _raw.Write(piece);
        if (_state == State.Before)
        {
            FindText();
        }

        if (_state == State.Inside)
        {
            ReadText();
        }

        return _text.WrittenSpan;
    }

    /// <summary>What is left at the arguments' end.</summary>
    public ReadOnlySpan<byte> Complete()
    {
        _text.ResetWrittenCount();
        if (_state is State.Before or State.Foreign)
        {
            using var document = JsonTree.TryParse(_raw.WrittenMemory);
            var isWrapped = document?.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.String;
            _text.Write(isWrapped ? Encoding.UTF8.GetBytes(JsonTree.Text(document!.RootElement.GetProperty("input"))) : _raw.WrittenSpan);
        }

        _state = State.After;
        return _text.WrittenSpan;
    }

    private void FindText()
    {
        var rest = _raw.WrittenSpan;
        ReadOnlySpan<byte> expected = "{\"input\":\""u8;
        while (!expected.IsEmpty)
        {
            // White space may stand between tokens, not inside the name.
            if (expected.Length is 10 or 9 or 2 or 1)
            {
                rest = rest.TrimStart(" \t\r\n"u8);
            }

            if (rest.IsEmpty)
            {
                return;
            }

            if (rest[0] != expected[0])
            {
                _state = State.Foreign;
                return;
            }

            rest = rest[1..];
            expected = expected[1..];
        }

        _state = State.Inside;
        Keep(rest);
    }

    private void ReadText()
    {
        var rest = _raw.WrittenSpan;
        while (rest.IndexOfAny((byte)'"', (byte)'\\') is var plain and >= 0)
        {
            _text.Write(rest[..plain]);
            rest = rest[plain..];
            if (rest[0] == (byte)'"')
            {
                _state = State.After;
                return;
            }

            if (EscapeLength(rest) is not (> 0 and var length))
            {
                Keep(rest);
                return;
            }

            var room = _text.GetSpan(length);
            _text.Advance(JsonText.Unescape(rest[..length], room));
            rest = rest[length..];
        }

        _text.Write(rest);
        Keep([]);
    }

    // 0 when more must come first.
    private static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        if (text[1] != (byte)'u')
        {
            return 2;
        }

        if (text.Length < 6)
        {
            return 0;
        }

        var isHigh = (text[2] | 0x20) == 'd' && (text[3] | 0x20) is '8' or '9' or 'a' or 'b';
        var mayPair = text.Length == 6 || text[6] == (byte)'\\' && (text.Length == 7 || text[7] == (byte)'u');
        if (isHigh && mayPair && text.Length < LongestEscape)
        {
            return 0;
        }

        return Math.Max(2, JsonText.MeasureEscape(text, out _));
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        var kept = rest.ToArray();
        _raw.ResetWrittenCount();
        _raw.Write(kept);
    }
}
