using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Routing;

[Collection(RoutingGateway.Name)]
public sealed class MeasuredStreamTests(RoutingGateway gateway)
{
    [Fact]
    public async Task Decide_AfterStreamsWithALateFirstToken_ShowsItInTheScore()
    {
        var admin = await gateway.AdminAsync();
        var (quick, late) = (UpstreamGateway.NewName("quick"), UpstreamGateway.NewName("late"));
        foreach (var name in (string[])[quick, late])
        {
            (await gateway.AddProviderAsync(admin, name, name)).MustBe(201);
        }

        var model = await gateway.AddModelAsync("balanced", [(quick, 1), (late, 1)]);
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await RoutingGateway.NewKeyAsync(admin));
        for (var i = 0; i < 8; i++)
        {
            await StreamAsync(client, model, quick, TimeSpan.Zero);
            await StreamAsync(client, model, late, TimeSpan.FromSeconds(0.3));
        }

        var decision = await (await gateway.AdminAsync()).PostAsync("/api/v1/routing/decide", new { model });

        decision.MustBe(200);
        var candidates = decision["candidates"].EnumerateArray().ToDictionary(c => c.GetProperty("provider").GetString()!);

        // 300 ms of a norm of 400, weighing 0.3.
        Assert.Equal(0.225, candidates[late].GetProperty("latency_term").GetDouble(), 3);
        Assert.Equal(0, candidates[quick].GetProperty("latency_term").GetDouble(), 3);
        Assert.Equal((8, JsonValueKind.Null), (candidates[late].GetProperty("samples").GetInt32(), candidates[late].GetProperty("cost_term").ValueKind));
    }

    private async Task StreamAsync(HttpClient client, string model, string provider, TimeSpan firstToken)
    {
        var gate = UpstreamGateway.NewName("stream");
        gateway.Upstream.Script(provider, new Behaviour { Gate = gate }, times: 1);
        using var request = ChatClient.Request(ChatClient.Body(model, stream: true));
        request.Headers.Add("X-Route-Providers", provider);
        var answer = client.SendAsync(request);
        await gateway.Upstream.WaitForGateAsync(gate, minWaiting: 1, timeout: TestKit.Timeouts.Wait);
        gateway.Clock.Advance(firstToken);
        gateway.Upstream.Release(gate, 100);
        using var response = await answer;
        Assert.Contains("[DONE]", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
