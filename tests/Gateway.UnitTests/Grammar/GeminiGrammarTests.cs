using System.Text;
using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.UnitTests.Grammar;

public sealed class GeminiGrammarTests
{
    private const string Text = "gemini/text.sse";
    private const string Tools = "gemini/tools-parallel.sse";
    private const string Thoughts = "gemini/thoughts.sse";
    private const string Two = "gemini/candidates-two.sse";
    private const string Blocked = "gemini/blocked.sse";
    private const string Error = "gemini/error-midway.sse";
    private const string Array = "gemini/text.array.json";
    private const string Plain = "gemini/text.json";
    private const string ErrorChunk = "data: {\"error\":{\"code\":500,\"message\":\"m\",\"status\":\"INTERNAL\"}}";

    private static readonly Planted[] Faults =
    [
        new(Text, "event-name", 2, g => g.SwapIn(2, "data: ", "event: message\ndata: ")),
        new(Text, "done-marker", 4, g => g.Append("data: [DONE]")),
        new(Text, "same-id", 2, g => g.SwapIn(2, "gtext1", "gtext2")),
        new(Text, "same-model", 3, g => g.SwapIn(3, "gemini-2.5-flash", "gemini-2.5-pro")),
        new(Text, "members", 1, g => g.SwapIn(1, "\"responseId\":\"gtext1\"", "\"id\":\"gtext1\"")),
        new(Text, "members", 2, g => g.SwapIn(2, "\"modelVersion\"", "\"model\"")),
        new(Text, "candidates", 2, g => g.SwapIn(2, "\"candidates\"", "\"choices\"")),
        new(Text, "candidates", 1, g => g.SwapIn(1, "\"candidates\":[", "\"candidates\":[],\"x\":[")),
        new(Text, "role", 1, g => g.SwapIn(1, "\"role\":\"model\"", "\"role\":\"assistant\"")),
        new(Text, "role", 2, g => g.SwapIn(2, ",\"role\":\"model\"", "")),
        new(Text, "parts-empty", 2, g => g.SwapIn(2, "\"parts\":[{\"text\":\", 世界\"}]", "\"parts\":[]")),
        new(Text, "part-shape", 1, g => g.SwapIn(1, "{\"text\":\"Grüße\"}", "{\"texts\":\"Grüße\"}")),
        new(Text, "members", 3, g => g.SwapIn(3, "{\"text\":\"!\"}", "{\"text\":1}")),
        new(Text, "candidate-index", 1, g => g.SwapIn(1, "\"index\":0", "\"index\":\"0\"")),
        new(Text, "candidate-index", 4, g => g.SwapAll("\"index\":0", "\"index\":1")),
        new(Text, "finish-reason", 3, g => g.SwapIn(3, "\"STOP\"", "\"stop\"")),
        new(Text, "finish-reason", 2, g => g.SwapIn(2, "\"index\":0", "\"finishReason\":\"FINISH_REASON_UNSPECIFIED\",\"index\":0")),
        new(Text, "finish-missing", 4, g => g.SwapIn(3, "\"finishReason\":\"STOP\",", "")),
        new(Text, "finish-missing", 3, g => g.Drop(3)),
        new(Text, "after-finish", 4, g => g.Repeat(3)),
        new(Text, "after-finish", 3, g => g.Move(3, 2)),
        new(Text, "usage-missing", 3, g => g.SwapIn(3, "\"usageMetadata\"", "\"usage\"")),
        new(Text, "usage-total", 3, g => g.SwapIn(3, "\"totalTokenCount\":10", "\"totalTokenCount\":11")),
        new(Text, "usage-members", 3, g => g.SwapIn(3, "\"promptTokenCount\"", "\"prompt_token_count\"")),
        new(Text, "usage-negative", 1, g => g.SwapIn(1, "\"promptTokenCount\":4", "\"promptTokenCount\":-4")),
        new(Text, "usage-integer", 2, g => g.SwapIn(2, "\"promptTokenCount\":4", "\"promptTokenCount\":4.5")),
        new(Text, "error-after-finish", 4, g => g.Append(ErrorChunk)),
        new(Text, "candidates-missing", 1, g => g.Cut(0)),
        new(Text, "block-late", 2, g => g.SwapIn(2, "\"candidates\"", "\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"x\"")),
        new(Tools, "call-name", 2, g => g.SwapIn(2, "\"get_weather\"", "\"\"")),
        new(Tools, "call-args", 2, g => g.SwapIn(2, "{\"city\":\"Paris\"}", "\"{}\"")),
        new(Tools, "call-id", 2, g => g.SwapIn(2, "\"name\":\"get_weather\"", "\"id\":\"a\",\"name\":\"get_weather\"").SwapIn(2, "\"name\":\"now\"", "\"id\":\"a\",\"name\":\"now\"")),
        new(Tools, "thought-place", 2, g => g.SwapIn(2, "{\"functionCall\"", "{\"thought\":true,\"functionCall\"")),
        new(Tools, "part-shape", 2, g => g.SwapIn(2, "{\"functionCall\"", "{\"text\":\"\",\"functionCall\"")),
        new(Tools, "usage-total", 3, g => g.SwapIn(3, "\"thoughtsTokenCount\":31", "\"thoughtsTokenCount\":30")),
        new(Thoughts, "thought-place", 1, g => g.SwapIn(1, "\"thought\":true", "\"thought\":\"yes\"")),
        new(Thoughts, "usage-cached", 4, g => g.SwapIn(4, "\"cachedContentTokenCount\":10", "\"cachedContentTokenCount\":13")),
        new(Two, "candidate-repeated", 1, g => g.SwapIn(1, "\"index\":1", "\"index\":0")),
        new(Two, "candidate-index", 1, g => g.SwapIn(1, ",\"index\":0", "")),
        new(Two, "finish-missing", 3, g => g.SwapIn(2, "\"finishReason\":\"MAX_TOKENS\",", "")),
        new(Two, "after-finish", 2, g => g.SwapIn(1, "\"index\":1", "\"finishReason\":\"STOP\",\"index\":1")),
        new(Blocked, "block-reason", 1, g => g.SwapIn(1, "PROHIBITED_CONTENT", "FORBIDDEN")),
        new(Blocked, "after-block", 2, g => g.Repeat(1)),
        new(Error, "after-error", 3, g => g.Repeat(2)),
        new(Error, "error-shape", 2, g => g.SwapIn(2, "503", "\"503\"")),
        new(Array, "array-form", 0, _ => Golden.Load(Plain)),
        new(Array, "array-form", 3, g => g.Swap("\n]\n", ",[]]")),
        new(Text, "part-shape", 2, g => g.SwapIn(2, "{\"text\":\", 世界\"}", "\", 世界\"")),
        new(Array, "after-finish", 3, g => g.Swap("\n]\n", ",{\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"gtext1\",\"candidates\":[]}]")),
        new(Array, "same-id", 2, g => g.Swap("\"gtext1\"", "\"gtext0\"")),
        new(Plain, "finish-missing", 0, g => g.Swap("\"finishReason\": \"STOP\",", "")),
        new(Plain, "usage-total", 0, g => g.Swap("\"totalTokenCount\": 10", "\"totalTokenCount\": 9")),
        new(Plain, "role", 0, g => g.Swap("\"model\"", "\"user\"")),
        new(Plain, "parts-empty", 0, g => g.Swap("\"finishReason\": \"STOP\",", "").Swap("\"parts\"", "\"part\"")),
        new("gemini/error.json", "error-shape", 0, g => g.Swap("\"INVALID_ARGUMENT\"", "null")),
    ];

