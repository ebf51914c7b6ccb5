using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Where the members of one chunk (or whole answer) stand. Reading it checks the whole chunk, so that no half of a bad one is passed on.</summary>
internal ref struct ChatRoot
{
    public ReadOnlySpan<byte> Id { get; private set; }

    public ReadOnlySpan<byte> Model { get; private set; }

    public ReadOnlySpan<byte> Created { get; private set; }

    public ReadOnlySpan<byte> Choices { get; private set; }

    public ReadOnlySpan<byte> Usage { get; private set; }

    public bool IsError { get; private set; }

    /// <summary>False when the data is not one JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ChatRoot root)
    {
        root = default;
        var reader = new Utf8JsonReader(data, JsonFault.Strict);
        try
        {
            var found = default(ChatRoot);
            var isObject = found.Read(ref reader, data);
            root = found;
            return isObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool Read(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader, data);
        }

        // Anything behind the object throws.
        reader.Read();
        return true;
    }

    private void ReadMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.Is("choices"u8))
        {
            Choices = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("id"u8))
        {
            Id = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("model"u8))
        {
            Model = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("created"u8))
        {
            Created = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("usage"u8))
        {
            Usage = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("error"u8))
        {
            var error = RawJson.Take(ref reader, data);
            IsError |= RawJson.IsObject(error) || error.Length > 2 && RawJson.IsText(error);
        }
        else if (reader.Is("object"u8))
        {
            IsError |= RawJson.Take(ref reader, data).SequenceEqual("\"error\""u8);
        }
        else
        {
            reader.Skip();
        }
    }
}
