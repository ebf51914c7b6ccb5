using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>
/// Takes the text out of <c>{"input":"…"}</c> while it comes in pieces: the arguments that an upstream without custom tools gives for one.
/// Arguments of any other form are passed on as they are.
/// </summary>
internal sealed class CustomInput
{
    private readonly ArrayBufferWriter<byte> _head = new(32);
    private readonly byte[] _escape = new byte[12];
    private int _escaped;
    private State _state;

    private enum State
    {
        Head,
        Text,
        End,
        Raw,
    }

    /// <summary>The custom tool of this name among those offered; calls to it are wrapped unless the upstream knows custom tools.</summary>
    public static bool IsExpected(ModelRequest request, string tool) => request.Tools.Any(t => t is CustomTool && t.Name == tool);

    /// <summary>The text of whole arguments.</summary>
    public static string Unwrap(string arguments)
    {
        var whole = new ArrayBufferWriter<byte>();
        var input = new CustomInput();
        input.Add(System.Text.Encoding.UTF8.GetBytes(arguments), whole);
        input.End(whole);
        return System.Text.Encoding.UTF8.GetString(whole.WrittenSpan);
    }

    public void Add(ReadOnlySpan<byte> piece, IBufferWriter<byte> text)
    {
        for (var i = 0; i < piece.Length;)
        {
            switch (_state)
            {
                case State.Raw:
                    text.Write(piece[i..]);
                    return;
                case State.End:
                    return;
                case State.Head:
                    Head(piece[i++], text);
                    break;
                default:
                    i += Text(piece[i..], text);
                    break;
            }
        }
    }

    /// <summary>Gives out what was no input after all.</summary>
    public void End(IBufferWriter<byte> text)
    {
        if (_state == State.Head && !_head.WrittenSpan.SequenceEqual("{}"u8))
        {
            text.Write(_head.WrittenSpan);
        }
        else if (_state == State.Text && _escaped == 6)
        {
            Unescape(6, text);
        }

        _state = State.End;
    }

    private void Head(byte b, IBufferWriter<byte> text)
    {
        if (b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            return;
        }

        var expected = "{\"input\":\""u8;
        _head.Write([b]);
        if (_head.WrittenCount == expected.Length && b == (byte)'"')
        {
            _state = State.Text;
        }
        else if (b != expected[_head.WrittenCount - 1] && !_head.WrittenSpan.SequenceEqual("{}"u8))
        {
            text.Write(_head.WrittenSpan);
            _state = State.Raw;
        }
    }

    private int Text(ReadOnlySpan<byte> rest, IBufferWriter<byte> text)
    {
        if (_escaped > 0)
        {
            return Escape(rest[0], text);
        }

        var plain = rest.IndexOfAny((byte)'\\', (byte)'"');
        if (plain != 0)
        {
            text.Write(plain < 0 ? rest : rest[..plain]);
            return plain < 0 ? rest.Length : plain;
        }

        if (rest[0] == (byte)'"')
        {
            _state = State.End;
        }
        else
        {
            _escape[_escaped++] = rest[0];
        }

        return 1;
    }

    // The first half of a surrogate pair waits for the second.
    private int Escape(byte b, IBufferWriter<byte> text)
    {
        if (_escaped == 6 && b != (byte)'\\')
        {
            Unescape(6, text);
            return 0;
        }

        _escape[_escaped++] = b;
        if (_escape[1] != (byte)'u' || _escaped == 12)
        {
            Unescape(_escaped, text);
        }
        else if (_escaped == 6 && !IsHighHalf())
        {
            Unescape(6, text);
        }
        else if (_escaped == 8 && b != (byte)'u')
        {
            Unescape(8, text);
        }

        return 1;
    }

    private bool IsHighHalf() => (_escape[2] | 0x20) == (byte)'d' && "89abAB"u8.Contains(_escape[3]);

    private void Unescape(int length, IBufferWriter<byte> text)
    {
        text.Advance(JsonText.Unescape(_escape.AsSpan(0, length), text.GetSpan(12)));
        _escaped = 0;
    }
}
