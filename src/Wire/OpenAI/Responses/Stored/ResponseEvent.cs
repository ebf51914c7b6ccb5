using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Sse;

namespace AIHigress.Wire.OpenAI.Responses.Stored;

/// <summary>One event of a response's stream, numbered anew, as it is kept and sent again.</summary>
/// <param name="Type">Such as <c>response.completed</c>.</param>
/// <param name="Bytes">The whole server-sent event; its data is one line.</param>
/// <param name="Response">The response object that the event carries; empty for most.</param>
public sealed record ResponseEvent(string Type, byte[] Bytes, byte[] Response)
{
    /// <summary>The response is over with this event.</summary>
    public bool IsLast => Type is "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled";

    /// <summary>Takes an event of a stream; null when it is none of this protocol.</summary>
    /// <param name="data">The event's data.</param>
    /// <param name="sequence">Its number from now on.</param>
    /// <param name="response">Members of the response object that are to be others.</param>
    public static ResponseEvent? From(ReadOnlyMemory<byte> data, long sequence, IReadOnlyDictionary<string, string?> response)
    {
        using var document = JsonTree.TryParse(data);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object || OutputItemReader.Text(document.RootElement, "type") is not { } type)
        {
            return null;
        }

        var members = new Dictionary<string, string?> { ["sequence_number"] = sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        var inner = new ArrayBufferWriter<byte>();
        if (document.RootElement.TryGetProperty("response", out var carried) && carried.ValueKind == JsonValueKind.Object)
        {
            using (var json = JsonOut.NewWriter(inner))
            {
                ObjectRewrite.Write(json, carried, response);
            }

            members["response"] = Encoding.UTF8.GetString(inner.WrittenSpan);
        }

        var whole = new ArrayBufferWriter<byte>();
        using (var json = JsonOut.NewWriter(whole))
        {
            ObjectRewrite.Write(json, document.RootElement, members);
        }

        return Make(OutputItemReader.Clean(type), whole, inner.WrittenSpan.ToArray());
    }

    /// <summary>An event that carries a response object and nothing else.</summary>
    public static ResponseEvent Of(string type, long sequence, ReadOnlySpan<byte> response)
    {
        var whole = new ArrayBufferWriter<byte>();
        using (var json = JsonOut.NewWriter(whole))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteNumber("sequence_number"u8, sequence);
            json.WritePropertyName("response"u8);
            json.WriteRawValue(response, skipInputValidation: true);
            json.WriteEndObject();
        }

        return Make(type, whole, response.ToArray());
    }

    /// <summary>The response object of the last event in the bytes of a stream's end; empty when none ended it well.</summary>
    public static ReadOnlyMemory<byte> FinalResponse(ReadOnlySpan<byte> events)
    {
        using var reader = new SseReader(events.Length + 16, Math.Max(events.Length, 1));
        events.CopyTo(reader.GetMemory(Math.Max(events.Length, 1)).Span);
        reader.Advance(events.Length);
        reader.Complete();
        ReadOnlyMemory<byte> found = default;
        while (reader.TryRead(out var ev))
        {
            if (ev.HasData && From(ev.Data, 0, new Dictionary<string, string?>()) is { Type: "response.completed" or "response.incomplete" } last)
            {
                found = last.Response;
            }
        }

        return found;
    }

    private static ResponseEvent Make(string type, ArrayBufferWriter<byte> data, byte[] response)
    {
        // Between the tokens of what an upstream sent may stand line feeds; in one line of data they may not.
        var line = data.WrittenSpan.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        var output = new ArrayBufferWriter<byte>(line.Length + type.Length + 32);
        SseWriter.WriteEvent(output, Encoding.UTF8.GetBytes(type), line);
        return new ResponseEvent(type, output.WrittenSpan.ToArray(), response);
    }
}
