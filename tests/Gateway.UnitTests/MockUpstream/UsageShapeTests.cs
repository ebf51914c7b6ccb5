using System.Text.Json;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>Usage comes where the script puts it, and only when asked for.</summary>
public sealed class UsageShapeTests : MockFixture
{
    private const string Asked = ""","stream_options":{"include_usage":true}""";

    [Fact]
    public async Task ChatStream_UsageNotAskedFor_HasNone()
    {
        Assert.All(await EventsAsync("mock-ok"), e => Assert.DoesNotContain("usage", e, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mock-ok")]
    [InlineData("mock-usage=late")]
    public async Task ChatStream_UsageAskedFor_ComesLastWithoutChoices(string model)
    {
        var chunks = await ChunksAsync(model, Asked);

        var carrier = Assert.Single(chunks, HasUsage);
        Assert.Equal(chunks.Count - 1, chunks.IndexOf(carrier));
        Assert.Equal(0, carrier.GetProperty("choices").GetArrayLength());
        Assert.All(chunks.SkipLast(1), c => Assert.Equal(JsonValueKind.Null, c.GetProperty("usage").ValueKind));
    }

    [Fact]
    public async Task ChatStream_UsageWithChoices_IsInTheFinishChunk()
    {
        var carrier = Assert.Single(await ChunksAsync("mock-usage=with_choices", Asked), HasUsage);

        Assert.Equal("stop", carrier.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task ChatStream_UsageTwice_LastIsTheComplete()
    {
        var usages = (await ChunksAsync("mock-usage=twice", Asked)).Where(HasUsage).ToArray();

        Assert.Equal([4, 8], usages.Select(u => u.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
    }

    [Fact]
    public async Task Chat_UsageAbsent_HasNoneAnywhere()
    {
        Assert.DoesNotContain(await ChunksAsync("mock-usage=absent", Asked), c => c.TryGetProperty("usage", out _));
        Assert.False((await JsonAsync("mock-usage=absent")).TryGetProperty("usage", out _));
    }

    [Fact]
    public async Task ChatStream_UsageForced_ComesUnasked()
    {
        Assert.Single(await ChunksAsync("mock-usage-forced"), HasUsage);
    }

    [Fact]
    public async Task Chat_ZeroUsage_IsZero()
    {
        Assert.Equal(0, (await JsonAsync("mock-zero-usage")).GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_PromptTokens_AreAQuarterOfTheMessagesBytes()
    {
        var usage = (await JsonAsync("mock-ok")).GetProperty("usage");

        const string Messages = """[{"role":"user","content":"hello"}]""";
        Assert.Equal(Messages.Length / 4, usage.GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task ChatStream_Reasoning_ComesBeforeContent()
    {
        var deltas = (await ChunksAsync("mock-reasoning=2+chunks=1")).Select(c => c.GetProperty("choices")[0].GetProperty("delta")).ToArray();

        Assert.Equal("thought1", deltas[1].GetProperty("reasoning_content").GetString());
        Assert.Equal(" thought2", deltas[2].GetProperty("reasoning_content").GetString());
        Assert.Equal("token1", deltas[3].GetProperty("content").GetString());
    }

    private static bool HasUsage(JsonElement chunk) => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object;

    private async Task<List<JsonElement>> ChunksAsync(string model, string more = "") =>
        [.. (await EventsAsync(model, more)).Where(e => e != "[DONE]").Select(e => JsonSerializer.Deserialize<JsonElement>(e))];
}
