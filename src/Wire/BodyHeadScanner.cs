using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire;

/// <summary>
/// Reads the head of a request of any protocol but Chat in one pass, and refuses what another parser might read differently: invalid UTF-8, a byte
/// order mark, a member that decides anything given twice (also in other letter case), one of the wrong type. Other members pass unread.
/// </summary>
public static class BodyHeadScanner
{
    private const int LastRead = 8;

    private static readonly byte[][] Names =
    [
        "model"u8.ToArray(), "stream"u8.ToArray(), "store"u8.ToArray(), "background"u8.ToArray(), "previous_response_id"u8.ToArray(),
        "max_tokens"u8.ToArray(), "max_output_tokens"u8.ToArray(), "prompt_cache_key"u8.ToArray(), "metadata"u8.ToArray(),
        // Nothing is kept of them, but a second one could change what was understood.
        "messages"u8.ToArray(), "input"u8.ToArray(), "instructions"u8.ToArray(), "system"u8.ToArray(), "tools"u8.ToArray(), "tool_choice"u8.ToArray(),
        "contents"u8.ToArray(), "systeminstruction"u8.ToArray(), "system_instruction"u8.ToArray(),
    ];

    private static readonly int Tools = PlaceOf("tools"u8);

    private static readonly int[] Turns = [PlaceOf("messages"u8), PlaceOf("input"u8), PlaceOf("contents"u8)];

    /// <summary>Scans a whole body. Throws <see cref="WireFormatException"/> with code <c>invalid_json</c> or <c>invalid_request</c>, nothing else.</summary>
    /// <param name="body">The request.</param>
    /// <param name="needsModel">Whether a body without model is refused.</param>
    public static BodyHead Scan(ReadOnlySpan<byte> body, bool needsModel)
    {
        JsonFault.RequireUtf8(body, "The body");
        try
        {
            var head = Read(body);
            return needsModel && string.IsNullOrEmpty(head.Model)
                ? throw new WireFormatException(WireFormatException.InvalidRequest, "'model' is missing or empty; name the model that shall answer.", "model")
                : head;
        }
        catch (JsonException)
        {
            throw JsonFault.Explain(body, "The body");
        }
    }

    private static BodyHead Read(ReadOnlySpan<byte> body)
    {
        var reader = new JsonBodyReader(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new WireFormatException(
                WireFormatException.InvalidRequest, $"The body must be a JSON object; it is {JsonMembers.NameOf(reader.TokenType)}.", position: reader.TokenStart);
        }

        var head = new BodyHead();
        var seen = 0u;
        var content = new ContentScan();
        var needs = RequestNeeds.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            head = ReadMember(ref reader, head, ref seen, ref content, ref needs);
        }

        // One more step, so that anything but white space after the object is refused.
        reader.Read();
        return head with { Needs = needs | content.Needs, TextBytes = body.Length - content.MediaBytes };
    }

    private static BodyHead ReadMember(ref JsonBodyReader reader, BodyHead head, ref uint seen, ref ContentScan content, ref RequestNeeds needs)
    {
        Span<byte> scratch = stackalloc byte[JsonKeys.ScratchBytes];
        var key = JsonText.Key(reader.ValueSpan, reader.ValueIsEscaped, scratch);
        var (field, exact) = Find(key);
        if (field >= 0)
        {
            if ((seen & (1u << field)) != 0)
            {
                throw JsonMembers.Duplicate(ref reader, Encoding.UTF8.GetString(Names[field]));
            }

            seen |= 1u << field;
        }

        if (field is < 0 or > LastRead || !exact)
        {
            needs |= ReadUnkept(ref reader, exact ? field : -1, ref content);
            return head;
        }

        reader.Read();
        return field switch
        {
            0 => ReadModel(ref reader, head),
            1 => head with { Stream = JsonMembers.ReadBoolean(ref reader, "stream") },
            2 => head with { Store = JsonMembers.ReadBoolean(ref reader, "store") },
            3 => head with { Background = JsonMembers.ReadBoolean(ref reader, "background") },
            4 => head with { PreviousResponseId = JsonMembers.ReadString(ref reader, "previous_response_id") },
            5 => head with { MaxTokens = JsonMembers.ReadInteger(ref reader, "max_tokens") },
            6 => head with { MaxTokens = JsonMembers.ReadInteger(ref reader, "max_output_tokens") },
            7 => head with { PromptCacheKey = JsonMembers.ReadString(ref reader, "prompt_cache_key") },
            _ => ReadMetadata(ref reader, head),
        };
    }

    /// <summary>Members of which nothing is kept but what they ask of a model.</summary>
    private static RequestNeeds ReadUnkept(ref JsonBodyReader reader, int field, ref ContentScan content)
    {
        if (field < 0 && OptionScan.IsOption(ref reader))
        {
            return OptionScan.Read(ref reader);
        }

        if (reader.TryStepOverText(out _))
        {
            return RequestNeeds.None;
        }

        reader.Read();
        if (field >= 0 && Turns.Contains(field))
        {
            content.ReadTurns(ref reader);
            return RequestNeeds.None;
        }

        if (field == Tools && reader.TokenType == JsonTokenType.StartArray)
        {
            return ReadTools(ref reader);
        }

        reader.Skip();
        return RequestNeeds.None;
    }

    private static RequestNeeds ReadTools(ref JsonBodyReader reader)
    {
        var needs = RequestNeeds.None;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            needs = RequestNeeds.Tools;
            reader.Skip();
        }

        return needs;
    }

    private static BodyHead ReadModel(ref JsonBodyReader reader, BodyHead head)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return head;
        }

        var place = JsonMembers.ValueSpanOf(ref reader);
        return head with { Model = JsonMembers.ReadString(ref reader, "model", "a string"), ModelValue = place };
    }

    private static int PlaceOf(ReadOnlySpan<byte> name) => Find(name).Field;

    private static BodyHead ReadMetadata(ref JsonBodyReader reader, BodyHead head)
    {
        var search = new JsonMemberSearch("metadata", "user_id"u8);
        if (!search.Find(ref reader))
        {
            return head;
        }

        var found = head with { MetadataUserId = JsonMembers.ReadString(ref reader, "metadata.user_id") };
        search.Finish(ref reader);
        return found;
    }

    private static (int Field, bool Exact) Find(ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (JsonKeys.Matches(key, Names[i], out var exact))
            {
                return (i, exact);
            }
        }

        return (-1, false);
    }
}
