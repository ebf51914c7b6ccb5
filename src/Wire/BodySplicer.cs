using AIHigress.Wire.Json;

namespace AIHigress.Wire;

/// <summary>Copies a scanned body with another model; every other byte stays what the client sent.</summary>
public static class BodySplicer
{
    /// <summary>The body itself can be sent: it names this model, or none.</summary>
    public static bool IsUnchanged(BodyHead head, string upstreamModel) =>
        head.ModelValue is null || string.Equals(head.Model, upstreamModel, StringComparison.Ordinal);

    /// <summary>Exact number of bytes that <see cref="Write"/> will write.</summary>
    public static int GetLength(ReadOnlySpan<byte> body, BodyHead head, string upstreamModel) =>
        IsUnchanged(head, upstreamModel) ? body.Length : body.Length - head.ModelValue!.Value.Length + JsonText.QuotedLength(upstreamModel);

    /// <summary>Writes the changed copy and returns its length; throws <see cref="ArgumentException"/> when the destination is too small.</summary>
    public static int Write(ReadOnlySpan<byte> body, BodyHead head, string upstreamModel, Span<byte> destination)
    {
        if (IsUnchanged(head, upstreamModel))
        {
            body.CopyTo(destination);
            return body.Length;
        }

        var model = head.ModelValue!.Value;
        body[..model.Start].CopyTo(destination);
        var written = model.Start + JsonText.WriteQuoted(upstreamModel, destination[model.Start..]);
        body[model.End..].CopyTo(destination[written..]);
        return written + body.Length - model.End;
    }
}
