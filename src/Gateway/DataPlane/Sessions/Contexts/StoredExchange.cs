using System.Buffers;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.Translation.History;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary>One request and its answer as they are kept: in the client's own protocol, so that nothing is lost when they are put in front of a later request.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="RequestId">The request.</param>
/// <param name="Protocol">The client's protocol.</param>
/// <param name="Messages">What the request added to the conversation, then the answer, as a JSON array of that protocol.</param>
/// <param name="IsCut">Some of it was too large to keep.</param>
internal sealed record StoredExchange(DateTimeOffset At, Guid RequestId, WireProtocol Protocol, ReadOnlyMemory<byte> Messages, bool IsCut)
{
    public const int MostBytes = 64 * 1024;

    /// <summary>Cuts what is said until it is small enough.</summary>
    public static StoredExchange Of(DateTimeOffset at, Guid requestId, WireProtocol protocol, IReadOnlyList<Message> messages)
    {
        // JSON is larger than the text in it; how much depends on the text.
        for (var room = MostBytes - 1024; ; room /= 2)
        {
            var (kept, isCut) = HistoryTurns.Fit(messages, room);
            var array = HistoryJson.Write(protocol, kept);
            if (array.Length <= MostBytes || room < 256)
            {
                return new StoredExchange(at, requestId, protocol, array, isCut);
            }
        }
    }

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(Messages.Length + 128);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("at"u8, At.ToUnixTimeMilliseconds());
            json.WriteString("request_id"u8, RequestId);
            json.WriteNumber("protocol"u8, (int)Protocol);
            json.WriteBoolean("cut"u8, IsCut);
            json.WritePropertyName("messages"u8);
            json.WriteRawValue(Messages.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Null when a version that is gone wrote something else there.</summary>
    public static StoredExchange? Read(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            return new StoredExchange(
                DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("at"u8).GetInt64()),
                root.GetProperty("request_id"u8).GetGuid(),
                (WireProtocol)root.GetProperty("protocol"u8).GetInt32(),
                System.Text.Encoding.UTF8.GetBytes(root.GetProperty("messages"u8).GetRawText()),
                root.GetProperty("cut"u8).GetBoolean());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public IReadOnlyList<Message> Read() => HistoryJson.Read(Protocol, Messages);
}
