using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.History;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.History;

public sealed class HistoryTests
{
    private static readonly Message Asked = new(Role.User, [new TextPart("asked")]);
    private static readonly Message Answered = new(Role.Assistant, [new TextPart("answered")]);
    private static readonly Message Next = new(Role.User, [new TextPart("next")]);

    public static TheoryData<WireProtocol> Protocols => [.. Enum.GetValues<WireProtocol>()];

    [Fact]
    public void New_LaterRequest_IsWhatFollowsTheLastAnswer()
    {
        var prefill = new Message(Role.Assistant, [new TextPart("begin so")]);

        Assert.Equal([Next], HistoryTurns.New(Request(Asked, Answered, Next), isFirst: false));
        Assert.Equal([Next, prefill], HistoryTurns.New(Request(Asked, Answered, Next, prefill), isFirst: false));
        Assert.Equal([Asked, Next], HistoryTurns.New(Request(Asked, Next), isFirst: false));
        Assert.Equal([Asked, Answered, Next], HistoryTurns.New(Request(Asked, Answered, Next), isFirst: true));
    }

    [Fact]
    public void Mend_CutInTheMiddleOfATool_LeavesNoHalf()
    {
        var calling = new Message(Role.Assistant, [new TextPart("let me see"), Call("a"), Call("b")]);
        var result = new Message(Role.User, [Result("a")]);

        // The call that was never answered goes; the one whose result comes with the next request stays.
        Assert.Equal([Asked, calling with { Parts = [calling.Parts[0], calling.Parts[1]] }], HistoryTurns.Mend([Asked, calling], [result]), SameText.Instance);
        // A history that begins with a result begins too late, and so does one that begins with an answer.
        Assert.Equal([Next], HistoryTurns.Mend([result, Answered, Next], []), SameText.Instance);
        Assert.Equal([Asked, Answered], HistoryTurns.Mend([calling, Asked, Answered], []), SameText.Instance);
        // What is left of an answer that was only calls and unsigned thoughts is nothing.
        Assert.Equal([Asked, Next], HistoryTurns.Mend([Asked, new Message(Role.Assistant, [Call("x"), new ReasoningPart("hm")]), Next], []), SameText.Instance);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void Fit_LargeParts_AreCutAndTheLastMessageStays(int most)
    {
        var image = new ImagePart(new MediaSource { MediaType = "image/png", Data = new string('A', 100_000) });
        var messages = new[] { Asked, new Message(Role.User, [image, new TextPart(new string('é', 100_000))]), new Message(Role.Assistant, [new TextPart(new string('x', 200_000))]) };

        var (kept, isCut) = HistoryTurns.Fit(messages, most);

        Assert.True(isCut);
        Assert.Equal(Role.Assistant, kept[^1].Role);
        Assert.InRange(kept.SelectMany(m => m.Parts).OfType<TextPart>().Sum(p => Encoding.UTF8.GetByteCount(p.Text)), 1, (2 * most) + 100);
        Assert.DoesNotContain(kept.SelectMany(m => m.Parts), p => p is ImagePart);
    }

    [Fact]
    public void Fit_Small_IsLeftAsItIs() => Assert.Equal(([Asked, Answered], false), HistoryTurns.Fit([Asked, Answered], 1000), SameFit.Instance);

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Json_WrittenAndRead_SaysTheSame(WireProtocol protocol)
    {
        var messages = new[] { Asked, new Message(Role.Assistant, [new TextPart("see"), Call("call_1")]), new Message(Role.User, [Result("call_1"), new TextPart("and?")]), Answered };

        var read = HistoryJson.Read(protocol, HistoryJson.Write(protocol, messages));

        Assert.Equal(Texts(messages), Texts(read));
        Assert.Equal("call_1", read.SelectMany(m => m.Parts).OfType<ToolCallPart>().Single().Id);
        Assert.Equal("call_1", read.SelectMany(m => m.Parts).OfType<ToolResultPart>().Single().CallId);
    }

    [Theory]
    [InlineData(WireProtocol.Chat, """{"x":[1, 2],"messages":[{"role":"developer","content":"d"},{"role":"user","content":"next"}],"model":"m"}""")]
    [InlineData(WireProtocol.Responses, """{"x":[1, 2],"input":"next","model":"m"}""")]
    [InlineData(WireProtocol.Responses, """{"x":[1, 2],"input":[{"role":"user","content":"next"}],"model":"m"}""")]
    [InlineData(WireProtocol.Messages, """{"x":[1, 2],"messages":[{"role":"user","content":"next"}],"model":"m","max_tokens":5}""")]
    [InlineData(WireProtocol.Gemini, """{"x":[1, 2],"contents":{"role":"user","parts":[{"text":"next"}]}}""")]
    public void Compose_Request_HasTheHistoryInFrontAndAllElseAsItWas(WireProtocol protocol, string body)
    {
        var output = new ArrayBufferWriter<byte>();

        HistoryJson.Compose(protocol, Encoding.UTF8.GetBytes(body), [Asked, Answered], output);

        var request = Codecs.Of(protocol).ReadRequest(output.WrittenMemory);
        Assert.Equal(["asked", "answered", "next"], Texts(request.Messages));
        using var before = JsonDocument.Parse(body);
        using var after = JsonDocument.Parse(output.WrittenMemory);
        Assert.Equal(before.RootElement.EnumerateObject().Select(m => m.Name), after.RootElement.EnumerateObject().Select(m => m.Name));
        Assert.Equal("[1, 2]", after.RootElement.GetProperty("x").GetRawText());
        Assert.Equal(protocol == WireProtocol.Chat ? "d" : null, request.System.SingleOrDefault()?.Text);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"no\"}}\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"}}]}\n\n")]
    [InlineData("no events at all")]
    [InlineData("")]
    public void Given_NoWholeAnswer_IsNoMessage(string body) =>
        Assert.Null(GivenAnswer.Read(WireProtocol.Chat, Encoding.UTF8.GetBytes(body), isStream: true, isArray: false));

    private static ModelRequest Request(params Message[] messages) => new() { Model = "m", Messages = messages };

    private static ToolCallPart Call(string id) => new(id, "tool", "{}");

    private static ToolResultPart Result(string id) => new(id, [new TextPart("result")]) { Name = "tool" };

    private static IEnumerable<string> Texts(IEnumerable<Message> messages) => messages.SelectMany(m => m.Parts).OfType<TextPart>().Select(p => p.Text);

    private static string Describe(Message message) => $"{message.Role}: {string.Join(" | ", message.Parts.Select(p => p is ToolResultPart r ? "result " + r.CallId : p.ToString()))}";

    private sealed class SameText : IEqualityComparer<Message>
    {
        public static readonly SameText Instance = new();

        public bool Equals(Message? x, Message? y) => Describe(x!) == Describe(y!);

        public int GetHashCode(Message obj) => 0;
    }

    private sealed class SameFit : IEqualityComparer<(IReadOnlyList<Message> Messages, bool IsCut)>
    {
        public static readonly SameFit Instance = new();

        public bool Equals((IReadOnlyList<Message> Messages, bool IsCut) x, (IReadOnlyList<Message> Messages, bool IsCut) y) =>
            x.IsCut == y.IsCut && x.Messages.SequenceEqual(y.Messages, SameText.Instance);

        public int GetHashCode((IReadOnlyList<Message> Messages, bool IsCut) obj) => 0;
    }
}
