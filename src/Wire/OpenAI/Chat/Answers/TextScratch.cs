using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Room for the text of one escaped string; text without escapes is handed out where it stands.</summary>
internal sealed class TextScratch
{
    private byte[] _buffer = [];

    /// <summary>The text of a raw string; empty for any other value. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> value)
    {
        if (!RawJson.IsText(value))
        {
            return default;
        }

        var escaped = value[1..^1];
        if (escaped.IndexOf((byte)'\\') < 0)
        {
            return escaped;
        }

        if (_buffer.Length < escaped.Length)
        {
            _buffer = new byte[Math.Max(escaped.Length, Math.Max(256, 2 * _buffer.Length))];
        }

        return _buffer.AsSpan(0, JsonText.Unescape(escaped, _buffer));
    }
}
