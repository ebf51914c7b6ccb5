using System.Buffers;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>How relayed events reach the client: as they came, or (Gemini without <c>alt=sse</c>) as the elements of one JSON array.</summary>
internal abstract class EventForm
{
    public abstract string ContentType { get; }

    public static EventForm Of(bool asArray) => asArray ? new ArrayForm() : EventsForm.Instance;

    public abstract void Write(in SseEvent ev, IBufferWriter<byte> output);

    public abstract void WriteEnd(IBufferWriter<byte> output);

    /// <param name="error">What went wrong.</param>
    /// <param name="codec">The client's protocol.</param>
    /// <param name="events">Events passed so far: the next sequence number of Responses.</param>
    /// <param name="output">Where to.</param>
    public abstract void WriteError(ClientError error, ProtocolCodec codec, int events, IBufferWriter<byte> output);

    private sealed class EventsForm : EventForm
    {
        public static readonly EventsForm Instance = new();

        public override string ContentType => "text/event-stream";

        public override void Write(in SseEvent ev, IBufferWriter<byte> output) => StreamTap.WriteRaw(ev, output);

        public override void WriteEnd(IBufferWriter<byte> output)
        {
        }

        public override void WriteError(ClientError error, ProtocolCodec codec, int events, IBufferWriter<byte> output)
        {
            var body = new ArrayBufferWriter<byte>(256);
            if (codec.Protocol == WireProtocol.Responses)
            {
                WriteResponsesError(error, events, body);
            }
            else
            {
                codec.WriteError(error, body);
            }

            if (codec.Protocol == WireProtocol.Gemini)
            {
                SseWriter.WriteData(output, body.WrittenSpan);
            }
            else
            {
                SseWriter.WriteEvent(output, "error"u8, body.WrittenSpan);
            }
        }

        private static void WriteResponsesError(ClientError error, int sequence, IBufferWriter<byte> output)
        {
            using var json = new Utf8JsonWriter(output);
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            json.WriteString("param"u8, error.Param);
            json.WriteNumber("sequence_number"u8, sequence);
            json.WriteEndObject();
        }
    }

    private sealed class ArrayForm : EventForm
    {
        private bool _started;

        public override string ContentType => "application/json";

        public override void Write(in SseEvent ev, IBufferWriter<byte> output)
        {
            if (ev.HasData)
            {
                output.Write(_started ? ",\r\n"u8 : "["u8);
                output.Write(ev.Data.Span);
                _started = true;
            }
        }

        public override void WriteEnd(IBufferWriter<byte> output) => output.Write(_started ? "]"u8 : "[]"u8);

        public override void WriteError(ClientError error, ProtocolCodec codec, int events, IBufferWriter<byte> output)
        {
            output.Write(_started ? ",\r\n"u8 : "["u8);
            codec.WriteError(error, output);
            output.Write("]"u8);
        }
    }
}
