using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>Where the members of one part of an answer stand. Readers stand at strings, or (TokenType None) at nothing.</summary>
internal ref struct GeminiPart
{
    public Utf8JsonReader Text { get; private set; }

    public Utf8JsonReader Signature { get; private set; }

    public Utf8JsonReader MediaType { get; private set; }

    public Utf8JsonReader Data { get; private set; }

    public bool IsThought { get; private set; }

    public string? CallName { get; private set; }

    public string CallId { get; private set; }

    /// <summary>The arguments as they were sent: an object, or a string that holds one.</summary>
    public Utf8JsonReader Arguments { get; private set; }

    /// <param name="reader">At the part's start; moves to its end.</param>
    public static GeminiPart Read(ref Utf8JsonReader reader)
    {
        var part = new GeminiPart { CallId = "" };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            part.ReadMember(ref reader);
        }

        return part;
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.Is("text"u8))
        {
            reader.Read();
            Text = StringOrNone(reader);
        }
        else if (reader.Is("thought"u8))
        {
            reader.Read();
            IsThought = reader.TokenType == JsonTokenType.True;
        }
        else if (reader.Is("thoughtSignature"u8))
        {
            reader.Read();
            Signature = StringOrNone(reader);
        }
        else if (reader.Is("functionCall"u8))
        {
            reader.Read();
            ReadCall(reader);
        }
        else if (reader.Is("inlineData"u8))
        {
            reader.Read();
            ReadBlob(reader);
        }

        reader.Skip();
    }

    private void ReadCall(Utf8JsonReader reader)
    {
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("name"u8))
            {
                reader.Read();
                CallName = reader.TokenType == JsonTokenType.String ? reader.GetText() : null;
            }
            else if (reader.Is("id"u8))
            {
                reader.Read();
                CallId = reader.TokenType == JsonTokenType.String ? reader.GetText() : "";
            }
            else if (reader.Is("args"u8))
            {
                reader.Read();
                Arguments = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String ? reader : default;
            }

            reader.Skip();
        }
    }

    private void ReadBlob(Utf8JsonReader reader)
    {
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("mimeType"u8))
            {
                reader.Read();
                MediaType = StringOrNone(reader);
            }
            else if (reader.Is("data"u8))
            {
                reader.Read();
                Data = StringOrNone(reader);
            }

            reader.Skip();
        }
    }

    private static Utf8JsonReader StringOrNone(Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader : default;
}
