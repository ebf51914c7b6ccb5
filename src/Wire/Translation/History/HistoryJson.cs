using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Stored;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Translation.History;

/// <summary>Messages as the JSON array of a protocol's own requests: kept so, read again, and put in front of a request that is otherwise left as it is.</summary>
public static class HistoryJson
{
    private const string AnyModel = "m";

    /// <summary>The array: <c>messages</c>, <c>input</c> or <c>contents</c>.</summary>
    public static byte[] Write(WireProtocol protocol, IReadOnlyList<Message> messages)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        Codecs.Of(protocol).WriteRequest(new ModelRequest { Model = AnyModel, Messages = messages }, new RequestTarget(AnyModel, Stream: false), body);
        using var document = JsonTree.Parse(body.WrittenMemory);
        var output = new ArrayBufferWriter<byte>(body.WrittenCount);
        using (var json = JsonOut.NewWriter(output))
        {
            document.RootElement.GetProperty(NameOf(protocol)).WriteTo(json);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The messages of such an array.</summary>
    /// <exception cref="WireFormatException">It is none.</exception>
    public static IReadOnlyList<Message> Read(WireProtocol protocol, ReadOnlyMemory<byte> array)
    {
        var body = new ArrayBufferWriter<byte>(array.Length + 64);
        using (var json = JsonOut.NewWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, AnyModel);
            json.WriteNumber("max_tokens"u8, 1);
            json.WritePropertyName(NameOf(protocol));
            json.WriteRawValue(array.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return Codecs.Of(protocol).ReadRequest(body.WrittenMemory).Messages;
    }

    /// <summary>Writes the request with <paramref name="history"/> in front of what it says itself; every other member stays as it was sent.</summary>
    /// <exception cref="WireFormatException">The body is not JSON.</exception>
    public static void Compose(WireProtocol protocol, ReadOnlyMemory<byte> body, IReadOnlyList<Message> history, IBufferWriter<byte> output)
    {
        using var earlier = JsonDocument.Parse(Write(protocol, history));
        using var document = JsonTree.Parse(body);
        using var json = JsonOut.NewWriter(output);
        var root = new JsonFields(document.RootElement, "");
        json.WriteStartObject();
        foreach (var member in root.Element.EnumerateObject())
        {
            var name = JsonTree.Name(member);
            json.WritePropertyName(name);
            if (name == NameOf(protocol))
            {
                WriteAll(json, protocol, earlier.RootElement, member.Value);
            }
            else
            {
                json.WriteRawValue(JsonTree.Raw(member.Value), skipInputValidation: true);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter json, WireProtocol protocol, JsonElement earlier, JsonElement own)
    {
        json.WriteStartArray();
        JsonElement[] said = own.ValueKind == JsonValueKind.Array ? [.. own.EnumerateArray()] : [own];

        // Chat's instructions are messages, and stay in front.
        var instructions = protocol == WireProtocol.Chat ? said.TakeWhile(IsInstruction).Count() : 0;
        WriteRaw(json, said.Take(instructions));
        WriteRaw(json, earlier.EnumerateArray());
        foreach (var item in said.Skip(instructions))
        {
            if (protocol == WireProtocol.Responses && item.ValueKind == JsonValueKind.String)
            {
                StoredItemWriter.WriteText(json, JsonTree.Raw(item), id: null);
            }
            else
            {
                json.WriteRawValue(JsonTree.Raw(item), skipInputValidation: true);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, IEnumerable<JsonElement> items)
    {
        foreach (var item in items)
        {
            json.WriteRawValue(JsonTree.Raw(item), skipInputValidation: true);
        }
    }

    private static bool IsInstruction(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
        && (role.ValueEquals("system"u8) || role.ValueEquals("developer"u8));

    private static string NameOf(WireProtocol protocol) => protocol switch
    {
        WireProtocol.Responses => "input",
        WireProtocol.Gemini => "contents",
        _ => "messages",
    };
}
