using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Routing.Affinity;

/// <summary>
/// A digest of what a prompt begins with, the system prompt and the tools, made of the request's bytes without building
/// objects. The user's id is part of it: where one user's prompts go tells nothing of what another one asks.
/// </summary>
internal static class PromptPrefix
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Null when the request has neither, and when it can't be read here.</summary>
    public static ulong? DigestOf(InboundCall call, Guid userId) => DigestOf(call.Protocol, call.Body.Span, userId);

    public static ulong? DigestOf(WireProtocol protocol, ReadOnlySpan<byte> body, Guid userId)
    {
        var parts = new Parts();
        try
        {
            Find(protocol, body, parts);
        }
        catch (JsonException)
        {
            // Whoever decodes the body says what is wrong with it.
            return null;
        }

        return parts.IsEmpty ? null : Digest(body, parts, userId);
    }

    private static void Find(WireProtocol protocol, ReadOnlySpan<byte> body, Parts parts)
    {
        var reader = new Utf8JsonReader(body, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(protocol, ref reader);
            reader.Read();
            if (field == Field.Turns && reader.TokenType == JsonTokenType.StartArray)
            {
                AddLeadingSystemTurns(ref reader, parts);
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (field is Field.System or Field.Tools)
            {
                parts.Add(field, start, (int)reader.BytesConsumed - start);
            }
        }
    }

    private static Field FieldOf(WireProtocol protocol, ref Utf8JsonReader reader) => protocol switch
    {
        _ when reader.ValueTextEquals("tools"u8) => Field.Tools,
        WireProtocol.Chat => reader.ValueTextEquals("messages"u8) ? Field.Turns : reader.ValueTextEquals("functions"u8) ? Field.Tools : Field.Other,
        WireProtocol.Responses => reader.ValueTextEquals("input"u8) ? Field.Turns : reader.ValueTextEquals("instructions"u8) ? Field.System : Field.Other,
        WireProtocol.Messages => reader.ValueTextEquals("system"u8) ? Field.System : Field.Other,
        _ => reader.ValueTextEquals("systemInstruction"u8) || reader.ValueTextEquals("system_instruction"u8) ? Field.System : Field.Other,
    };

    /// <summary>The turns before the first that is not the system's; leaves the reader at the array's end.</summary>
    private static void AddLeadingSystemTurns(ref Utf8JsonReader reader, Parts parts)
    {
        var leading = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            if (!leading || reader.TokenType != JsonTokenType.StartObject)
            {
                leading = false;
                reader.Skip();
                continue;
            }

            leading = IsSystemTurn(ref reader);
            if (leading)
            {
                parts.Add(Field.Turns, start, (int)reader.BytesConsumed - start);
            }
        }
    }

    // Reads the whole object: the role may stand at its end.
    private static bool IsSystemTurn(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var isSystem = false;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth))
        {
            var isRole = reader.ValueTextEquals("role"u8);
            reader.Read();
            if (isRole)
            {
                isSystem = reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("developer"u8));
            }

            reader.Skip();
        }

        return isSystem;
    }

    private static ulong Digest(ReadOnlySpan<byte> body, Parts parts, Guid userId)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[SHA256.HashSizeInBytes];
        userId.TryWriteBytes(buffer);
        hash.AppendData(buffer[..16]);

        // In one order, whatever the client's is, and each part with its length, so that no two prompts share a form.
        parts.Sort();
        foreach (var (field, start, length) in parts.All)
        {
            buffer[0] = (byte)field;
            BinaryPrimitives.WriteInt32LittleEndian(buffer[1..], length);
            hash.AppendData(buffer[..5]);
            hash.AppendData(body.Slice(start, length));
        }

        hash.GetHashAndReset(buffer);
        return BinaryPrimitives.ReadUInt64LittleEndian(buffer);
    }

    private enum Field : byte
    {
        Other,
        System,
        Turns,
        Tools,
    }

    private sealed class Parts
    {
        private readonly List<(Field Field, int Start, int Length)> _all = new(2);

        public bool IsEmpty => _all.Count == 0;

        public IReadOnlyList<(Field Field, int Start, int Length)> All => _all;

        public void Add(Field field, int start, int length)
        {
            // "", [] and {} say nothing; null has four bytes and nobody who means something sends so few.
            if (length > 4)
            {
                _all.Add((field, start, length));
            }
        }

        public void Sort() => _all.Sort((a, b) => a.Field != b.Field ? a.Field.CompareTo(b.Field) : a.Start.CompareTo(b.Start));
    }
}