    public static TheoryData<string> FaultNames() => Planted.Names(Faults);

    public static TheoryData<string> Streams() => GoldenTests.Streams("gemini");

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void Read_PlantedFault_IsRefusedByItsRule(string name) => Planted.AssertRefused(Faults, name);

    [Theory]
    [MemberData(nameof(Streams))]
    public void Array_ChunksOfAStream_GiveTheSameAnswer(string name)
    {
        var golden = Golden.Load(name);
        var array = $"[{string.Join(",\r\n", golden.Events.Select(e => e["data: ".Length..]))}]";

        var seen = new GeminiGrammar().Array(Encoding.UTF8.GetBytes(array));

        Assert.Equal(Golden.Read(name, golden.Bytes), seen);
    }

    [Fact]
    public void Stream_Thoughts_AreOnePartWithTheSignatureOnTheText()
    {
        var seen = Golden.Read(Thoughts, Golden.Load(Thoughts).Bytes);

        Assert.Equal(
            [new SeenPart(SeenKind.Reasoning, "27 is 3 cubed."), new SeenPart(SeenKind.Text, "The root is 3.", Signature: "CiQB0e2Kb2")],
            Assert.Single(seen.Choices).Parts);
        Assert.Equal((90, 10), (seen.Usage["thoughtsTokenCount"], seen.Usage["cachedContentTokenCount"]));
    }

    [Fact]
    public void Stream_ParallelTools_KeepsOrderAndSignature()
    {
        Assert.Equal(
            [
                new SeenPart(SeenKind.Text, "Checking both. "),
                new SeenPart(SeenKind.ToolCall, "{\"city\":\"Paris\"}", Name: "get_weather", Signature: "CiQB0e2Kb1"),
                new SeenPart(SeenKind.ToolCall, "{}", Name: "now"),
            ],
            Assert.Single(Golden.Read(Tools, Golden.Load(Tools).Bytes).Choices).Parts);
    }

    [Fact]
    public void Stream_BlockedPrompt_FinishesWithTheReason()
    {
        var choice = Assert.Single(Golden.Read(Blocked, Golden.Load(Blocked).Bytes).Choices);

        Assert.Equal("PROHIBITED_CONTENT", choice.Finish);
        Assert.Empty(choice.Parts);
    }
}
