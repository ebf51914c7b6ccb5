using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Translation;

/// <summary>
/// Takes out of a request what a provider of another protocol sealed, so that its bytes can go to a provider of the client's own protocol,
/// which would refuse a signature that it did not make. With them go thoughts that were left unsigned beside them. Everything else stays byte for byte.
/// </summary>
public static class ForeignSeals
{
    // Google's word for a signature that was never there: https://ai.google.dev/gemini-api/docs/thought-signatures
    private const string NoSignature = "skip_thought_signature_validator";

    /// <summary>Null when there is nothing to take out, or the body is not JSON.</summary>
    public static byte[]? Remove(WireProtocol client, ReadOnlyMemory<byte> body)
    {
        if (!HasMark(body.Span))
        {
            return null;
        }

        using var document = JsonTree.TryParse(body);
        if (document is null)
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>(body.Length);
        using (var json = JsonOut.NewWriter(output))
        {
            Copy(client, document.RootElement, json);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Copy(WireProtocol client, JsonElement value, Utf8JsonWriter json)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (!MayHold(client, raw))
        {
            json.WriteRawValue(raw, skipInputValidation: true);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var element in value.EnumerateArray().Where(e => !IsGone(client, e)))
            {
                Copy(client, element, json);
            }

            json.WriteEndArray();
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                CopyMember(client, value, member, json);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteRawValue(raw, skipInputValidation: true);
        }
    }

    private static void CopyMember(WireProtocol client, JsonElement owner, JsonProperty member, Utf8JsonWriter json)
    {
        var name = JsonTree.Name(member);
        if (!IsSeal(client, name, member.Value))
        {
            json.WritePropertyName(name);
            Copy(client, member.Value, json);
        }
        else if (owner.TryGetProperty("functionCall", out _) || owner.TryGetProperty("function_call", out _))
        {
            // Google's newer models refuse a call without any.
            json.WriteString(name, NoSignature);
        }
    }

    /// <summary>Whether nothing of an element is left: sealed thoughts, and a message that held nothing else.</summary>
    private static bool IsGone(WireProtocol client, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !MayHold(client, JsonMarshal.GetRawUtf8Value(element)))
        {
            return false;
        }

        foreach (var member in element.EnumerateObject())
        {
            var name = JsonTree.Name(member);
            if (IsUnsigned(client, element, name, member.Value))
            {
                return true;
            }

            if (IsSeal(client, name, member.Value))
            {
                return !IsOnPart(name) || IsBare(element);
            }

            if (name is "content" or "parts" && member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() > 0
                && member.Value.EnumerateArray().All(e => IsGone(client, e)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A part of Gemini's that is a thought, or only there to carry the signature.</summary>
    private static bool IsBare(JsonElement part) =>
        (part.TryGetProperty("thought", out var thought) && thought.ValueKind == JsonValueKind.True)
        || part.EnumerateObject().All(m => IsOnPart(JsonTree.Name(m)) || (m.NameEquals("text") && m.Value.ValueKind == JsonValueKind.String && JsonTree.Text(m.Value).Length == 0));

    private static bool IsSeal(WireProtocol client, string name, JsonElement value) =>
        (IsOnPart(name) || name is "signature" or "encrypted_content" or "data") && value.ValueKind == JsonValueKind.String
        && HasMark(JsonMarshal.GetRawUtf8Value(value)) && Seal.IsMarked(client, JsonTree.Text(value));

    /// <summary>Thoughts that nobody signed come from providers that sign nothing; Anthropic refuses them.</summary>
    private static bool IsUnsigned(WireProtocol client, JsonElement block, string name, JsonElement value) =>
        client == WireProtocol.Messages && name == "signature" && value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8)
        && block.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("thinking"u8);

    private static bool IsOnPart(string name) => name is "thoughtSignature" or "thought_signature";

    private static bool MayHold(WireProtocol client, ReadOnlySpan<byte> raw) => HasMark(raw)
        || (client == WireProtocol.Messages && (raw.IndexOf("signature\":\"\""u8) >= 0 || raw.IndexOf("signature\": \"\""u8) >= 0));

    private static bool HasMark(ReadOnlySpan<byte> raw) => raw.IndexOf(Seal.Mark) >= 0;
}
