using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>Writes the events of one stream, numbered from 0, with one writer for all of them.</summary>
internal sealed class ResponseEvents
{
    private readonly Utf8JsonWriter _json = JsonOut.NewWriter(new ArrayBufferWriter<byte>(1));
    private long _sequence;

    /// <summary>Begins an event; its members follow, then <see cref="Close"/>.</summary>
    public Utf8JsonWriter Open(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        _json.WriteNumber("sequence_number"u8, _sequence++);
        return _json;
    }

    public void Close(IBufferWriter<byte> output)
    {
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n\n"u8);
    }

    public void ItemAdded(IBufferWriter<byte> output, OutputItem item) => WriteItem(output, item, "response.output_item.added"u8, "in_progress"u8, isWhole: false);

    public void ItemDone(IBufferWriter<byte> output, OutputItem item) => WriteItem(output, item, "response.output_item.done"u8, "completed"u8, isWhole: true);

    public void ContentAdded(IBufferWriter<byte> output, OutputPart part)
    {
        OpenPart(output, part, "response.content_part.added"u8);
        _json.WritePropertyName("part"u8);
        OutputItemWriter.WriteContent(_json, part.Kind, []);
        Close(output);
    }

    public void Delta(IBufferWriter<byte> output, OutputPart part, ReadOnlySpan<byte> text)
    {
        if (part.Item.Kind == OutputItemKind.Reasoning && !part.HasBegun)
        {
            part.HasBegun = true;
            OpenPart(output, part, "response.reasoning_summary_part.added"u8);
            _json.WritePropertyName("part"u8);
            OutputItemWriter.WriteSummary(_json, []);
            Close(output);
        }

        OpenPart(output, part, DeltaType(part));
        _json.WriteString("delta"u8, text);
        if (part.Kind == AnswerPartKind.Text)
        {
            OutputItemWriter.WriteEmptyArray(_json, "logprobs"u8);
        }

        Close(output);
    }

    /// <summary>The text as a whole, and the end of its place in the item.</summary>
    public void PartDone(IBufferWriter<byte> output, OutputPart part)
    {
        switch (part.Item.Kind)
        {
            case OutputItemKind.Message:
                ContentDone(output, part);
                break;
            case OutputItemKind.Reasoning when part.HasBegun:
                TextDone(output, part, "response.reasoning_summary_text.done"u8, "text"u8);
                OpenPart(output, part, "response.reasoning_summary_part.done"u8);
                _json.WritePropertyName("part"u8);
                OutputItemWriter.WriteSummary(_json, part.Text.WrittenSpan);
                Close(output);
                break;
            case OutputItemKind.FunctionCall:
                OpenPart(output, part, "response.function_call_arguments.done"u8);
                _json.WriteString("name"u8, part.Item.Name);
                _json.WriteString("arguments"u8, part.Text.WrittenSpan);
                Close(output);
                break;
            case OutputItemKind.CustomCall:
                TextDone(output, part, "response.custom_tool_call_input.done"u8, "input"u8);
                break;
            default:
                break;
        }
    }

    private void ContentDone(IBufferWriter<byte> output, OutputPart part)
    {
        if (part.Kind == AnswerPartKind.Refusal)
        {
            TextDone(output, part, "response.refusal.done"u8, "refusal"u8);
        }
        else
        {
            TextDone(output, part, "response.output_text.done"u8, "text"u8);
        }

        OpenPart(output, part, "response.content_part.done"u8);
        _json.WritePropertyName("part"u8);
        OutputItemWriter.WriteContent(_json, part.Kind, part.Text.WrittenSpan);
        Close(output);
    }

    private void TextDone(IBufferWriter<byte> output, OutputPart part, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name)
    {
        OpenPart(output, part, type);
        _json.WriteString(name, part.Text.WrittenSpan);
        if (part.Kind == AnswerPartKind.Text)
        {
            OutputItemWriter.WriteEmptyArray(_json, "logprobs"u8);
        }

        Close(output);
    }

    private void OpenPart(IBufferWriter<byte> output, OutputPart part, ReadOnlySpan<byte> type)
    {
        Open(output, type);
        _json.WriteString("item_id"u8, part.Item.Id);
        _json.WriteNumber("output_index"u8, part.Item.Index);
        if (part.Item.Kind == OutputItemKind.Message)
        {
            _json.WriteNumber("content_index"u8, part.Index);
        }
        else if (part.Item.Kind == OutputItemKind.Reasoning)
        {
            _json.WriteNumber("summary_index"u8, 0);
        }
    }

    private void WriteItem(IBufferWriter<byte> output, OutputItem item, ReadOnlySpan<byte> type, ReadOnlySpan<byte> status, bool isWhole)
    {
        Open(output, type);
        _json.WriteNumber("output_index"u8, item.Index);
        _json.WritePropertyName("item"u8);
        OutputItemWriter.Write(_json, item, status, isWhole);
        Close(output);
    }

    private static ReadOnlySpan<byte> DeltaType(OutputPart part) => part.Item.Kind switch
    {
        OutputItemKind.Message => part.Kind == AnswerPartKind.Refusal ? "response.refusal.delta"u8 : "response.output_text.delta"u8,
        OutputItemKind.Reasoning => "response.reasoning_summary_text.delta"u8,
        OutputItemKind.CustomCall => "response.custom_tool_call_input.delta"u8,
        _ => "response.function_call_arguments.delta"u8,
    };
}
