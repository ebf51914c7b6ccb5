using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>
/// Writes an answer as chunks, as server-sent events or as the elements of one JSON array. Calls are gathered, for Gemini has them whole only;
/// finish and usage stand in the last chunk.
/// </summary>
internal sealed class GeminiStreamEncoder(AnswerContext context, bool asArray) : StreamEncoder(context)
{
    private readonly List<OpenPart> _parts = [];
    private readonly SortedDictionary<int, FinishReason> _finishes = [];
    private Utf8JsonWriter? _json;
    private AnswerStart _start = new("", "", 0);
    private TokenUsage? _usage;
    private bool _begun;
    private bool _ended;

    public override string ContentType => asArray ? "application/json" : base.ContentType;

    // Nothing to say yet: the first chunk is the first piece.
    public override void Start(in AnswerStart start) => _start = start;

    public override void PartStart(in PartStart part) => _parts.Add(new OpenPart(part));

    public override void Delta(int part, ReadOnlySpan<byte> text)
    {
        var open = _parts[part];
        if (open.Arguments is { } arguments)
        {
            arguments.Write(text);
        }
        else if (!text.IsEmpty)
        {
            var json = BeginChunk(open.Head.Choice);
            GeminiAnswerParts.WriteText(json, text, open.Head.Kind == AnswerPartKind.Reasoning);
            EndChunk(json);
            open.HasText = true;
        }
    }

    public override void Seal(int part, Seal seal)
    {
        var open = _parts[part];
        if (open.Arguments is not null)
        {
            open.Seal = seal;
            return;
        }

        var json = BeginChunk(open.Head.Choice);
        GeminiAnswerParts.WriteSignature(json, seal, open.HasText || open.Head.Kind == AnswerPartKind.RedactedReasoning, Context);
        EndChunk(json);
    }

    public override void PartEnd(int part)
    {
        var ended = _parts[part];
        ended.HasEnded = true;

        // Calls keep the order they began in: clients without ids match the results by it.
        while (_parts.Find(p => p.Arguments is not null && p.Head.Choice == ended.Head.Choice) is { HasEnded: true } call)
        {
            WriteCall(call);
        }
    }

    public override void Usage(in TokenUsage usage) => _usage = usage;

    public override void Finish(in AnswerFinish finish) => _finishes[finish.Choice] = finish.Reason;

    public override void Ping()
    {
        if (!asArray || (_begun && !_ended))
        {
            Output.Write(SseWriter.BlankPing.Span);
        }
    }

    public override void WriteEnd()
    {
        if (_ended)
        {
            return;
        }

        if (_finishes.Count == 0)
        {
            _finishes[0] = FinishReason.Stop;
        }

        var json = BeginElement();
        json.WriteStartObject();
        json.WriteStartArray("candidates"u8);
        foreach (var (choice, reason) in _finishes)
        {
            WriteFinish(json, choice, reason);
        }

        json.WriteEndArray();
        if (_usage is { } usage)
        {
            GeminiUsage.Write(json, usage);
        }

        GeminiAnswerParts.WriteHead(json, _start, Context);
        json.WriteEndObject();
        EndElement(json);
        End();
    }

    public override void WriteError(ClientError error)
    {
        if (_ended)
        {
            return;
        }

        var json = BeginElement();
        GeminiErrors.Write(json, error);
        EndElement(json);
        End();
    }

    private void WriteCall(OpenPart call)
    {
        var json = BeginChunk(call.Head.Choice);
        GeminiAnswerParts.WriteCall(json, call.Head, call.Arguments!.WrittenSpan, call.Seal, Context);
        EndChunk(json);
        call.Arguments = null;
    }

    private static void WriteFinish(Utf8JsonWriter json, int choice, FinishReason reason)
    {
        json.WriteStartObject();
        json.WriteStartObject("content"u8);
        json.WriteStartArray("parts"u8);
        GeminiAnswerParts.WriteText(json, ""u8, isThought: false);
        json.WriteEndArray();
        json.WriteString("role"u8, "model"u8);
        json.WriteEndObject();
        json.WriteString("finishReason"u8, GeminiFinish.Write(reason));
        json.WriteNumber("index"u8, choice);
        json.WriteEndObject();
    }

    private Utf8JsonWriter BeginChunk(int choice)
    {
        var json = BeginElement();
        json.WriteStartObject();
        json.WriteStartArray("candidates"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("content"u8);
        json.WriteString("role"u8, "model"u8);
        json.WriteStartArray("parts"u8);
        return json;
    }

    private void EndChunk(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        GeminiAnswerParts.WriteHead(json, _start, Context);
        json.WriteEndObject();
        EndElement(json);
    }

    private Utf8JsonWriter BeginElement()
    {
        if (asArray)
        {
            Output.Write(_begun ? ",\n"u8 : "["u8);
        }
        else
        {
            Output.Write("data: "u8);
        }

        _begun = true;
        if (_json is null)
        {
            _json = JsonOut.NewWriter(Output);
        }
        else
        {
            _json.Reset(Output);
        }

        return _json;
    }

    private void EndElement(Utf8JsonWriter json)
    {
        json.Flush();
        if (!asArray)
        {
            Output.Write("\n\n"u8);
        }
    }

    private void End()
    {
        _ended = true;
        if (asArray)
        {
            Output.Write("]"u8);
        }
    }

    private sealed class OpenPart(PartStart head)
    {
        public PartStart Head { get; } = head;

        /// <summary>The arguments of a call so far; null for other parts and when the call has been written.</summary>
        public ArrayBufferWriter<byte>? Arguments { get; set; } = head.Kind == AnswerPartKind.ToolCall ? new() : null;

        public Seal? Seal { get; set; }

        public bool HasText { get; set; }

        public bool HasEnded { get; set; }
    }
}
