using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>Where the members of one candidate stand.</summary>
internal ref struct GeminiCandidate
{
    public int Index { get; private set; }

    /// <summary>At the start of the parts, or at nothing.</summary>
    public Utf8JsonReader Parts { get; private set; }

    public string? FinishReason { get; private set; }

    public string? FinishMessage { get; private set; }

    /// <param name="reader">At the candidate's start; moves to its end.</param>
    public static GeminiCandidate Read(ref Utf8JsonReader reader)
    {
        var candidate = default(GeminiCandidate);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            candidate.ReadMember(ref reader);
        }

        return candidate;
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.Is("content"u8))
        {
            reader.Read();
            ReadContent(reader);
        }
        else if (reader.Is("index"u8))
        {
            reader.Read();
            Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index is >= 0 and < 128 ? index : 0;
        }
        else if (reader.Is("finishReason"u8))
        {
            reader.Read();
            FinishReason = reader.TokenType == JsonTokenType.String ? reader.GetText() : null;
        }
        else if (reader.Is("finishMessage"u8))
        {
            reader.Read();
            FinishMessage = reader.TokenType == JsonTokenType.String ? reader.GetText() : null;
        }

        reader.Skip();
    }

    private void ReadContent(Utf8JsonReader reader)
    {
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isParts = reader.Is("parts"u8);
            reader.Read();
            if (isParts && reader.TokenType == JsonTokenType.StartArray)
            {
                Parts = reader;
            }

            reader.Skip();
        }
    }
}
