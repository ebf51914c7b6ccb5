using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AIHigress.MockUpstream;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>Each way to fail looks on the wire as it says.</summary>
public sealed class ScriptedFaultTests : MockFixture
{
    private readonly WatchedTime _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    protected override MockUpstreamOptions Options => new() { Time = _time };

    [Theory]
    [InlineData("mock-refuse", false, 0)]
    [InlineData("mock-cut-after=0", true, 0)]
    [InlineData("mock-cut-after=3", true, 3)]
    public async Task Chat_Cut_ResetsAfterThatManyEvents(string model, bool stream, int events)
    {
        var (text, end) = await WireAsync(model, stream);

        Assert.Equal(SocketError.ConnectionReset, end);
        Assert.Equal(events, text.Split("data: ").Length - 1);
    }

    [Fact]
    public async Task Chat_CutPlain_ResetsInsideTheBody()
    {
        var (text, end) = await WireAsync("mock-cut-after", stream: false);

        Assert.Equal(SocketError.ConnectionReset, end);
        Assert.Contains("\"id\":\"chatcmpl-mock-1\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_CloseAfter_EndsWithoutTheLastChunk()
    {
        var (text, end) = await WireAsync("mock-close-after=2", stream: true);

        Assert.Equal(SocketError.Success, end);
        Assert.Equal(2, text.Split("data: ").Length - 1);
        Assert.DoesNotContain("\r\n0\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_TruncatedJsonShort_EndsBeforeTheDeclaredLength()
    {
        using var response = await SendAsync("mock-truncated-json=short");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Chat_TruncatedJson_IsWholeHttpButNotJson()
    {
        var body = await BodyAsync("mock-truncated-json");

        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
    }

    [Theory]
    [InlineData("mock-end-after=3", 3)]
    [InlineData("mock-only-role-then-end", 1)]
    [InlineData("mock-empty-200", 0)]
    public async Task ChatStream_EndsEarly_WithoutFinishOrDone(string model, int events)
    {
        var got = await EventsAsync(model);

        Assert.Equal(events, got.Count);
        Assert.DoesNotContain("[DONE]", got);
    }

    [Fact]
    public async Task Chat_Empty200_HasNoBody()
    {
        using var response = await SendAsync("mock-empty-200");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task ChatStream_ErrorAfter_EndsWithErrorEvent(int good)
    {
        var events = await EventsAsync($"mock-error-after={good}+error-status=503");

        Assert.Equal(good + 1, events.Count);
        Assert.Contains("\"error\":{", events[^1], StringComparison.Ordinal);
        Assert.Contains("\"code\":503", events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatStream_TruncatedEvent_EndsInsideIt()
    {
        var body = await BodyAsync("mock-truncated-event=2", stream: true);

        Assert.Equal(3, body.Split("data: ").Length - 1);
        Assert.False(body.EndsWith("\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_Garbage_IsNoJson()
    {
        Assert.Equal(["not json"], await EventsAsync("mock-garbage"));
        Assert.Equal(3, (await EventsAsync("mock-garbage+garbage-after=2")).Count);
        Assert.StartsWith("{\"id\"", await BodyAsync("mock-garbage"), StringComparison.Ordinal);
        Assert.StartsWith("<!DOCTYPE", await BodyAsync("mock-garbage=html", stream: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatStream_NoFinishNoDone_LeavesThemOut()
    {
        var events = await EventsAsync("mock-no-finish+no-done");

        Assert.Equal(9, events.Count);
        Assert.DoesNotContain(events, e => e.Contains("\"finish_reason\":\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_EndlessHeaders_ExceedTheClientsLimit()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("mock-endless-headers"));
        await Mock.WaitForCanceledAsync(1);
    }

    [Fact]
    public async Task Chat_RetryAfterDate_IsHttpDateFromNow()
    {
        using var response = await SendAsync("mock-status=429+retry-after-date=30");

        Assert.Equal(_time.GetUtcNow().AddSeconds(30), response.Headers.RetryAfter!.Date);
    }

    [Fact]
    public async Task Chat_Status_HasRetryAfterAndErrorShape()
    {
        using var response = await SendAsync("mock-status=429+retry-after=3");

        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter!.Delta);
        Assert.Contains("rate_limit_exceeded", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "")]
    [InlineData("text", "upstream error")]
    public async Task Chat_ErrorBody_IsOfThatKind(string kind, string body)
    {
        Assert.Equal(body, await BodyAsync($"mock-status=502+error-body={kind}"));
    }

    [Fact]
    public async Task Chat_Unsupported_Is400NamingIt()
    {
        using var response = await SendAsync("mock-unsupported=vision");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("does not support vision", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_UnknownKnob_Is400NamingIt()
    {
        using var response = await SendAsync("mock-chunkz=3");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("chunkz", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Times_FailsThatOftenThenAnswers()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await SendAsync("mock-status=500+times=2");
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK], statuses);
    }

    [Fact]
    public async Task Chat_Latency_WaitsForTheClock()
    {
        var answer = SendAsync("mock-latency=60000");
        await _time.TimerStarted.WaitAsync(MockUpstreamServer.DefaultTimeout);
        _time.Advance(TimeSpan.FromMilliseconds(59_999));
        Assert.Equal(1, Mock.Stats.InFlight);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Chat_HeaderKnobs_AreSent()
    {
        using var response = await SendAsync("mock-set-cookie+hop-headers+ratelimit-headers+header-kib=4+wrong-content-type=text/csv");

        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.Contains("Set-Cookie"));
        Assert.True(response.Headers.Contains("Proxy-Authenticate"));
        Assert.Equal("4999", response.Headers.GetValues("x-ratelimit-remaining-requests").Single());
        Assert.True(response.Headers.Contains("x-filler-4"));
        Assert.Equal("req_mock_1", response.Headers.GetValues("x-request-id").Single());
    }

    [Fact]
    public async Task Chat_Huge_IsThatLarge()
    {
        Assert.Equal(2 * 1024 * 1024, Content(await JsonAsync("mock-huge=2")).Length);
        Assert.Contains(await EventsAsync("mock-huge=2"), e => e.Length > 2 * 1024 * 1024);
    }

    [Fact]
    public async Task Chat_Gzip_IsCompressed()
    {
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip };
        using var http = new HttpClient(handler) { BaseAddress = Mock.BaseAddress };
        using var response = await http.PostAsync("v1/chat/completions", Ask("mock-gzip"));

        Assert.Contains("token8", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>A clock that tells when somebody began to wait for it.</summary>
    private sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task TimerStarted => _started.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _started.TrySetResult();
            return timer;
        }
    }
}
