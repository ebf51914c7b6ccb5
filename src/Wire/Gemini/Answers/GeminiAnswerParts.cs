using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Gemini.Requests;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>The parts of answers as a Gemini client sees them, the same in a stream and in a whole answer.</summary>
internal static class GeminiAnswerParts
{
    // Of the year 9999.
    private const long LastSecond = 253_402_300_800;

    private static readonly SearchValues<char> IdLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly string[] OtherPrefixes = ["chatcmpl", "cmpl", "msg_", "resp_", "gen-", "req_"];

    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> text, bool isThought)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        if (isThought)
        {
            json.WriteBoolean("thought"u8, true);
        }

        json.WriteEndObject();
    }

    /// <summary>A signature without text: of the thoughts before it, of the text behind it, or thoughts that are encrypted.</summary>
    public static void WriteSignature(Utf8JsonWriter json, Seal seal, bool isThought, AnswerContext context)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, ""u8);
        if (isThought)
        {
            json.WriteBoolean("thought"u8, true);
        }

        WriteSeal(json, seal, context);
        json.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter json, in PartStart call, ReadOnlySpan<byte> arguments, Seal? seal, AnswerContext context)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionCall"u8);
        json.WriteString("id"u8, call.Id.Length > 0 ? call.Id : $"call_{context.Seed}{call.Part}");
        json.WriteString("name"u8, call.Name);
        GeminiArguments.Write(json, arguments, call.IsCustom);
        json.WriteEndObject();
        if (seal is not null)
        {
            WriteSeal(json, seal, context);
        }

        json.WriteEndObject();
    }

    /// <summary>createTime, modelVersion and responseId.</summary>
    public static void WriteHead(Utf8JsonWriter json, in AnswerStart start, AnswerContext context)
    {
        var created = start.Created > 0 ? start.Created : context.Now;
        if (created is > 0 and < LastSecond)
        {
            json.WriteString("createTime"u8, DateTimeOffset.FromUnixTimeSeconds(created).UtcDateTime);
        }

        if (start.Model.Length > 0)
        {
            json.WriteString("modelVersion"u8, start.Model);
        }

        json.WriteString("responseId"u8, IsOwnId(start.Id) ? start.Id : context.Seed);
    }

    // Google's ids are base64 for URLs without a prefix; everyone else's begin with a word of their own.
    // Written into every chunk: no delegates.
    private static bool IsOwnId(string id)
    {
        if (id.Length is < 16 or > 64 || id.AsSpan().ContainsAnyExcept(IdLetters))
        {
            return false;
        }

        foreach (var prefix in OtherPrefixes)
        {
            if (id.StartsWith(prefix, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static void WriteSeal(Utf8JsonWriter json, Seal seal, AnswerContext context) =>
        json.WriteString("thoughtSignature"u8, (seal.Provider is null ? seal with { Provider = context.Provider } : seal).For(WireProtocol.Gemini));
}
