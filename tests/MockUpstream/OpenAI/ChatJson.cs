using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>The JSON of chat completions and their chunks, with the holes of <see cref="Template"/> in it.</summary>
internal sealed class ChatJson(string server, string model)
{
    /// <summary>14 November 2023; a constant, so that answers can be compared.</summary>
    private const long Created = 1_700_000_000;

    private readonly string _chunkHead = Head(server, model, "chat.completion.chunk");
    private readonly string _answerHead = Head(server, model, "chat.completion");

    /// <param name="delta">The delta as JSON.</param>
    /// <param name="finish">The finish reason, if this chunk has it.</param>
    /// <param name="usage">The usage as JSON; <c>null</c> leaves the member out.</param>
    public string Chunk(string delta, string? finish, string? usage) =>
        $$"""{{_chunkHead}}"choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{Quote(finish)}}}]{{Usage(usage)}}}""";

    public string UsageChunk(string usage) => $$"""{{_chunkHead}}"choices":[]{{Usage(usage)}}}""";

    public string Answer(string message, string finish, string? usage) =>
        $$"""{{_answerHead}}"choices":[{"index":0,"message":{{message}},"logprobs":null,"finish_reason":{{Quote(finish)}}}]{{Usage(usage)}}}""";

    private static string Usage(string? usage) => usage is null ? "" : ",\"usage\":" + usage;

    private static string Head(string server, string model, string kind) =>
        $$"""{"id":"chatcmpl-{{server}}-{{Template.OrdinalHole}}","object":"{{kind}}","created":{{Created}},"model":{{Quote(model)}},"system_fingerprint":"fp_{{server}}",""";
}
