using System.Text.Json;
using AIHigress.Gateway.UnitTests.Wire.Translation.Expected;
using AIHigress.Gateway.UnitTests.Wire.Translation.Generators;
using AIHigress.Wire;
using AIHigress.Wire.Translation.Requests;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>Requests: through one codec, and through every two of them one after the other.</summary>
public sealed class RequestProperties(ITestOutputHelper output)
{
    private const int Cases = 1_500;

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Request_WrittenAndRead_IsTheSameButForDeclaredLosses(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        var census = new Census();
        RequestGen.Any.Select(request => RequestLosses.Legal(protocol, request)).Sample(
            request =>
            {
                census.Add(request);
                var bytes = CodecRun.WriteRequest(codec, request);

                var read = codec.ReadRequest(bytes);

                RequestLosses.AssertSame(RequestLosses.Expected(protocol, request), read, bytes);
            },
            iter: Cases,
            threads: 1);
        output.WriteLine(census.ToString());
        Assert.Empty(census.Missing(["User: TextPart", "User: ImagePart", "User: FilePart", "User: ToolResultPart", "Assistant: ReasoningPart", "Assistant: ToolCallPart", "parallel calls", "Temperature", "Format"]));
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Request_ClientToUpstream_IsTheSameButForDeclaredLosses(WireProtocol client, WireProtocol upstream)
    {
        var (from, to) = (CodecsUnderTest.Of(client), CodecsUnderTest.Of(upstream));
        RequestGen.Any.Select(request => RequestLosses.Legal(client, RequestLosses.Legal(upstream, request))).Sample(
            request =>
            {
                var sent = from.ReadRequest(CodecRun.WriteRequest(from, request)) with { Model = request.Model, Stream = request.Stream };
                var legal = RequestLosses.Legal(upstream, sent);
                var bytes = CodecRun.WriteRequest(to, legal);

                var read = to.ReadRequest(bytes);

                var expected = RequestLosses.Expected(client, request) with { Model = request.Model, Stream = request.Stream };
                RequestLosses.AssertSame(RequestLosses.Expected(upstream, RequestLosses.Legal(upstream, expected)), read, bytes);
            },
            iter: Cases / 3,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Request_WithNothingButAQuestion_WritesNoNullAndNoMoreThanRequired(WireProtocol protocol)
    {
        var request = new ModelRequest { Model = "m", Messages = [new Message(Role.User, [new TextPart("hi")])] };

        using var document = JsonDocument.Parse(CodecRun.WriteRequest(CodecsUnderTest.Of(protocol), request));

        string[] required = protocol switch
        {
            WireProtocol.Chat => ["messages", "model"],
            WireProtocol.Responses => ["input", "model"],
            WireProtocol.Messages => ["max_tokens", "messages", "model"],
            _ => ["contents"],
        };
        Assert.Equal(required, document.RootElement.EnumerateObject().Select(m => m.Name).Where(n => !IsDefaultSaid(protocol, n)).Order());
        Assert.DoesNotContain("null", document.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Request_OfAnyKind_WritesNoNullOfItsOwn(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        RequestGen.Any.Select(request => WithoutJson(RequestLosses.Legal(protocol, request))).Sample(
            request =>
            {
                using var document = JsonDocument.Parse(CodecRun.WriteRequest(codec, request));
                Assert.Empty(Nulls(document.RootElement, ""));
            },
            iter: Cases / 3,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void CallIds_OfAnyAlphabet_StayTheSameForCallAndResultAndDifferent(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        string[] ids = ["a", "call 1", "call:1", "é", "functions.f:0", "a\"b", new string('x', 90), new string('x', 91)];
        var calls = ids.Select(id => new ToolCallPart(id, "f", "{}")).ToList();
        var request = new ModelRequest
        {
            Model = "m",
            MaxTokens = 10,
            Tools = [new FunctionTool("f") { Parameters = "{}" }],
            Messages = [new Message(Role.User, [new TextPart("x")]), new Message(Role.Assistant, calls), new Message(Role.User, [.. ids.Select(id => new ToolResultPart(id, [new TextPart("r")]) { Name = "f" })])],
        };

        var read = codec.ReadRequest(CodecRun.WriteRequest(codec, request));

        var called = read.Messages[1].Parts.OfType<ToolCallPart>().Select(c => c.Id).ToList();
        Assert.Equal(called, read.Messages[2].Parts.OfType<ToolResultPart>().Select(r => r.CallId));
        Assert.Equal(ids.Length, called.Distinct().Count());
        Assert.All(called, id => Assert.True(protocol == WireProtocol.Gemini || id.Length <= 64, id));
        if (protocol == WireProtocol.Messages)
        {
            Assert.All(called, id => Assert.Matches("^[a-zA-Z0-9_-]+$", id));
        }
    }

    // A default that the protocol would else decide against the client's wish.
    private static bool IsDefaultSaid(WireProtocol protocol, string member) => protocol == WireProtocol.Responses && member == "store";

    private static ModelRequest WithoutJson(ModelRequest request) => RequestLosses.EachPart(
        request with { Tools = [.. request.Tools.Select(t => t is FunctionTool f ? f with { Parameters = "{}" } : t)], Format = null },
        (_, part) => [part switch
        {
            ToolCallPart { IsCustom: false } call => call with { Arguments = "{}" },
            ToolResultPart result => result with { Content = [new TextPart("r")] },
            _ => part,
        }]);

    private static IEnumerable<string> Nulls(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Null => [path],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(v => Nulls(v, $"{path}[]")),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(m => Nulls(m.Value, $"{path}.{m.Name}")),
        _ => [],
    };
}
