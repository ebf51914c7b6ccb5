using System.Text.RegularExpressions;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>Every legal form of an event stream passes as the bytes that came, and is understood on the way.</summary>
public sealed partial class StreamFormTests(SharedWorlds worlds) : ChatTests(worlds)
{
    private const string AskUsage = ""","stream_options":{"include_usage":true}""";

    public static TheoryData<string> Forms =>
        ["plain", "crlf", "comments", "no-space", "multi-line", "split-characters", "split-bytes", "everything-odd", "reasoning", "refusal", "huge", "tools", "usage-twice", "usage-with-choices"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Stream_LegalForm_PassesByteForByte(string model)
    {
        using var direct = new ChatClient(World.Mock.BaseAddress.AbsoluteUri, key: null);
        const string tools = """
            ,"tools":[{"type":"function","function":{"name":"first"}}]
            """;

        var upstream = await direct.AskAsync(ChatWorld.Models[model], stream: true, AskUsage + tools);
        var reply = await World.Client.AskAsync(model, stream: true, AskUsage + tools);

        // The byte order mark belongs to the connection, and the end mark is the gateway's own.
        Assert.Equal(WithoutEnd(upstream.Body.TrimStart('\ufeff')), WithoutEnd(reply.Body));
        Assert.EndsWith("data: [DONE]\n\n", reply.Body, StringComparison.Ordinal);
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((true, false, true), (row.Ok, row.TokensEstimated, row.OutputTokens > 0));
    }

    [Fact]
    public async Task Stream_CharactersSplitOverWrites_ArriveWhole()
    {
        var reply = await World.Client.AskAsync("split-characters", stream: true);

        Assert.Equal(Words.Text(new Behaviour { SplitUtf8 = true }), reply.StreamText);
    }

    [Theory]
    [InlineData("no-done")]
    [InlineData("no-finish")]
    public async Task Stream_UpstreamLeavesOneEndMarkOut_IsWhole(string model)
    {
        var reply = await World.Client.AskAsync(model, stream: true);

        Assert.Equal(Words.Text(new Behaviour()), reply.StreamText);
        Assert.Equal("[DONE]", reply.Events[^1]);
        Assert.True((await World.Logs.OneAsync(reply.RequestId)).Ok);
    }

    [Theory]
    [InlineData("usage-absent", true, null)]
    [InlineData("usage-zero", false, 0)]
    [InlineData("usage-twice", false, 8)]
    [InlineData("usage-with-choices", false, 8)]
    public async Task Stream_UsageReportedSomehow_IsAccountedOnce(string model, bool estimated, int? output)
    {
        var reply = await World.Client.AskAsync(model, stream: true);

        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((true, estimated), (row.Ok, row.TokensEstimated));
        if (output is { } tokens)
        {
            Assert.Equal(tokens, row.OutputTokens);
        }
        else
        {
            Assert.True(row is { OutputTokens: >= 8, InputTokens: > 0 });
        }
    }

    [Fact]
    public async Task Plain_UsageWithDetails_IsSplitIntoItsParts()
    {
        var reply = await World.Client.AskAsync("usage-details");

        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((40, 10), (row.InputTokens, row.OutputTokens));
    }

    [Fact]
    public async Task Plain_UsageAbsent_IsCounted()
    {
        var reply = await World.Client.AskAsync("usage-absent");

        Assert.True(await World.Logs.OneAsync(reply.RequestId) is { TokensEstimated: true, OutputTokens: >= 8, InputTokens: > 0 });
    }

    /// <summary>Up to the last byte of the last chunk; numbers in ids count answers.</summary>
    private static string WithoutEnd(string body) => AnswerNumber().Replace(body[..(body.LastIndexOf('}') + 1)], "${id}n");

    [GeneratedRegex("(?<id>chatcmpl-up-|call_mock_)[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex AnswerNumber();
}
