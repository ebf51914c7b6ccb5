using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>
/// Writes records as JSON by hand, in the form that <see cref="UsageJson"/> reads: this happens for every request, and the
/// serializer's general way through properties costs more than the rest of a record's path to the disk.
/// A property at its default is left out.
/// </summary>
internal static class UsageRecordWriter
{
    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>The record as UTF-8.</summary>
    public static byte[] ToUtf8(UsageRecord record) => Write(record, WriteRecord).ToArray();

    /// <summary>What request_logs keeps of the record as JSON; the form of <see cref="UsageDetail"/>.</summary>
    public static string ToDetail(UsageRecord record) => Encoding.UTF8.GetString(DetailUtf8(record));

    /// <summary>The same as UTF-8, which this thread's next call overwrites.</summary>
    public static ReadOnlySpan<byte> DetailUtf8(UsageRecord record) => Write(record, WriteDetail);

    private static ReadOnlySpan<byte> Write(UsageRecord record, Action<Utf8JsonWriter, UsageRecord> write)
    {
        var scratch = _scratch ??= new Scratch();
        scratch.Buffer.ResetWrittenCount();
        scratch.Writer.Reset();
        write(scratch.Writer, record);
        scratch.Writer.Flush();
        return scratch.Buffer.WrittenSpan;
    }

    private static void WriteRecord(Utf8JsonWriter writer, UsageRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("request_id"u8, record.RequestId);
        Write(writer, "parent_id"u8, record.ParentId);
        writer.WriteString("kind"u8, record.Kind);
        Write(writer, "client_request_id"u8, record.ClientRequestId);
        writer.WriteNumber("started_at"u8, record.StartedAt);
        Write(writer, "user_id"u8, record.UserId);
        Write(writer, "api_key_id"u8, record.ApiKeyId);
        Write(writer, "session_id"u8, record.SessionId);
        Write(writer, "app"u8, record.App);
        writer.WriteString("endpoint"u8, record.Endpoint);
        writer.WriteString("protocol"u8, record.Protocol);
        Write(writer, "upstream_protocol"u8, record.UpstreamProtocol);
        Write(writer, "requested_model"u8, record.RequestedModel);
        Write(writer, "logical_model"u8, record.LogicalModel);
        Write(writer, "provider_id"u8, record.ProviderId);
        Write(writer, "upstream_model"u8, record.UpstreamModel);
        Write(writer, "provider_key_id"u8, record.ProviderKeyId);
        Write(writer, "status"u8, record.Status);
        Write(writer, "error_code"u8, record.ErrorCode);
        Write(writer, "ok"u8, record.Ok);
        Write(writer, "stream"u8, record.Stream);
        Write(writer, "input_tokens"u8, record.InputTokens);
        Write(writer, "cached_input_tokens"u8, record.CachedInputTokens);
        Write(writer, "cache_write_tokens"u8, record.CacheWriteTokens);
        Write(writer, "output_tokens"u8, record.OutputTokens);
        Write(writer, "reasoning_tokens"u8, record.ReasoningTokens);
        Write(writer, "tokens_estimated"u8, record.TokensEstimated);
        WriteKnown(writer, "charge_micro"u8, record.ChargeMicro);
        WriteKnown(writer, "ttft_ms"u8, record.TtftMs);
        Write(writer, "duration_ms"u8, record.DurationMs);
        Write(writer, "bytes_in"u8, record.BytesIn);
        Write(writer, "bytes_out"u8, record.BytesOut);
        WriteTrace(writer, record);
        writer.WriteEndObject();
    }

    private static void WriteDetail(Utf8JsonWriter writer, UsageRecord record)
    {
        writer.WriteStartObject();
        WriteTrace(writer, record);
        writer.WriteEndObject();
    }

    private static void WriteTrace(Utf8JsonWriter writer, UsageRecord record)
    {
        writer.WriteStartArray("attempts"u8);
        for (var i = 0; i < record.Attempts.Count; i++)
        {
            Write(writer, record.Attempts[i]);
        }

        writer.WriteEndArray();
        if (record.Plan is { } plan)
        {
            writer.WritePropertyName("plan"u8);
            PlanViewConverter.WriteShort(writer, plan);
        }

        Write(writer, "trace_id"u8, record.TraceId);
    }

    private static void Write(Utf8JsonWriter writer, UsageAttempt attempt)
    {
        writer.WriteStartObject();
        writer.WriteString("provider"u8, attempt.Provider);
        writer.WriteString("model"u8, attempt.Model);
        Write(writer, "key_id"u8, attempt.KeyId);
        WriteKnown(writer, "status"u8, attempt.Status);
        writer.WriteString("category"u8, attempt.Category);
        Write(writer, "start_ms"u8, attempt.StartMs);
        WriteKnown(writer, "ttft_ms"u8, attempt.TtftMs);
        Write(writer, "duration_ms"u8, attempt.DurationMs);
        Write(writer, "error"u8, attempt.Error);
        Write(writer, "proxy"u8, attempt.Proxy);
        Write(writer, "role"u8, attempt.Role);
        Write(writer, "note"u8, attempt.Note);
        Write(writer, "waste_input_tokens"u8, attempt.WasteInputTokens);
        Write(writer, "waste_output_tokens"u8, attempt.WasteOutputTokens);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Guid? value)
    {
        if (value is { } id)
        {
            writer.WriteString(name, id);
        }
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, true);
        }
    }

    // Zero is known, and null is not.
    private static void WriteKnown(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
    }

    private sealed class Scratch
    {
        public Scratch() => Writer = new Utf8JsonWriter(Buffer);

        public ArrayBufferWriter<byte> Buffer { get; } = new(2048);
        public Utf8JsonWriter Writer { get; }
    }
}
