using System.Text.Json;

namespace AIHigress.MockUpstream.Answering;

/// <summary>
/// Finds request fields that belong to another protocol. Providers refuse fields they don't know; the mock refuses
/// those that a faulty conversion would leave behind, and lets pass what may be newer than itself.
/// </summary>
internal sealed class ForeignFields(params IEnumerable<string> own)
{
    private static readonly string[] All =
    [
        "messages", "max_tokens", "system", "stop_sequences", "thinking", "top_k", "output_config", "mcp_servers",
        "max_completion_tokens", "stream_options", "response_format", "n", "stop", "presence_penalty", "frequency_penalty",
        "logprobs", "logit_bias", "seed", "functions", "function_call", "reasoning_effort", "parallel_tool_calls",
        "input", "instructions", "max_output_tokens", "previous_response_id", "reasoning", "include", "text", "truncation", "store", "background",
        "contents", "systemInstruction", "generationConfig", "toolConfig", "safetySettings",
    ];

    private readonly HashSet<string> _foreign = All.Except(own, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);

    /// <summary>The first of them; null if there is none.</summary>
    public string? FirstIn(JsonElement request) =>
        request.EnumerateObject().Select(member => member.Name).FirstOrDefault(_foreign.Contains);
}
