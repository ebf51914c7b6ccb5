using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>
/// Writes a Chat stream: role chunk, deltas, finish chunk, usage chunk if asked for, end mark. All that the chunks have in common is made once;
/// a delta costs the copy of its text.
/// </summary>
internal sealed class ChatEncoder(AnswerContext context) : StreamEncoder(context)
{
    private readonly List<EncodedPart> _parts = [];
    private readonly List<EncodedChoice> _choices = [];
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private Utf8JsonWriter? _json;
    private byte[] _head = [];

    private Utf8JsonWriter Json => WriterTo(Output);

    private ReadOnlySpan<byte> Tail => Context.IncludeUsage ? ",\"finish_reason\":null}],\"usage\":null}\n\n"u8 : ",\"finish_reason\":null}]}\n\n"u8;

    public override void Start(in AnswerStart start)
    {
        _scratch.ResetWrittenCount();
        _scratch.Write("data: "u8);
        var json = WriterTo(_scratch);
        json.WriteStartObject();
        ChatAnswerWriter.WriteHead(json, "chat.completion.chunk"u8, start.Id, start.Model, start.Created, Context);
        json.Flush();
        _scratch.Write(",\"choices\":["u8);
        _head = _scratch.WrittenSpan.ToArray();
        Choice(0);
    }

    public override void PartStart(in PartStart part)
    {
        var choice = Choice(part.Choice);
        var number = part.Kind switch
        {
            AnswerPartKind.ToolCall => choice.Calls++,
            AnswerPartKind.Reasoning or AnswerPartKind.RedactedReasoning => choice.Thoughts++,
            _ => 0,
        };
        choice.HasRefusal |= part.Kind == AnswerPartKind.Refusal;
        var isWrapped = part.Kind == AnswerPartKind.ToolCall && !part.IsCustom && CustomInput.IsExpected(Context.Request, part.Name);
        _parts.Add(new EncodedPart(part.Choice, part.Kind, number, part.IsCustom || isWrapped) { Wrapped = isWrapped ? new CustomInput() : null });
        if (part.Kind == AnswerPartKind.ToolCall)
        {
            WriteCallStart(part, number, part.IsCustom || isWrapped);
        }
    }

    public override void Delta(int part, ReadOnlySpan<byte> text)
    {
        var to = _parts[part];
        if (to.Wrapped is not { } wrapped)
        {
            WriteDelta(to, text);
            return;
        }

        _scratch.ResetWrittenCount();
        wrapped.Add(text, _scratch);
        WriteDelta(to, _scratch.WrittenSpan);
    }

    public override void Seal(int part, Translation.Seal seal)
    {
        var to = _parts[part];
        seal = seal.Provider is null ? seal with { Provider = Context.Provider } : seal;
        if (to.Kind == AnswerPartKind.ToolCall)
        {
            Open(to.Choice);
            WriteCallSeal(to, seal);
            Output.Write(Tail);
        }
        else if (to.Kind is AnswerPartKind.Reasoning or AnswerPartKind.RedactedReasoning)
        {
            Open(to.Choice);
            var json = Json;
            json.WriteStartObject();
            json.WriteStartArray("reasoning_details"u8);
            ChatReasoning.WriteDetail(json, to.Number, to.Kind == AnswerPartKind.RedactedReasoning, "", seal.For(WireProtocol.Chat));
            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            Output.Write(Tail);
        }
    }

    public override void PartEnd(int part)
    {
        if (_parts[part].Wrapped is { } wrapped)
        {
            _scratch.ResetWrittenCount();
            wrapped.End(_scratch);
            WriteDelta(_parts[part], _scratch.WrittenSpan);
        }
    }

    public override void Usage(in TokenUsage usage) => LastUsage = usage;

    public override void Finish(in AnswerFinish finish)
    {
        var word = ChatFinish.Write(finish.Reason, Choice(finish.Choice).HasRefusal);
        Open(finish.Choice);
        Output.Write("{},\"finish_reason\":"u8);
        WriteText(System.Text.Encoding.UTF8.GetBytes(word));
        Output.Write(Context.IncludeUsage ? "}],\"usage\":null}\n\n"u8 : "}]}\n\n"u8);
    }

