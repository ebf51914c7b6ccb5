using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.UnitTests.Grammar;

public sealed class MessagesGrammarTests
{
    private const string Text = "messages/text.sse";
    private const string Tools = "messages/tools-parallel.sse";
    private const string Thinking = "messages/thinking.sse";
    private const string Sequence = "messages/stop-sequence.sse";
    private const string Plain = "messages/text.json";
    private const string PlainTools = "messages/tools-parallel.json";
    private const string ErrorEvent = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"m\"}}";

    private const string Ping = "event: ping\ndata: {\"type\":\"ping\"}";

    private static readonly Planted[] Faults =
    [
        new(Text, "event-name", 4, g => g.SwapIn(4, "event: content_block_delta", "event: content_block_start")),
        new(Text, "event-name", 1, g => g.SwapIn(1, "event: message_start\n", "")),
        new(Text, "event-type", 4, g => g.SwapIn(4, "event: content_block_delta", "event: text").SwapIn(4, "\"type\":\"content_block_delta\"", "\"type\":\"text\"")),
        new(Text, "start-first", 1, g => g.Drop(1)),
        new(Text, "start-once", 2, g => g.Repeat(1)),
        new(Text, "start-shape", 1, g => g.SwapIn(1, "\"stop_reason\":null", "\"stop_reason\":\"end_turn\"")),
        new(Sequence, "start-shape", 1, g => g.SwapIn(1, "\"role\":\"assistant\"", "\"role\":\"user\"")),
        new(Text, "usage-start", 1, g => g.SwapIn(1, "\"input_tokens\":25,", "")),
        new(Text, "block-index", 2, g => g.SwapIn(2, "\"index\":0", "\"index\":1")),
        new(Text, "block-open", 3, g => g.Repeat(2)),
        new(Text, "block-start", 2, g => g.SwapIn(2, "\"text\":\"\"", "\"text\":\"Hi\"")),
        new(Text, "block-type", 2, g => g.SwapIn(2, "{\"type\":\"text\"", "{\"type\":\"output_text\"")),
        new(Text, "delta-index", 4, g => g.SwapIn(4, "\"index\":0", "\"index\":1")),
        new(Text, "delta-type", 5, g => g.SwapIn(5, "text_delta", "input_json_delta")),
        new(Text, "delta-closed", 7, g => g.Move(6, 7)),
        new(Text, "delta-closed", 2, g => g.Move(4, 2)),
        new(Text, "stop-index", 7, g => g.SwapIn(7, "\"index\":0", "\"index\":1")),
        new(Text, "stop-closed", 8, g => g.Repeat(7)),
        new(Text, "delta-open-block", 7, g => g.Drop(7)),
        new(Text, "delta-once", 9, g => g.Repeat(8)),
        new(Text, "after-delta", 9, g => g.Insert(9, g.Events[1].Replace("\"index\":0", "\"index\":1", StringComparison.Ordinal))),
        new(Text, "delta-missing", 8, g => g.Drop(8)),
        new(Text, "stop-missing", 9, g => g.Drop(9)),
        new(Text, "after-stop", 10, g => g.Append(Ping)),
        new(Text, "stop-reason", 8, g => g.SwapIn(8, "end_turn", "stop")),
        new(Text, "stop-tools", 8, g => g.SwapIn(8, "end_turn", "tool_use")),
        new(Text, "stop-sequence", 8, g => g.SwapIn(8, "end_turn", "stop_sequence")),
        new(Text, "usage-delta", 8, g => g.SwapIn(8, "output_tokens", "completion_tokens")),
        new(Text, "usage-shrinks", 8, g => g.SwapIn(8, "\"output_tokens\":12", "\"output_tokens\":0")),
        new(Text, "error-after-finish", 9, g => g.Insert(9, ErrorEvent)),
        new(Text, "after-error", 6, g => g.Insert(5, ErrorEvent)),
        new(Sequence, "stop-sequence", 5, g => g.SwapIn(5, "\"three\"", "null")),
        new(Tools, "stop-tools", 14, g => g.SwapIn(14, "tool_use", "end_turn")),
        new(Tools, "tool-id", 11, g => g.SwapIn(11, "toolu_now", "toolu_paris")),
        new(Tools, "tool-id", 6, g => g.SwapIn(6, "toolu_paris", "")),
        new(Tools, "tool-name", 6, g => g.SwapIn(6, "get_weather", "")),
        new(Tools, "block-start", 6, g => g.SwapIn(6, "\"input\":{}", "\"input\":{\"city\":\"Paris\"}")),
        new(Tools, "block-start", 11, g => g.SwapIn(11, "\"input\":{}", "\"input\":\"\"")),
        new(Tools, "tool-input", 9, g => g.Drop(9)),
        new(Tools, "tool-input", 10, g => g.SwapIn(8, "{\\\"city\\\": \\\"Pa", "[\\\"Pa").SwapIn(9, "ris\\\"}", "ris\\\"]")),
        new(Tools, "delta-type", 8, g => g.SwapIn(8, "input_json_delta", "text_delta")),
        new(Tools, "usage-negative", 1, g => g.SwapIn(1, "\"cache_read_input_tokens\":128", "\"cache_read_input_tokens\":-128")),
        new(Thinking, "signature-last", 5, g => g.Move(5, 4)),
        new(Thinking, "signature-last", 6, g => g.Repeat(5)),
        new(Thinking, "block-start", 2, g => g.SwapIn(2, "\"thinking\":\"\"", "\"thinking\":\"27\"")),
        new(Thinking, "block-start", 3, g => g.SwapIn(2, "\"signature\":\"\"", "\"signature\":\"EqQB\"").Insert(2, Ping)),
        new(Thinking, "redacted-data", 7, g => g.SwapIn(7, "EmwKAhgBEgy3va3pzix/LafPsn4a", "")),
        new(Thinking, "delta-type", 8, g => g.Insert(8, "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"x\"}}")),
        new("messages/error-midway.sse", "error-shape", 4, g => g.SwapIn(4, "overloaded_error", "")),
        new(Plain, "members", 0, g => g.Swap("\"role\": \"assistant\"", "\"role\": \"user\"")),
        new(Plain, "stop-reason", 0, g => g.Swap("\"end_turn\"", "null")),
        new(Plain, "block-type", 0, g => g.Swap("\"type\": \"text\"", "\"type\": \"output_text\"")),
        new(Plain, "usage-members", 0, g => g.Swap("\"output_tokens\"", "\"completion_tokens\"")),
        new(PlainTools, "tool-input", 0, g => g.Swap("\"input\": {}", "\"input\": \"{}\"")),
        new(PlainTools, "stop-tools", 0, g => g.Swap("\"stop_reason\": \"tool_use\"", "\"stop_reason\": \"end_turn\"")),
        new(PlainTools, "tool-id", 0, g => g.Swap("toolu_now", "toolu_paris")),
        new("messages/error.json", "error-shape", 0, g => g.Swap("\"type\": \"error\"", "\"type\": \"message\"")),
    ];

