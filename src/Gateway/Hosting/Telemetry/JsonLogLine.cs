using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIHigress.Gateway.Hosting.Telemetry;

/// <summary>A log event of one category as one JSON object on one line: time, level, event, message, the event's own values, trace.</summary>
internal sealed class JsonLogLine(string category, TimeProvider time)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private static readonly JsonEncodedText[] Levels =
        [.. new[] { "trace", "debug", "info", "warning", "error", "critical" }.Select(name => JsonEncodedText.Encode(name))];

    // Names come from message templates, so there are only so many.
    private static readonly ConcurrentDictionary<string, JsonEncodedText> Names = new(StringComparer.Ordinal);

    [ThreadStatic]
    private static Buffers? _buffers;

    private readonly JsonEncodedText _category = JsonEncodedText.Encode(category, Encoder);

    /// <summary>The line with its end; good until this thread formats the next.</summary>
    public ReadOnlySpan<byte> Format<TState>(in LogEntry<TState> entry)
    {
        // A message's own formatting may log in its turn; the outer line keeps its buffers.
        var buffers = _buffers ?? new Buffers();
        _buffers = null;
        buffers.Bytes.ResetWrittenCount();
        buffers.Json.Reset(buffers.Bytes);
        Write(buffers.Json, entry);
        buffers.Json.Flush();
        buffers.Bytes.Write("\n"u8);
        _buffers = buffers;
        return buffers.Bytes.WrittenSpan;
    }

    private void Write<TState>(Utf8JsonWriter json, in LogEntry<TState> entry)
    {
        Span<byte> now = stackalloc byte[32];
        time.GetUtcNow().UtcDateTime.TryFormat(now, out var length, TimeFormat, CultureInfo.InvariantCulture);
        json.WriteStartObject();
        json.WriteString("time"u8, now[..length]);
        json.WriteString("level"u8, Levels[(int)entry.LogLevel]);
        if (entry.EventId.Name is { } name)
        {
            json.WriteString("event"u8, name);
        }

        json.WriteString("category"u8, _category);
        json.WriteString("message"u8, entry.Formatter(entry.State, entry.Exception));
        if (entry.State is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            WriteValues(json, values);
        }

        if (Activity.Current is { } activity)
        {
            json.WriteString("trace_id"u8, activity.TraceId.ToHexString());
        }

        if (entry.Exception is { } exception)
        {
            json.WriteString("exception"u8, exception.ToString());
        }

        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            if (name == "{OriginalFormat}")
            {
                continue;
            }

            json.WritePropertyName(Names.GetOrAdd(name, static n => JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(n), Encoder)));
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case string text:
                    json.WriteStringValue(text);
                    break;
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                case int number:
                    json.WriteNumberValue(number);
                    break;
                case long number:
                    json.WriteNumberValue(number);
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumberValue(number);
                    break;
                case Guid id:
                    json.WriteStringValue(id);
                    break;
                default:
                    json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    private sealed class Buffers
    {
        public Buffers() => Json = new Utf8JsonWriter(Bytes, new JsonWriterOptions { Encoder = Encoder });

        public ArrayBufferWriter<byte> Bytes { get; } = new(1024);

        public Utf8JsonWriter Json { get; }
    }
}