    public override void Ping() => SseWriter.WritePing(Output);

    public override void WriteEnd()
    {
        if (Context.IncludeUsage && LastUsage is { } usage)
        {
            Output.Write(_head);
            Output.Write("],"u8);
            _scratch.ResetWrittenCount();
            var json = WriterTo(_scratch);
            json.WriteStartObject();
            ChatUsage.Write(json, usage);
            json.WriteEndObject();
            json.Flush();
            Output.Write(_scratch.WrittenSpan[1..]);
            Output.Write("\n\n"u8);
        }

        Output.Write(SseWriter.Done);
    }

    public override void WriteError(ClientError error)
    {
        ChatErrors.WriteEvent(error, Output);
        Output.Write(SseWriter.Done);
    }

    private TokenUsage? LastUsage { get; set; }

    private void WriteDelta(EncodedPart to, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        Open(to.Choice);
        switch (to.Kind)
        {
            case AnswerPartKind.Text:
                Output.Write("{\"content\":"u8);
                WriteText(text);
                Output.Write("}"u8);
                break;
            case AnswerPartKind.Refusal:
                Output.Write("{\"refusal\":"u8);
                WriteText(text);
                Output.Write("}"u8);
                break;
            case AnswerPartKind.ToolCall:
                WriteArguments(to, text);
                break;
            default:
                WriteThought(to, text);
                break;
        }

        Output.Write(Tail);
    }

    private void WriteArguments(EncodedPart to, ReadOnlySpan<byte> text)
    {
        Output.Write("{\"tool_calls\":[{\"index\":"u8);
        WriteNumber(to.Number);
        Output.Write(to.IsCustom ? ",\"custom\":{\"input\":"u8 : ",\"function\":{\"arguments\":"u8);
        WriteText(text);
        Output.Write("}}]}"u8);
    }

    // From the second part on the details say which text is whose; see ChatReasoning.
    private void WriteThought(EncodedPart to, ReadOnlySpan<byte> text)
    {
        Output.Write("{\"reasoning_content\":"u8);
        WriteText(text);
        if (to.Number > 0)
        {
            Output.Write(",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":"u8);
            WriteText(text);
            Output.Write(",\"index\":"u8);
            WriteNumber(to.Number);
            Output.Write("}]"u8);
        }

        Output.Write("}"u8);
    }

    private void WriteCallStart(in PartStart part, int number, bool isCustom)
    {
        Open(part.Choice);
        var json = Json;
        json.WriteStartObject();
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, number);
        json.WriteString("id"u8, ChatIds.Call(part.Id, Context.Seed, part.Part));
        json.WriteString("type"u8, isCustom ? "custom"u8 : "function"u8);
        json.WriteStartObject(isCustom ? "custom"u8 : "function"u8);
        json.WriteString("name"u8, part.Name);
        json.WriteString(isCustom ? "input"u8 : "arguments"u8, ""u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        Output.Write(Tail);
    }

    private void WriteCallSeal(EncodedPart to, Translation.Seal seal)
    {
        var json = Json;
        json.WriteStartObject();
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, to.Number);
        ChatAnswerWriter.WriteCallSeal(json, seal);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    private EncodedChoice Choice(int index)
    {
        while (_choices.Count <= index)
        {
            _choices.Add(new EncodedChoice());
        }

        var choice = _choices[index];
        if (!choice.IsOpen)
        {
            choice.IsOpen = true;
            Open(index);
            Output.Write("{\"role\":\"assistant\",\"content\":\"\"}"u8);
            Output.Write(Tail);
        }

        return choice;
    }

    private void Open(int choice)
    {
        Output.Write(_head);
        Output.Write("{\"index\":"u8);
        WriteNumber(choice);
        Output.Write(",\"delta\":"u8);
    }

    private Utf8JsonWriter WriterTo(IBufferWriter<byte> output)
    {
        if (_json is null)
        {
            return _json = JsonOut.NewWriter(output);
        }

        _json.Reset(output);
        return _json;
    }

    private void WriteNumber(int number)
    {
        var room = Output.GetSpan(11);
        number.TryFormat(room, out var written);
        Output.Advance(written);
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        var json = Json;
        json.WriteStringValue(text);
        json.Flush();
    }
}
