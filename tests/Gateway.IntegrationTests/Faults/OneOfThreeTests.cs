namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>One of three providers fails, in each way there is, while many clients ask at once.</summary>
public sealed class OneOfThreeTests(SharedWorlds worlds) : FaultTests(worlds)
{
    private const int Clients = 12;
    private const int RequestsPerFault = 4;

    [Fact]
    public async Task Chat_EveryFaultUnderLoad_NoClientNotices()
    {
        var load = new Load(World.Gateway.Address, [.. ProviderFault.All.Select(f => (f.OneOfThree, f.Stream))]);

        load.Start(Clients, ProviderFault.All.Count * RequestsPerFault);
        await load.EndAsync();

        Assert.Empty(load.Failures);
        Assert.Empty(load.Cut);
        Assert.Equal(ProviderFault.All.Count * RequestsPerFault, load.Whole.Count);
        var tried = await World.FaultyMock.Control.RequestsAsync("mock-status=503");
        Assert.NotEmpty(tried);
    }
}
