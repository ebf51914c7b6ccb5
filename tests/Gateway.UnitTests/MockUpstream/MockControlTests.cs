using System.Net;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Control;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>Scripting, the journal, gates and waits, in process and through the control endpoints.</summary>
public sealed class MockControlTests : MockFixture
{
    [Fact]
    public async Task Script_NarrowerRule_Wins()
    {
        Mock.Script("*", new Behaviour { Status = 500 });
        Mock.Script("alpha", new Behaviour { Text = "by model" });
        Mock.Script("alpha", new Behaviour { Text = "by model and key" }, key: "k1");

        using var other = await SendAsync("beta");
        Assert.Equal(HttpStatusCode.InternalServerError, other.StatusCode);
        Assert.Equal("by model", Content(await JsonAsync("alpha")));
        Http.DefaultRequestHeaders.Authorization = new("Bearer", "k1");
        Assert.Equal("by model and key", Content(await JsonAsync("alpha")));
    }

    [Fact]
    public async Task Script_OverModelName_AddsToItsKnobs()
    {
        Mock.Script("*", new Behaviour { FinishReason = "content_filter" });

        var answer = await JsonAsync("mock-text=as named");

        Assert.Equal("as named", Content(answer));
        Assert.Equal("content_filter", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Script_Times_ThenNormalAndResetForgets()
    {
        Mock.Script("*", new Behaviour { Text = "twice" }, times: 2);
        Assert.Equal("twice", Content(await JsonAsync("alpha")));
        Assert.Equal("twice", Content(await JsonAsync("alpha")));
        Assert.Equal(Words.Text(new Behaviour()), Content(await JsonAsync("alpha")));

        Mock.Script("*", new Behaviour { Text = "gone" });
        Mock.ResetScripts();
        Assert.Equal(Words.Text(new Behaviour()), Content(await JsonAsync("alpha")));
    }

    [Fact]
    public async Task Script_ForModelList_AppliesToIt()
    {
        Mock.Script("/models", new Behaviour { Status = 503 }, times: 1);

        using var first = await Http.GetAsync("v1/models");
        using var second = await Http.GetAsync("v1/models");

        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], [first.StatusCode, second.StatusCode]);
    }

    [Fact]
    public async Task Gate_EachRelease_LetsOneEventThrough()
    {
        Mock.Script("*", Gated("door"));
        using var response = await SendAsync("alpha", stream: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await Mock.WaitForGateAsync("door", minWaiting: 1);
        Assert.Equal(0, Mock.Requests()[0].EventsSent);

        Mock.Release("door");
        Assert.Contains("\"role\"", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Mock.Release("door", 2);
        var state = await Mock.WaitForGateAsync("door", minSent: 3, minWaiting: 1);

        Assert.Equal(new GateState(3, 1), state);
        Assert.Equal(3, Mock.Requests()[0].EventsSent);
        Mock.Release("door", 100);
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        await Mock.WaitForInFlightAsync(0);
        Assert.True(Mock.Requests()[0].Finished);
    }

    [Fact]
    public async Task Hang_ClientLeavesInsideStream_IsCanceledAfterThoseEvents()
    {
        using (var response = await SendAsync("mock-hang-after=3", stream: true))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            for (var lines = 0; lines < 6; lines++)
            {
                await reader.ReadLineAsync();
            }
        }

        await Mock.WaitForCanceledAsync(1);
        Assert.Equal(3, Mock.Requests().Single().EventsSent);
        Assert.True(Mock.Requests().Single().Canceled);
    }

    [Theory]
    [InlineData("mock-hang-before-headers")]
    [InlineData("mock-hang-after")]
    public async Task Hang_ClientLeaves_IsCanceled(string model)
    {
        using var leave = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            using var response = await SendAsync(model, cancellation: leave.Token);
            await response.Content.ReadAsStringAsync(leave.Token);
        });
        await Mock.WaitForInFlightAsync(1);
        Assert.Equal(0, Mock.Stats.Canceled);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Mock.WaitForCanceledAsync(1);

        var request = Mock.Requests().Single();
        Assert.True(request.Canceled);
        Assert.False(request.Finished);
        Assert.Equal(0, Mock.Stats.InFlight);
    }

    [Fact]
    public async Task Requests_AfterAnswers_TellWhatWasAsked()
    {
        Http.DefaultRequestHeaders.Authorization = new("Bearer", "k1");
        await JsonAsync("alpha", ""","note":"é" """);
        await JsonAsync("beta");

        var requests = Mock.Requests();
        Assert.Equal(["alpha", "beta"], requests.Select(r => r.Model));
        Assert.Equal([1, 2], requests.Select(r => r.Order));
        Assert.Equal(("POST", "/v1/chat/completions", "k1"), (requests[0].Method, requests[0].Path, requests[0].Key));
        Assert.Equal("application/json; charset=utf-8", requests[0].Headers["content-type"]);
        Assert.Contains("\"note\":\"é\"", requests[0].BodyText, StringComparison.Ordinal);
        Assert.True(requests[0].Finished);
        Assert.Equal("beta", Mock.Requests(limit: 1).Single().Model);
        Assert.Equal("alpha", Mock.Requests("alpha").Single().Model);
        Mock.ClearRequests();
        Assert.Empty(Mock.Requests());
    }

    [Fact]
    public async Task WaitForInFlight_NotReached_TimesOut()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Mock.WaitForInFlightAsync(1, TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task Control_UnknownKnob_IsRefused()
    {
        using var answer = await Http.PostAsync("__mock/script", new StringContent("""{"model":"*","behaviour":{"chunkz":1}}"""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Process_DrivenFromOutside_DoesAllOfIt()
    {
        await using var mock = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "beta", Models = ["one"] });
        using var http = new HttpClient { BaseAddress = mock.BaseAddress };
        await mock.Control.ScriptAsync("one", new Behaviour { Gate = "door", Headers = new Dictionary<string, string> { ["x-extra"] = "1" } }, times: 1);

        var asking = http.PostAsync("v1/chat/completions", Ask("one"));
        await mock.Control.WaitForGateAsync("door", minWaiting: 1);
        Assert.Equal(1, (await mock.Control.WaitForInFlightAsync(1)).InFlight);
        await mock.Control.ReleaseAsync("door");
        using var answer = await asking;

        Assert.Contains("chatcmpl-beta-1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("1", answer.Headers.GetValues("x-extra").Single());
        Assert.Equal("one", (await mock.Control.RequestsAsync()).Single().Model);
        await mock.Control.ClearRequestsAsync();
        Assert.Empty(await mock.Control.RequestsAsync("one"));
        await mock.Control.ResetScriptsAsync();
        Assert.Equal(1, (await mock.Control.StatsAsync()).Requests);
        await Assert.ThrowsAsync<TimeoutException>(() => mock.Control.WaitForCanceledAsync(1, TimeSpan.FromMilliseconds(1)));
        await mock.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync("v1/models"));
    }
}
