namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Every fault before content, plain and streamed, of the only provider: the client gets the error that says what happened, and no secret.</summary>
public sealed class LoneProviderTests(SharedWorlds worlds) : FaultTests(worlds)
{
    public static TheoryData<string> Faults => [.. ProviderFault.All.Select(f => f.Id)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Chat_OnlyProviderFails_ClientGetsTheErrorOfTheProtocol(string name)
    {
        var fault = ProviderFault.Named(name);

        var reply = await World.Client.AskAsync(fault.LoneModel, fault.Stream);

        Assert.Equal((fault.Status, fault.Code), (reply.Status, reply.ErrorCode));
        Assert.Equal("application/json", reply.Headers["Content-Type"]);
        Assert.Equal("1", reply.Attempts);
        Assert.Equal(fault.RetryAfter, reply.Headers.GetValueOrDefault("Retry-After"));
        Assert.NotEmpty(reply.ErrorMessage);
        Assert.NotEmpty(reply.Error.GetProperty("type").GetString()!);
        Secrecy.AssertKept(reply, World.FaultyMock.BaseAddress);
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([(fault.LoneProvider, fault.Category)], row.Attempts);
        Assert.Equal((fault.Status, fault.Code, false), (row.Status, row.ErrorCode, row.Ok));
    }
}
