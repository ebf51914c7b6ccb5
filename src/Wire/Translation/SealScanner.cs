using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Translation;

/// <summary>Finds what only its maker can read in a request that is otherwise not decoded: signatures and encrypted thoughts of earlier answers.</summary>
public static class SealScanner
{
    private const int MostSeals = 64;

    /// <summary>The last ones of the request, oldest first. Never throws; of a body that is not JSON: those before the fault.</summary>
    public static IReadOnlyList<Seal> Find(WireProtocol client, ReadOnlySpan<byte> body)
    {
        // Most requests have none, and a search for a word is much cheaper than a reader.
        if (body.IndexOf("ignature"u8) < 0 && body.IndexOf("encrypted_content"u8) < 0 && body.IndexOf("redacted_thinking"u8) < 0)
        {
            return [];
        }

        var seals = new Queue<Seal>();
        try
        {
            Read(client, body, seals);
        }
        catch (JsonException)
        {
            // Whoever reads the body as a whole says what is wrong with it.
        }

        return [.. seals];
    }

    private static void Read(WireProtocol client, ReadOnlySpan<byte> body, Queue<Seal> seals)
    {
        var reader = new Utf8JsonReader(body, JsonFault.Strict);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isSeal = reader.Is("signature"u8) || reader.Is("encrypted_content"u8) || reader.Is("thoughtSignature"u8) || reader.Is("thought_signature"u8);
            if (!isSeal)
            {
                continue;
            }

            reader.Read();
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0)
            {
                seals.Enqueue(Seal.From(client, reader.GetText()));
                if (seals.Count > MostSeals)
                {
                    seals.Dequeue();
                }
            }
            else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                reader.Skip();
            }
        }
    }
}
