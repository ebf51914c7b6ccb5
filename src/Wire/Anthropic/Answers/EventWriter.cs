using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>Writes the events of a Messages stream with one JSON writer for all of them.</summary>
internal sealed class EventWriter
{
    private readonly ArrayBufferWriter<byte> _escaped = new();
    private readonly Utf8JsonWriter _json = JsonOut.NewWriter(new ArrayBufferWriter<byte>());

    public void MessageStart(IBufferWriter<byte> output, string id, string model, TokenUsage? usage)
    {
        Begin(output, "message_start"u8);
        _json.WriteStartObject("message"u8);
        AnswerWriter.WriteHead(_json, id, model);
        _json.WriteStartArray("content"u8);
        _json.WriteEndArray();
        _json.WriteNull("stop_reason"u8);
        _json.WriteNull("stop_sequence"u8);
        MessagesUsage.Write(_json, usage);
        _json.WriteEndObject();
        End(output);
    }

    public void MessageEnd(IBufferWriter<byte> output, in AnswerFinish finish, bool hasCalls, TokenUsage? usage)
    {
        Begin(output, "message_delta"u8);
        _json.WriteStartObject("delta"u8);
        AnswerWriter.WriteStop(_json, finish.Reason, finish.StopSequence, hasCalls);
        _json.WriteEndObject();
        MessagesUsage.Write(_json, usage);
        End(output);
        Begin(output, "message_stop"u8);
        End(output);
    }

    public void Ping(IBufferWriter<byte> output)
    {
        Begin(output, "ping"u8);
        End(output);
    }

    public void Error(IBufferWriter<byte> output, ClientError error)
    {
        output.Write("event: error\ndata: "u8);
        MessagesError.Write(error, output);
        output.Write("\n\n"u8);
    }

    public void TextStart(IBufferWriter<byte> output, int index)
    {
        BeginBlock(output, index, "text"u8);
        _json.WriteString("text"u8, ""u8);
        EndBlock(output);
    }

    public void ThinkingStart(IBufferWriter<byte> output, int index)
    {
        BeginBlock(output, index, "thinking"u8);
        _json.WriteString("thinking"u8, ""u8);
        _json.WriteString("signature"u8, ""u8);
        EndBlock(output);
    }

    public void RedactedStart(IBufferWriter<byte> output, int index, string data)
    {
        BeginBlock(output, index, "redacted_thinking"u8);
        _json.WriteString("data"u8, data);
        EndBlock(output);
    }

    public void CallStart(IBufferWriter<byte> output, int index, string id, string name)
    {
        BeginBlock(output, index, "tool_use"u8);
        _json.WriteString("id"u8, id);
        _json.WriteString("name"u8, name);
        _json.WriteStartObject("input"u8);
        _json.WriteEndObject();
        EndBlock(output);
    }

    public void TextDelta(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> text) =>
        Delta(output, index, "text_delta"u8, "text"u8, text);

    public void ThinkingDelta(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> text) =>
        Delta(output, index, "thinking_delta"u8, "thinking"u8, text);

    public void JsonDelta(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> json) =>
        Delta(output, index, "input_json_delta"u8, "partial_json"u8, json);

    /// <summary>A piece of free text as content of the JSON string that it stands in.</summary>
    public void EscapedJsonDelta(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> text)
    {
        _escaped.ResetWrittenCount();
        _json.Reset(_escaped);
        _json.WriteStringValue(text);
        _json.Flush();
        JsonDelta(output, index, _escaped.WrittenSpan[1..^1]);
    }

    public void SignatureDelta(IBufferWriter<byte> output, int index, string signature)
    {
        BeginDelta(output, index, "signature_delta"u8);
        _json.WriteString("signature"u8, signature);
        EndBlock(output);
    }

    public void BlockStop(IBufferWriter<byte> output, int index)
    {
        Begin(output, "content_block_stop"u8);
        _json.WriteNumber("index"u8, index);
        End(output);
    }

    private void Delta(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        BeginDelta(output, index, type);
        _json.WriteString(name, text);
        EndBlock(output);
    }

    private void BeginDelta(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> type)
    {
        Begin(output, "content_block_delta"u8);
        _json.WriteNumber("index"u8, index);
        _json.WriteStartObject("delta"u8);
        _json.WriteString("type"u8, type);
    }

    private void BeginBlock(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> type)
    {
        Begin(output, "content_block_start"u8);
        _json.WriteNumber("index"u8, index);
        _json.WriteStartObject("content_block"u8);
        _json.WriteString("type"u8, type);
    }

    private void EndBlock(IBufferWriter<byte> output)
    {
        _json.WriteEndObject();
        End(output);
    }

    private void Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
    }

    private void End(IBufferWriter<byte> output)
    {
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n\n"u8);
    }
}
