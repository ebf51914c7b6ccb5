using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.UnitTests.Grammar;

public sealed class ResponsesGrammarTests
{
    private const string Text = "responses/text.sse";
    private const string Tools = "responses/tools-parallel.sse";
    private const string Reasoning = "responses/reasoning-summary.sse";
    private const string Refusal = "responses/refusal.sse";
    private const string Incomplete = "responses/incomplete.sse";
    private const string Failed = "responses/failed.sse";
    private const string Annotations = "responses/annotations.sse";
    private const string Plain = "responses/text.json";
    private const string PlainTools = "responses/tools-parallel.json";

    private static readonly Planted[] Faults =
    [
        new(Text, "event-name", 5, g => g.SwapIn(5, "event: response.output_text.delta", "event: response.output_text.done")),
        new(Text, "event-type", 5, g => g.SwapAll("response.output_text.delta", "response.text.delta")),
        new(Text, "sequence", 1, g => g.SwapIn(1, "\"sequence_number\":0", "\"sequence_number\":1")),
        new(Text, "sequence", 6, g => g.Drop(6)),
        new(Text, "sequence", 7, g => g.SwapIn(7, "\"sequence_number\":6,", "")),
        new(Text, "created-first", 1, g => g.Drop(1).Renumber()),
        new(Text, "created-once", 2, g => g.Repeat(1).Renumber()),
        new(Text, "in-progress-second", 2, g => g.Drop(2).Renumber()),
        new(Text, "in-progress-second", 3, g => g.Repeat(2).Renumber()),
        new(Text, "same-id", 2, g => g.SwapIn(2, "resp_text1", "resp_text2")),
        new(Text, "same-model", 11, g => g.SwapIn(11, "gpt-4.1-2025-04-14", "gpt-4.1")),
        new(Text, "same-created", 11, g => g.SwapIn(11, "1741476777", "1741476778")),
        new(Text, "members", 1, g => g.SwapIn(1, "\"parallel_tool_calls\":true,", "")),
        new(Text, "members", 2, g => g.SwapIn(2, "\"incomplete_details\":null,", "")),
        new(Text, "status", 1, g => g.SwapIn(1, "in_progress", "completed")),
        new(Text, "opening-output", 2, g => g.SwapIn(2, "\"output\":[]", "\"output\":[{}]")),
        new(Text, "opening-usage", 1, g => g.SwapIn(1, "\"usage\":null", "\"usage\":{}")),
        new(Text, "output-index", 3, g => g.SwapIn(3, "\"output_index\":0", "\"output_index\":1")),
        new(Text, "output-index", 5, g => g.SwapIn(5, "\"output_index\":0", "\"output_index\":1")),
        new(Text, "output-index", 4, g => g.Repeat(3).Renumber()),
        new(Text, "item-start", 3, g => g.SwapIn(3, "\"content\":[]", "\"content\":[{}]")),
        new(Text, "item-status", 3, g => g.SwapIn(3, "in_progress", "completed")),
        new(Text, "item-id", 6, g => g.SwapIn(6, "msg_text1", "msg_text2")),
        new(Text, "item-id", 10, g => g.SwapIn(10, "msg_text1", "msg_text2")),
        new(Text, "item-type", 3, g => g.SwapIn(3, "\"type\":\"message\"", "\"type\":\"text\"")),
        new(Text, "role", 3, g => g.SwapIn(3, "assistant", "user")),
        new(Text, "part-index", 4, g => g.SwapIn(4, "\"content_index\":0", "\"content_index\":1")),
        new(Text, "part-index", 5, g => g.SwapIn(5, "\"content_index\":0", "\"content_index\":1")),
        new(Text, "part-open", 5, g => g.Repeat(4).Renumber()),
        new(Text, "part-start", 4, g => g.SwapIn(4, "\"text\":\"\"", "\"text\":\"Gr\"")),
        new(Text, "part-type", 4, g => g.SwapIn(4, "{\"type\":\"output_text\"", "{\"type\":\"text\"")),
        new(Text, "text-differs", 7, g => g.Drop(6).Renumber()),
        new(Text, "text-differs", 8, g => g.SwapIn(6, "世界", "世")),
        new(Text, "text-closed", 9, g => g.Repeat(8).Renumber()),
        new(Text, "text-closed", 8, g => g.Move(7, 8).Renumber().SwapIn(7, "世界!", "世界")),
        new(Text, "text-done-missing", 8, g => g.Drop(8).Renumber()),
        new(Text, "part-differs", 9, g => g.SwapIn(9, "世界!", "世界")),
        new(Text, "part-closed", 10, g => g.Repeat(9).Renumber()),
        new(Text, "item-done-open", 9, g => g.Drop(9).Renumber()),
        new(Text, "item-differs", 10, g => g.SwapIn(10, "世界!", "世界")),
        new(Text, "item-closed", 11, g => g.Repeat(10).Renumber()),
        new(Text, "terminal-open", 10, g => g.Drop(10).Renumber()),
        new(Text, "output-differs", 11, g => g.SwapIn(11, "世界!", "世界")),
        new(Text, "terminal-status", 11, g => g.SwapIn(11, "\"status\":\"completed\"", "\"status\":\"incomplete\"")),
        new(Text, "terminal-missing", 11, g => g.Drop(11)),
        new(Text, "after-terminal", 12, g => g.Repeat(11).Renumber()),
        new(Text, "done-marker", 12, g => g.Append("data: [DONE]")),
        new(Text, "usage-missing", 11, g => g.SwapIn(11, "\"usage\":{", "\"usage\":null,\"spent\":{")),
        new(Text, "usage-members", 11, g => g.SwapIn(11, "input_tokens_details", "prompt_tokens_details")),
        new(Text, "usage-total", 11, g => g.SwapIn(11, "\"total_tokens\":48", "\"total_tokens\":47")),
        new(Text, "usage-cached", 11, g => g.SwapIn(11, "\"cached_tokens\":0", "\"cached_tokens\":38")),
        new(Text, "usage-reasoning", 11, g => g.SwapIn(11, "\"reasoning_tokens\":0", "\"reasoning_tokens\":12")),
        new(Text, "status-error", 11, g => g.SwapIn(11, "\"error\":null", "\"error\":{\"code\":\"server_error\",\"message\":\"m\"}")),
        new(Text, "status-incomplete", 11, g => g.SwapIn(11, "\"incomplete_details\":null", "\"incomplete_details\":{\"reason\":\"content_filter\"}")),
        new(Text, "event-item", 5, g => g.SwapIn(5, "response.output_text.delta", "response.function_call_arguments.delta").SwapIn(5, "\"response.output_text.delta\"", "\"response.function_call_arguments.delta\"")),
        new(Tools, "call-members", 3, g => g.SwapIn(3, "get_weather", "")),
        new(Tools, "item-start", 3, g => g.SwapIn(3, "\"arguments\":\"\"", "\"arguments\":\"{\"")),
        new(Tools, "arguments-differ", 5, g => g.Drop(5).Renumber()),
        new(Tools, "arguments-done-missing", 6, g => g.Drop(6).Renumber()),
        new(Tools, "arguments-closed", 7, g => g.Repeat(6).Renumber()),
        new(Tools, "arguments-json", 7, g => g.SwapAll("\\\"Paris\\\"}", "\\\"Paris")),
        new(Tools, "item-id", 8, g => g.SwapIn(8, "fc_now", "fc_paris")),
        new(Tools, "item-differs", 7, g => g.SwapIn(7, "call_paris", "call_tokyo")),
        new(Reasoning, "part-index", 9, g => g.SwapIn(9, "\"summary_index\":1", "\"summary_index\":2")),
        new(Reasoning, "text-differs", 7, g => g.SwapIn(6, "Nine", "Ten")),
        new(Reasoning, "part-differs", 12, g => g.SwapIn(12, "Answer", "Reply")),
        new(Reasoning, "item-differs", 13, g => g.SwapIn(13, "Answer", "Reply")),
        new(Refusal, "part-type", 5, g => g.SwapAll("response.refusal.delta", "response.output_text.delta")),
        new(Refusal, "text-differs", 7, g => g.Swap("\"refusal\":\"I'm sorry, I can't", "\"refusal\":\"I'm sorry, I can")),
        new(Annotations, "annotation-index", 6, g => g.SwapIn(6, "\"annotation_index\":0", "\"annotation_index\":1")),
        new(Annotations, "part-differs", 7, g => g.Drop(6).Renumber()),
        new(Incomplete, "status-incomplete", 10, g => g.SwapIn(10, "{\"reason\":\"max_output_tokens\"}", "null")),
        new(Incomplete, "incomplete-reason", 10, g => g.SwapIn(10, "\"max_output_tokens\"}", "\"length\"}")),
        new(Incomplete, "item-status", 9, g => g.SwapIn(9, "\"status\":\"incomplete\"", "\"status\":\"cut\"")),
        new(Failed, "status-error", 6, g => g.SwapIn(6, "\"error\":{", "\"error\":null,\"fault\":{")),
        new(Failed, "error-shape", 6, g => g.SwapIn(6, "\"server_error\"", "\"\"")),
        new("responses/error-midway.sse", "after-error", 7, g => g.Append(g.Events[4]).Renumber()),
        new("responses/error-midway.sse", "error-shape", 6, g => g.SwapIn(6, "\"message\"", "\"detail\"")),
        new(Plain, "members", 0, g => g.Swap("\"tools\": []", "\"tools\": null")),
        new("responses/refusal.json", "members", 0, g => g.Swap("\"top_p\"", "\"topP\"")),
        new(Plain, "object", 0, g => g.Swap("\"response\"", "\"chat.completion\"")),
        new(Plain, "status", 0, g => g.Swap("\"completed\"", "\"done\"")),
        new(Plain, "usage-total", 0, g => g.Swap("\"total_tokens\": 48", "\"total_tokens\": 49")),
        new(Plain, "part-type", 0, g => g.Swap("\"output_text\"", "\"text\"")),
        new(Plain, "item-status", 0, g => g.Swap("\"type\": \"message\",\n      \"status\": \"completed\"", "\"type\": \"message\",\n      \"status\": \"incomplete\"")),
        new(PlainTools, "item-id", 0, g => g.Swap("fc_now", "fc_paris")),
        new(PlainTools, "arguments-json", 0, g => g.Swap("\"arguments\": \"{}\"", "\"arguments\": \"\"")),
        new(Tools, "item-differs", 11, g => g.SwapIn(11, "\"{}\"", "\"{\\\"a\\\":1}\"")),
        new(Tools, "item-type", 11, g => g.SwapIn(11, "\"type\":\"function_call\"", "\"type\":\"mcp_call\"")),
        new(Tools, "output-differs", 12, g => g.SwapIn(12, "\"output\":[", "\"output\":[],\"x\":[")),
        new(Reasoning, "item-status", 3, g => g.SwapIn(3, "\"type\":\"reasoning\"", "\"type\":\"reasoning\",\"status\":\"completed\"")),
        new(Reasoning, "item-start", 3, g => g.SwapIn(3, "\"summary\":[]", "\"summary\":[{\"type\":\"summary_text\",\"text\":\"\"}]")),
        new(Text, "event-item", 4, g => g.SwapAll("response.content_part.added", "response.reasoning_summary_part.added")),
        new(Reasoning, "event-item", 5, g => g.SwapIn(5, "response.reasoning_summary_text", "response.refusal").SwapIn(5, "response.reasoning_summary_text", "response.refusal")),
        new(Refusal, "item-differs", 9, g => g.SwapIn(9, "\"content\":[{", "\"content\":[{\"type\":\"refusal\",\"refusal\":\"\"},{")),
        new(Annotations, "item-differs", 9, g => g.SwapIn(9, "}],\"role\"", "},{\"type\":\"refusal\",\"refusal\":\"\"}],\"role\"")),
        new(Annotations, "part-start", 4, g => g.SwapIn(4, "\"annotations\":[]", "\"annotations\":[{}]")),
        new(Incomplete, "members", 2, g => g.SwapIn(2, "\"created_at\":1741476777", "\"created_at\":\"now\"")),
        new(Incomplete, "members", 1, g => g.SwapIn(1, "\"parallel_tool_calls\":true", "\"parallel_tool_calls\":1")),
        new(Refusal, "members", 1, g => g.SwapIn(1, "\"tool_choice\":\"auto\"", "\"tool_choice\":null")),
        new("responses/queued.sse", "in-progress-second", 3, g => g.Move(2, 3).Renumber()),
        new(Refusal, "in-progress-second", 2, g => g.Move(10, 2).Renumber()),
        new("responses/reasoning-text.json", "item-type", 0, g => g.Swap("\"reasoning\",\n      \"status\"", "\"thoughts\",\n      \"status\"")),
        new("responses/error.json", "error-shape", 0, g => g.Swap("\"message\"", "\"detail\"")),
    ];

