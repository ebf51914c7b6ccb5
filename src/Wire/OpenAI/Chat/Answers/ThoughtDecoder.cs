using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Reads <c>reasoning_content</c> or <c>reasoning</c>, and <c>reasoning_details</c> beside them, which repeat the text and bring the seals.</summary>
internal static class ThoughtDecoder
{
    /// <summary>Of one delta.</summary>
    public static void Read(in ChatChoiceFields fields, ChoiceDecoder choice, TextScratch scratch, IAnswerSink sink)
    {
        var isSaid = false;
        if (RawJson.IsArray(fields.ReasoningDetails))
        {
            var reader = RawJson.Open(fields.ReasoningDetails);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    reader.Skip();
                    continue;
                }

                var detail = Detail.Read(ref reader, fields.ReasoningDetails);
                ReadDetail(detail, isSaid ? default : fields.Reasoning, fields.Reasoning.IsEmpty, choice, scratch, sink);
                isSaid = true;
            }
        }

        if (!isSaid)
        {
            choice.Say(AnswerPartKind.Reasoning, scratch.Read(fields.Reasoning), sink);
        }
    }

    /// <summary>Of a whole message.</summary>
    public static void ReadWhole(in ChatChoiceFields fields, ChoiceDecoder choice, TextScratch scratch, IAnswerSink sink)
    {
        if (!RawJson.IsArray(fields.ReasoningDetails))
        {
            choice.Say(AnswerPartKind.Reasoning, scratch.Read(fields.Reasoning), sink);
            return;
        }

        using var details = JsonTree.TryParse(fields.ReasoningDetails.ToArray());
        foreach (var part in ChatReasoning.Read(RawJson.Text(fields.Reasoning), details?.RootElement ?? default, text => new Seal(WireProtocol.Chat, text)))
        {
            Give(part, choice, sink);
        }
    }

    private static void Give(ReasoningPart part, ChoiceDecoder choice, IAnswerSink sink)
    {
        choice.EndThoughts(sink);
        if (part.IsRedacted)
        {
            choice.Redacted(part.Seal!, sink);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(part.Text.Length));
        choice.Say(AnswerPartKind.Reasoning, rented.AsSpan(0, Encoding.UTF8.GetBytes(part.Text, rented)), sink);
        ArrayPool<byte>.Shared.Return(rented);
        if (part.Seal is not null)
        {
            choice.SealThoughts(part.Seal, sink);
        }
    }

    private static void ReadDetail(
        in Detail detail, ReadOnlySpan<byte> unsaid, bool isOnlyInDetails, ChoiceDecoder choice, TextScratch scratch, IAnswerSink sink)
    {
        if (!detail.Data.IsEmpty)
        {
            choice.Say(AnswerPartKind.Reasoning, scratch.Read(unsaid), sink);
            if (RawJson.Text(detail.Data) is { Length: > 0 } data)
            {
                choice.Redacted(new Seal(WireProtocol.Chat, data), sink);
            }

            return;
        }

        if (detail.Index is { } index && index != choice.ThoughtIndex)
        {
            choice.EndThoughts(sink);
            choice.ThoughtIndex = index;
        }

        choice.Say(AnswerPartKind.Reasoning, scratch.Read(isOnlyInDetails ? detail.Text : unsaid), sink);
        if (RawJson.Text(detail.Signature) is { Length: > 0 } signature)
        {
            choice.SealThoughts(new Seal(WireProtocol.Chat, signature), sink);
        }
    }

    private ref struct Detail
    {
        public ReadOnlySpan<byte> Text { get; private set; }

        public ReadOnlySpan<byte> Signature { get; private set; }

        public ReadOnlySpan<byte> Data { get; private set; }

        public long? Index { get; private set; }

        public static Detail Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
        {
            var detail = default(Detail);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.Is("text"u8) || reader.Is("summary"u8))
                {
                    detail.Text = RawJson.Take(ref reader, json);
                }
                else if (reader.Is("signature"u8))
                {
                    detail.Signature = RawJson.Take(ref reader, json);
                }
                else if (reader.Is("data"u8))
                {
                    detail.Data = RawJson.Take(ref reader, json);
                }
                else if (reader.Is("index"u8))
                {
                    detail.Index = RawJson.Integer(RawJson.Take(ref reader, json));
                }
                else
                {
                    reader.Skip();
                }
            }

            return detail;
        }
    }
}
