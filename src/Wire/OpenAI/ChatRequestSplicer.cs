using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>
/// Copies a scanned Chat request with another model and, if asked, with <c>stream_options.include_usage</c> true.
/// Every byte outside the replaced values stays what the client sent: white space, number forms, escapes, unknown members.
/// </summary>
public static class ChatRequestSplicer
{
    /// <summary>True when <see cref="Write"/> would copy the body unchanged, so the body itself can be sent.</summary>
    public static bool IsUnchanged(ChatRequestHead head, string upstreamModel, bool addIncludeUsage) =>
        string.Equals(head.Model, upstreamModel, StringComparison.Ordinal) && !NeedsUsage(head, addIncludeUsage);

    /// <summary>Exact number of bytes that <see cref="Write"/> will write.</summary>
    /// <param name="body">The body that <paramref name="head"/> was scanned from.</param>
    /// <param name="head">The scanned head.</param>
    /// <param name="upstreamModel">The model name for the upstream, as text; it is escaped here.</param>
    /// <param name="addIncludeUsage">Whether the upstream shall report usage in the stream.</param>
    public static int GetLength(ReadOnlySpan<byte> body, ChatRequestHead head, string upstreamModel, bool addIncludeUsage)
    {
        var length = body.Length;
        if (!string.Equals(head.Model, upstreamModel, StringComparison.Ordinal))
        {
            length += JsonText.QuotedLength(upstreamModel) - head.ModelValue.Length;
        }

        if (NeedsUsage(head, addIncludeUsage))
        {
            var insert = UsageEdit(head, out var replaced);
            length += insert.Length - replaced.Length;
        }

        return length;
    }

    /// <summary>Writes the changed copy and returns its length; throws <see cref="ArgumentException"/> when the destination is too small.</summary>
    public static int Write(ReadOnlySpan<byte> body, ChatRequestHead head, string upstreamModel, bool addIncludeUsage, Span<byte> destination)
    {
        var copy = new Copy(body, destination);
        var usage = NeedsUsage(head, addIncludeUsage) ? UsageEdit(head, out var replaced) : Nothing(out replaced);
        var usageFirst = replaced.Start <= head.ModelValue.Start;
        if (usageFirst)
        {
            copy.Replace(replaced, usage);
        }

        if (!string.Equals(head.Model, upstreamModel, StringComparison.Ordinal))
        {
            copy.ReplaceByString(head.ModelValue, upstreamModel);
        }

        if (!usageFirst)
        {
            copy.Replace(replaced, usage);
        }

        return copy.Finish();
    }

    /// <summary>Behind the last byte that <see cref="Write"/> changes: the body from there on can be sent as it is, and only what is in front be written.</summary>
    public static int GetUnchangedFrom(ChatRequestHead head, string upstreamModel, bool addIncludeUsage)
    {
        var model = string.Equals(head.Model, upstreamModel, StringComparison.Ordinal) ? 0 : head.ModelValue.End;
        if (NeedsUsage(head, addIncludeUsage))
        {
            UsageEdit(head, out var replaced);
            return Math.Max(model, replaced.End);
        }

        return model;
    }

    /// <summary>A copy that asks for a stream, for a client that asked by its Accept header. Only where <c>stream</c> is absent or null.</summary>
    public static byte[] AskForStream(ReadOnlySpan<byte> body, ChatRequestHead head)
    {
        var (place, bytes) = head.StreamNull is { } literal
            ? (literal, "true"u8.ToArray())
            : (new ByteSpan(head.ObjectStart, 0), (head.ObjectIsEmpty ? "\"stream\":true"u8 : "\"stream\":true,"u8).ToArray());
        var result = new byte[body.Length - place.Length + bytes.Length];
        var copy = new Copy(body, result);
        copy.Replace(place, bytes);
        copy.Finish();
        return result;
    }

    private static bool NeedsUsage(ChatRequestHead head, bool addIncludeUsage) => addIncludeUsage && head.IncludeUsage != true;

    private static ReadOnlySpan<byte> UsageEdit(ChatRequestHead head, out ByteSpan replaced)
    {
        if (head.IncludeUsageValue is { } value)
        {
            replaced = value;
            return "true"u8;
        }

        if (head.StreamOptionsValue is not { } options)
        {
            replaced = new ByteSpan(head.ObjectStart, 0);
            return head.ObjectIsEmpty ? "\"stream_options\":{\"include_usage\":true}"u8 : "\"stream_options\":{\"include_usage\":true},"u8;
        }

        if (head.StreamOptionsIsNull)
        {
            replaced = options;
            return "{\"include_usage\":true}"u8;
        }

        replaced = new ByteSpan(options.Start + 1, 0);
        return head.StreamOptionsIsEmptyObject ? "\"include_usage\":true"u8 : "\"include_usage\":true,"u8;
    }

    private static ReadOnlySpan<byte> Nothing(out ByteSpan replaced)
    {
        replaced = default;
        return [];
    }

    private ref struct Copy(ReadOnlySpan<byte> body, Span<byte> destination)
    {
        private readonly ReadOnlySpan<byte> _body = body;
        private readonly Span<byte> _destination = destination;
        private int _read;
        private int _written;

        public void Replace(ByteSpan place, ReadOnlySpan<byte> bytes)
        {
            CopyUntil(place.Start);
            bytes.CopyTo(_destination[_written..]);
            _written += bytes.Length;
            _read = place.End;
        }

        public void ReplaceByString(ByteSpan place, string text)
        {
            CopyUntil(place.Start);
            if (_destination.Length - _written < JsonText.QuotedLength(text))
            {
                throw new ArgumentException("The destination is smaller than GetLength said.", nameof(text));
            }

            _written += JsonText.WriteQuoted(text, _destination[_written..]);
            _read = place.End;
        }

        public int Finish()
        {
            CopyUntil(_body.Length);
            return _written;
        }

        private void CopyUntil(int end)
        {
            var piece = _body[_read..end];
            piece.CopyTo(_destination[_written..]);
            _written += piece.Length;
            _read = end;
        }
    }
}
