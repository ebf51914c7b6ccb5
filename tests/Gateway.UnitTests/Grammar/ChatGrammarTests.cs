using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.UnitTests.Grammar;

public sealed class ChatGrammarTests
{
    private const string Text = "chat/text.sse";
    private const string Usage = "chat/text-usage.sse";
    private const string Tools = "chat/tools-parallel-usage.sse";
    private const string Two = "chat/choices-two-usage.sse";
    private const string Error = "chat/error-midway.sse";
    private const string Plain = "chat/text-usage.json";
    private const string PlainTools = "chat/tools-parallel-usage.json";
    private const string LateError = "data: {\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null}}";

    private static readonly Planted[] Faults =
    [
        new(Text, "event-name", 2, g => g.Insert(2, "event: message\n" + g.Events[1])),
        new(Text, "object", 3, g => g.SwapIn(3, "chat.completion.chunk", "chat.completion")),
        new(Text, "same-id", 3, g => g.SwapIn(3, "chatcmpl-text1", "chatcmpl-text2")),
        new(Text, "same-created", 4, g => g.SwapIn(4, "1741569952", "1741569953")),
        new(Text, "same-model", 5, g => g.SwapIn(5, "gpt-4o-mini-2024-07-18", "gpt-4o-mini")),
        new(Text, "created", 1, g => g.SwapAll("1741569952", "0")),
        new(Text, "members", 2, g => g.SwapIn(2, "\"choices\"", "\"options\"")),
        new(Text, "members", 3, g => g.SwapIn(3, "\"delta\"", "\"message\"")),
        new(Text, "members", 4, g => g.SwapIn(4, "\"content\":\"! 👋\"", "\"content\":7")),
        new(Text, "members", 1, g => g.SwapIn(1, "\"index\":0", "\"index\":-1")),
        new(Text, "choices-empty", 2, g => g.Insert(2, g.Events[1][..(g.Events[1].IndexOf("[{", StringComparison.Ordinal) + 1)] + "]}")),
        new(Text, "role-first", 1, g => g.SwapIn(1, "\"role\":\"assistant\",", "")),
        new(Text, "role-repeated", 3, g => g.SwapIn(3, "\"delta\":{", "\"delta\":{\"role\":\"assistant\",")),
        new(Text, "role", 1, g => g.SwapIn(1, "\"assistant\"", "\"user\"")),
        new(Text, "null-member", 2, g => g.SwapIn(2, "\"delta\":{", "\"delta\":{\"tool_calls\":null,")),
        new(Text, "null-member", 3, g => g.SwapIn(3, "\"delta\":{", "\"delta\":{\"role\":null,")),
        new(Text, "finish-reason", 5, g => g.SwapIn(5, "\"stop\"", "\"end_turn\"")),
        new(Text, "finish-tools", 5, g => g.SwapIn(5, "\"stop\"", "\"tool_calls\"")),
        new(Text, "after-finish", 6, g => g.Repeat(5)),
        new(Text, "after-finish", 5, g => g.Move(4, 5)),
        new(Text, "finish-missing", 6, g => g.Drop(5)),
        new(Text, "done-missing", 6, g => g.Drop(6)),
        new(Text, "done-last", 7, g => g.Repeat(6)),
        new(Text, "done-last", 6, g => g.Move(5, 6)),
        new(Text, "choices-missing", 2, g => g.Move(6, 1).Cut(1)),
        new(Text, "choice-index", 7, g => g.SwapAll("{\"index\":0", "{\"index\":1")),
        new(Text, "usage-unasked", 6, g => g.Insert(6, Golden.Load(Usage).Events[4].Replace("chatcmpl-usage1", "chatcmpl-text1", StringComparison.Ordinal))),
        new(Text, "error-after-finish", 6, g => g.Insert(6, LateError)),
        new(Usage, "usage-missing", 6, g => g.Drop(5)),
        new(Usage, "usage-early", 4, g => g.Move(5, 4)),
        new(Usage, "after-usage", 6, g => g.Repeat(5)),
        new(Usage, "usage-place", 2, g => g.SwapIn(2, "\"usage\":null", "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}")),
        new(Usage, "usage-total", 5, g => g.SwapIn(5, "\"total_tokens\":1307", "\"total_tokens\":1300")),
        new(Usage, "usage-cached", 5, g => g.SwapIn(5, "\"cached_tokens\":1024", "\"cached_tokens\":1301")),
        new(Usage, "usage-reasoning", 5, g => g.SwapIn(5, "\"reasoning_tokens\":0", "\"reasoning_tokens\":8")),
        new(Usage, "usage-negative", 5, g => g.SwapIn(5, "\"audio_tokens\":0", "\"audio_tokens\":-1")),
        new(Usage, "usage-integer", 5, g => g.SwapIn(5, "\"completion_tokens\":7", "\"completion_tokens\":7.5")),
        new(Usage, "usage-members", 5, g => g.SwapIn(5, "\"prompt_tokens\"", "\"input_tokens\"")),
        new(Tools, "tool-calls-empty", 2, g => g.SwapIn(2, "\"delta\":{", "\"delta\":{\"tool_calls\":[]}}],\"x\":[{\"delta\":{")),
        new(Tools, "tool-first", 2, g => g.SwapIn(2, "\"id\":\"call_paris\",", "")),
        new(Tools, "tool-first", 5, g => g.SwapIn(5, "\"name\":\"get_time\"", "\"name\":\"\"")),
        new(Tools, "tool-type", 2, g => g.SwapIn(2, "\"type\":\"function\"", "\"type\":\"tool\"")),
        new(Tools, "tool-repeated", 3, g => g.SwapIn(3, "{\"index\":0,\"function\"", "{\"index\":0,\"id\":\"call_paris\",\"function\"")),
        new(Tools, "tool-repeated", 4, g => g.SwapIn(4, "\"function\":{", "\"function\":{\"name\":\"get_weather\",")),
        new(Tools, "tool-id", 5, g => g.SwapIn(5, "call_tokyo", "call_paris")),
        new(Tools, "tool-index", 2, g => g.SwapIn(2, "[{\"index\":0,\"id\"", "[{\"index\":1,\"id\"")),
        new(Tools, "tool-index", 6, g => g.SwapIn(6, "[{\"index\":1,\"function\"", "[{\"index\":0,\"function\"")),
        new(Tools, "tool-index", 5, g => g.SwapIn(5, "[{\"index\":1,\"id\"", "[{\"index\":2,\"id\"")),
        new(Tools, "tool-arguments", 7, g => g.Drop(4)),
        new(Tools, "tool-arguments", 8, g => g.SwapIn(6, "{\\\"city\\\": ", "[")),
        new(Two, "choice-repeated", 1, g => g.SwapIn(1, "\"choices\":[", "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}},")),
        new(Two, "finish-missing", 8, g => g.Drop(8).Drop(5)),
        new(Two, "usage-early", 6, g => g.Move(8, 6)),
        new(Error, "after-error", 4, g => g.Repeat(2).Move(3, 4)),
        new(Error, "error-shape", 3, g => g.SwapIn(3, "\"message\"", "\"detail\"")),
        new(Plain, "object", 0, g => g.Swap("chat.completion\"", "chat.completion.chunk\"")),
        new(Plain, "members", 0, g => g.Swap("\"content\"", "\"text\"")),
        new(Plain, "finish-reason", 0, g => g.Swap("\"stop\"", "null")),
        new(Plain, "choice-index", 0, g => g.Swap("\"index\": 0", "\"index\": 1")),
        new(Plain, "usage-total", 0, g => g.Swap("1307", "1308")),
        new(Plain, "role", 0, g => g.Swap("\"assistant\"", "\"model\"")),
        new(Plain, "null-member", 0, g => g.Swap("\"annotations\": []", "\"annotations\": null")),
        new(PlainTools, "tool-id", 0, g => g.Swap("call_tokyo", "call_paris")),
        new(PlainTools, "tool-arguments", 0, g => g.Swap("{\\\"city\\\":\\\"Paris\\\"}", "")),
        new(PlainTools, "tool-first", 0, g => g.Swap("get_weather", "")),
        new("chat/text.json", "null-member", 0, g => g.Swap("\"annotations\": []", "\"annotations\": [null]")),
        new("chat/error-first.sse", "error-shape", 1, g => g.Swap("\"code\":null", "\"code\":{}")),
        new(Plain, "choices-empty", 0, g => g.Swap("\"choices\": [", "\"choices\": [], \"x\": [")),
        new(Plain, "error-shape", 0, g => g.Swap("\"choices\"", "\"error\": {\"message\": \"m\", \"type\": \"t\"}, \"choices\"")),
        new(PlainTools, "tool-calls-empty", 0, g => g.Swap("\"tool_calls\": [", "\"tool_calls\": [], \"x\": [")),
        new(Tools, "members", 2, g => g.SwapIn(2, "\"tool_calls\":[", "\"tool_calls\":{},\"x\":[")),
        new("chat/error.json", "error-shape", 0, g => g.Swap("\"invalid_request_error\"", "null")),
    ];

