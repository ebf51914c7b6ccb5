using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>The names of events.</summary>
internal static class ResponsesEventKinds
{
    private static readonly (byte[] Name, ResponsesEventKind Kind)[] Names =
    [
        ("output_text.delta"u8.ToArray(), ResponsesEventKind.TextDelta),
        ("function_call_arguments.delta"u8.ToArray(), ResponsesEventKind.ArgumentsDelta),
        ("reasoning_summary_text.delta"u8.ToArray(), ResponsesEventKind.SummaryDelta),
        ("reasoning_text.delta"u8.ToArray(), ResponsesEventKind.ThoughtDelta),
        ("custom_tool_call_input.delta"u8.ToArray(), ResponsesEventKind.InputDelta),
        ("refusal.delta"u8.ToArray(), ResponsesEventKind.RefusalDelta),
        ("output_text.done"u8.ToArray(), ResponsesEventKind.TextDone),
        ("function_call_arguments.done"u8.ToArray(), ResponsesEventKind.ArgumentsDone),
        ("reasoning_summary_text.done"u8.ToArray(), ResponsesEventKind.SummaryDone),
        ("reasoning_text.done"u8.ToArray(), ResponsesEventKind.ThoughtDone),
        ("custom_tool_call_input.done"u8.ToArray(), ResponsesEventKind.InputDone),
        ("refusal.done"u8.ToArray(), ResponsesEventKind.RefusalDone),
        ("output_item.added"u8.ToArray(), ResponsesEventKind.ItemAdded),
        ("output_item.done"u8.ToArray(), ResponsesEventKind.ItemDone),
        ("content_part.added"u8.ToArray(), ResponsesEventKind.ContentAdded),
        ("content_part.done"u8.ToArray(), ResponsesEventKind.ContentDone),
        ("created"u8.ToArray(), ResponsesEventKind.Begun),
        ("in_progress"u8.ToArray(), ResponsesEventKind.Begun),
        ("queued"u8.ToArray(), ResponsesEventKind.Begun),
        ("completed"u8.ToArray(), ResponsesEventKind.Completed),
        ("done"u8.ToArray(), ResponsesEventKind.Completed),
        ("incomplete"u8.ToArray(), ResponsesEventKind.Incomplete),
        ("failed"u8.ToArray(), ResponsesEventKind.Failed),
        ("cancelled"u8.ToArray(), ResponsesEventKind.Cancelled),
    ];

    /// <summary>The kind that the string at the reader names.</summary>
    public static ResponsesEventKind Of(ref Utf8JsonReader reader)
    {
        Span<byte> scratch = stackalloc byte[128];
        var name = JsonText.Key(reader.ValueSpan, reader.ValueIsEscaped, scratch);
        if (!name.StartsWith("response."u8))
        {
            return name.SequenceEqual("error"u8) ? ResponsesEventKind.Error
                : name.SequenceEqual("keepalive"u8) || name.SequenceEqual("ping"u8) ? ResponsesEventKind.Ping
                : ResponsesEventKind.Other;
        }

        name = name["response."u8.Length..];
        foreach (var (known, kind) in Names)
        {
            if (name.SequenceEqual(known))
            {
                return kind;
            }
        }

        return ResponsesEventKind.Other;
    }
}