    public static TheoryData<string> FaultNames() => Planted.Names(Faults);

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void Read_PlantedFault_IsRefusedByItsRule(string name) => Planted.AssertRefused(Faults, name);

    [Theory]
    [InlineData(Tools, 6)]
    [InlineData("messages/tools-parallel.json", 0)]
    public void Read_MoreBlocksThanAllowed_IsRefused(string name, int number)
    {
        var body = Golden.Load(name).Bytes;
        var grammar = new MessagesGrammar(MaxBlocks: 1);

        var refusal = Assert.Throws<GrammarException>(() => number == 0 ? grammar.Plain(body) : grammar.Stream(body));

        Assert.Equal(("max-blocks", number), (refusal.Rule, refusal.EventNumber));
    }

    [Fact]
    public void Stream_Thinking_KeepsSignatures()
    {
        var parts = Assert.Single(Golden.Read(Thinking, Golden.Load(Thinking).Bytes).Choices).Parts;

        Assert.Equal(
            [
                new SeenPart(SeenKind.Reasoning, "27 is 3 cubed.", Signature: "EqQBCgIYAhIM1gbcDa9GJwZA2b3h"),
                new SeenPart(SeenKind.Reasoning, "", Signature: "EmwKAhgBEgy3va3pzix/LafPsn4a"),
                new SeenPart(SeenKind.Text, "The root is 3."),
            ],
            parts);
    }

    [Fact]
    public void Stream_ParallelTools_FoldsInputAndUsage()
    {
        var seen = Golden.Read(Tools, Golden.Load(Tools).Bytes);

        var choice = Assert.Single(seen.Choices);
        Assert.Equal("tool_use", choice.Finish);
        Assert.Equal(new SeenPart(SeenKind.ToolCall, "{\"city\":\"Paris\"}", "toolu_paris", "get_weather"), choice.Parts[1]);
        Assert.Equal(new SeenPart(SeenKind.ToolCall, "{}", "toolu_now", "now"), choice.Parts[2]);
        Assert.Equal((472, 128, 89), (seen.Usage["input_tokens"], seen.Usage["cache_read_input_tokens"], seen.Usage["output_tokens"]));
    }

    [Fact]
    public void Stream_ToolCutOffByTheLimit_KeepsTheRest()
    {
        var seen = Golden.Read("messages/tool-cut-off.sse", Golden.Load("messages/tool-cut-off.sse").Bytes);

        Assert.Equal("{\"path\": \"a.txt\", \"te", Assert.Single(Assert.Single(seen.Choices).Parts).Text);
    }
}