    public static TheoryData<string> FaultNames() => Planted.Names(Faults);

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void Read_PlantedFault_IsRefusedByItsRule(string name) => Planted.AssertRefused(Faults, name);

    [Fact]
    public void Stream_ParallelTools_FoldsArguments()
    {
        var seen = Golden.Read(Tools, Golden.Load(Tools).Bytes);

        var choice = Assert.Single(seen.Choices);
        Assert.Equal("tool_calls", choice.Finish);
        Assert.Equal(new SeenPart(SeenKind.ToolCall, "{\"city\":\"Paris\"}", "call_paris", "get_weather"), choice.Parts[0]);
        Assert.Equal(("call_tokyo", "get_time"), (choice.Parts[1].Id, choice.Parts[1].Name));
        Assert.Equal(82, seen.Usage["prompt_tokens"]);
        Assert.True(seen.EndedProperly);
    }

    [Fact]
    public void Stream_Reasoning_ComesBeforeText()
    {
        var seen = Golden.Read("chat/reasoning-usage.sse", Golden.Load("chat/reasoning-usage.sse").Bytes);

        Assert.Equal(
            [new SeenPart(SeenKind.Reasoning, "Nine is more than eight."), new SeenPart(SeenKind.Text, "9.9 is larger.")],
            Assert.Single(seen.Choices).Parts);
        Assert.Equal(31, seen.Usage["completion_tokens_details.reasoning_tokens"]);
    }

    [Fact]
    public void Stream_ErrorMidway_KeepsWhatCame()
    {
        var seen = Golden.Read(Error, Golden.Load(Error).Bytes);

        Assert.Equal("server_error", seen.Error?.Type);
        Assert.False(seen.EndedProperly);
        var choice = Assert.Single(seen.Choices);
        Assert.Null(choice.Finish);
        Assert.Equal("Once upon", Assert.Single(choice.Parts).Text);
    }
}
