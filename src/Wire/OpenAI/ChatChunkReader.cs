using System.Buffers;
using System.Runtime.InteropServices;

namespace AIHigress.Wire.OpenAI;

/// <summary>What one event of a Chat stream is.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChatChunk
{
    /// <summary>The data is neither a JSON object nor the end mark.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>The data is the end mark, <c>[DONE]</c>.</summary>
    public bool IsDone { get; init; }

    /// <summary>The upstream reports an error: an <c>error</c> member (object or non-empty string), or <c>object</c> is <c>error</c>.</summary>
    public bool IsError { get; init; }

    /// <summary>An HTTP status (400 to 599) that the error names as its code or status, else null.</summary>
    public int? ErrorStatus { get; init; }

    /// <summary><see cref="HasContent"/> or <see cref="HasFinish"/>: the client has something to see or the answer is over.</summary>
    public bool IsMeaningful => HasContent || HasFinish;

    /// <summary>Some choice carries non-empty content, refusal, reasoning, audio, images or calls.</summary>
    public bool HasContent { get; init; }

    /// <summary>Some choice carries a finish reason.</summary>
    public bool HasFinish { get; init; }

    /// <summary><c>choices</c> is a non-empty array.</summary>
    public bool HasChoices { get; init; }

    /// <summary>Usage, when the chunk reports a count; may come beside choices, and more than once in a stream (the last one holds).</summary>
    public TokenUsage? Usage { get; init; }
}

/// <summary>Reads the data of one event of a Chat stream: one pass, no allocation.</summary>
public static class ChatChunkReader
{
    /// <summary>
    /// Reads one event's data. Never throws on bad input. The generated text of all choices (content, refusal, reasoning, names and arguments of calls,
    /// audio transcript) is appended to <paramref name="text"/> as UTF-8; of a malformed chunk the part before the fault may have been appended.
    /// </summary>
    public static ChatChunk Read(ReadOnlySpan<byte> data, IBufferWriter<byte>? text)
    {
        if (IsDoneMark(data))
        {
            return new ChatChunk { IsDone = true };
        }

        var pass = new ChatAnswerPass(data, text);
        return !pass.TryRead()
            ? new ChatChunk { IsMalformed = true }
            : new ChatChunk
            {
                IsError = pass.IsError,
                ErrorStatus = pass.ErrorStatus,
                HasContent = pass.HasContent,
                HasFinish = pass.HasFinish,
                HasChoices = pass.HasChoices,
                Usage = pass.Usage,
            };
    }

    private static bool IsDoneMark(ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n"u8);
        return data.Length == 6 && data.SequenceEqual("[DONE]"u8);
    }
}
