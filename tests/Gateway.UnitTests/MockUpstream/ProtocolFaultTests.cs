using System.Net;
using System.Net.Http.Headers;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>The knobs do the same in each protocol.</summary>
public sealed class ProtocolFaultTests : ProtocolFixture
{
    [Theory]
    [MemberData(nameof(Others))]
    public async Task Stream_Cut_EndsInAFaultAfterThatManyEvents(string protocol)
    {
        using var response = await SendAsync(Ask(protocol, "mock-cut-after=3", stream: true));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
        Assert.Equal(3, Mock.Requests().Single().EventsSent);
        Assert.False(Mock.Requests().Single().Finished);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Plain_CutAndTruncated_LackTheirEnd(string protocol)
    {
        using var cut = await SendAsync(Ask(protocol, "mock-cut-after", stream: false));
        using var shorter = await SendAsync(Ask(protocol, "mock-truncated-json=short", stream: false));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => cut.Content.ReadAsStringAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => shorter.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Stream_Hang_SendsThatManyEventsAndWaits(string protocol)
    {
        using (var response = await SendAsync(Ask(protocol, "mock-hang-after=2", stream: true)))
        {
            await Mock.WaitForInFlightAsync(1);
        }

        await Mock.WaitForCanceledAsync(1);
        Assert.Equal(2, Mock.Requests().Single().EventsSent);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Stream_Gate_HoldsEachEvent(string protocol)
    {
        Mock.Script("*", Gated("door"));
        using var response = await SendAsync(Ask(protocol, "alpha", stream: true));
        await Mock.WaitForGateAsync("door", minWaiting: 1);
        Assert.Equal(0, Mock.Requests().Single().EventsSent);

        Mock.Release("door", 2);
        await Mock.WaitForGateAsync("door", minSent: 2, minWaiting: 1);
        Assert.Equal(2, Mock.Requests().Single().EventsSent);

        Mock.Release("door", 100);
        Assert.Contains("token8", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Stream_SplitCharacters_AreWholeInTheEnd(string protocol)
    {
        Assert.Contains("tökén😀8", await TextAsync(Ask(protocol, "mock-split-utf8", stream: true)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Stream_EndsEarlyOrWrongly_AsTold(string protocol)
    {
        var whole = await TextAsync(Ask(protocol, "mock-ok", stream: true));
        var ended = await TextAsync(Ask(protocol, "mock-end-after=2", stream: true));
        var truncated = await TextAsync(Ask(protocol, "mock-truncated-event=2", stream: true));
        var garbage = await TextAsync(Ask(protocol, "mock-garbage+garbage-after=1", stream: true));
        var unfinished = await TextAsync(Ask(protocol, "mock-no-finish", stream: true));

        Assert.True(ended.Length < truncated.Length && truncated.Length < whole.Length);
        Assert.Contains("not json", garbage, StringComparison.Ordinal);
        string[] ends = ["message_delta", "response.completed", "finishReason"];
        Assert.Contains(ends, end => whole.Contains(end, StringComparison.Ordinal));
        Assert.DoesNotContain(ends, end => unfinished.Contains(end, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Any_Garbage_IsNoJson(string protocol)
    {
        Assert.StartsWith("<!DOCTYPE", await TextAsync(Ask(protocol, "mock-garbage=html", stream: true)), StringComparison.Ordinal);
        Assert.EndsWith("{{{", await TextAsync(Ask(protocol, "mock-garbage", stream: false)), StringComparison.Ordinal);
        Assert.Empty(await TextAsync(Ask(protocol, "mock-empty-200", stream: false)));
        Assert.Empty(await TextAsync(Ask(protocol, "mock-empty-200", stream: true)));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Any_Status_HasHeadersAndMessage(string protocol)
    {
        Http.DefaultRequestHeaders.Authorization = new("Bearer", "k1");
        using var response = await SendAsync(Ask(protocol, "mock-status=429+retry-after=3+error-message=not {key}+set-cookie", stream: true));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(new RetryConditionHeaderValue(TimeSpan.FromSeconds(3)), response.Headers.RetryAfter);
        Assert.Contains("not k1", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Any_ErrorBody_IsOfThatKind(string protocol)
    {
        Assert.Equal("upstream error", await TextAsync(Ask(protocol, "mock-status=502+error-body=text", stream: false)));
        Assert.StartsWith("<html>", await TextAsync(Ask(protocol, "mock-status=502+error-body=html", stream: false)), StringComparison.Ordinal);
        Assert.Contains("does not support vision", await TextAsync(Ask(protocol, "mock-unsupported=vision", stream: false)), StringComparison.Ordinal);
        Assert.Contains("chunkz", await TextAsync(Ask(protocol, "mock-chunkz=3", stream: false)), StringComparison.Ordinal);
        Assert.Contains("no luck", await TextAsync(Ask(protocol, "mock-error-after=1+error-message=no luck", stream: false)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Plain_Usage_IsAbsentOrZeroAsTold(string protocol)
    {
        string[] counts = ["prompt_tokens", "input_tokens", "promptTokenCount"];
        var absent = await TextAsync(Ask(protocol, "mock-usage=absent", stream: false));
        var zero = await TextAsync(Ask(protocol, "mock-zero-usage", stream: false));

        Assert.DoesNotContain(counts, count => absent.Contains($"\"{count}\"", StringComparison.Ordinal));
        Assert.Contains(counts, count => zero.Contains($"\"{count}\":0", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Any_Times_FailsThatOften(string protocol)
    {
        Mock.Script("*", new Behaviour { Status = 500 }, times: 1);

        using var first = await SendAsync(Ask(protocol, "alpha", stream: false));
        using var second = await SendAsync(Ask(protocol, "alpha", stream: false));

        Assert.Equal([HttpStatusCode.InternalServerError, HttpStatusCode.OK], [first.StatusCode, second.StatusCode]);
    }
}