    public static TheoryData<string> FaultNames() => Planted.Names(Faults);

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void Read_PlantedFault_IsRefusedByItsRule(string name) => Planted.AssertRefused(Faults, name);

    [Fact]
    public void Stream_ReasoningSummary_JoinsItsParts()
    {
        var parts = Assert.Single(Golden.Read(Reasoning, Golden.Load(Reasoning).Bytes).Choices).Parts;

        Assert.Equal(
            [
                new SeenPart(SeenKind.Reasoning, "**Compare**\n\nNine tenths wins.\n\n**Answer**", Signature: "gAAAAABo"),
                new SeenPart(SeenKind.Text, "9.9 is larger."),
            ],
            parts);
    }

    [Fact]
    public void Stream_ParallelTools_GivesCallIds()
    {
        var seen = Golden.Read(Tools, Golden.Load(Tools).Bytes);

        Assert.Equal(
            [
                new SeenPart(SeenKind.ToolCall, "{\"city\":\"Paris\"}", "call_paris", "get_weather"),
                new SeenPart(SeenKind.ToolCall, "{}", "call_now", "now"),
            ],
            Assert.Single(seen.Choices).Parts);
        Assert.Equal((291, 128), (seen.Usage["input_tokens"], seen.Usage["input_tokens_details.cached_tokens"]));
    }

    [Fact]
    public void Stream_Incomplete_NamesItsReason()
    {
        var seen = Golden.Read(Incomplete, Golden.Load(Incomplete).Bytes);

        Assert.Equal("incomplete:max_output_tokens", Assert.Single(seen.Choices).Finish);
        Assert.True(seen.EndedProperly);
    }

    [Theory]
    [InlineData(Failed, "failed", "server_error")]
    [InlineData("responses/error-midway.sse", null, "rate_limit_exceeded")]
    public void Stream_Failure_KeepsWhatCame(string name, string? finish, string code)
    {
        var seen = Golden.Read(name, Golden.Load(name).Bytes);

        var choice = Assert.Single(seen.Choices);
        Assert.Equal((finish, code), (choice.Finish, seen.Error?.Code));
        Assert.Equal("Once upon", Assert.Single(choice.Parts).Text);
        Assert.False(seen.EndedProperly);
    }
}
