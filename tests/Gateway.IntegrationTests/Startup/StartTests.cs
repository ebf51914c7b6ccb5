using System.Net.Sockets;
using System.Text;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Startup;

public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FirstStart_EmptyFolder_SaysWhereItIsAndHowToGoOn()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);

        Assert.Contains($"Address   {gateway.Address}", gateway.Output, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, gateway.Output, StringComparison.Ordinal);
        Assert.Contains($"{gateway.Address}/setup#token=", gateway.Output, StringComparison.Ordinal);
        Assert.Contains("Next:", gateway.Output, StringComparison.Ordinal);
        Assert.Empty(gateway.Error);
        using var client = new HttpClient();
        Assert.Equal("{\"status\":\"ok\"}", await client.GetStringAsync($"{gateway.Address}/health/ready"));
    }

    [Fact]
    public async Task SecondStart_StillNoUser_PrintsANewLink()
    {
        var first = await LinkOfOneStartAsync();
        var second = await LinkOfOneStartAsync();

        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Start_DefaultAdmin_IsCreatedOnceAndNoLinkIsPrinted()
    {
        var settings = new Dictionary<string, string> { ["DEFAULT_ADMIN_EMAIL"] = "root@example.com", ["DEFAULT_ADMIN_PASSWORD"] = "correct horse battery" };
        await using (var gateway = await GatewayProcess.StartAsync(_folder.Path, settings))
        {
            Assert.Contains("root@example.com was created", gateway.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("/setup#token=", gateway.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("correct horse", gateway.Output + gateway.Error, StringComparison.Ordinal);
            gateway.Terminate();
            await gateway.WaitForExitAsync();
        }

        await using var again = await GatewayProcess.StartAsync(_folder.Path, settings);
        Assert.DoesNotContain("was created", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/setup#token=", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("error", again.Output + again.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Terminate_IdleConnection_EndsCleanly()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);
        using var client = new HttpClient();
        await client.GetStringAsync($"{gateway.Address}/health");

        gateway.Terminate();

        Assert.Equal(0, await gateway.WaitForExitAsync());
        Assert.Empty(gateway.Error);
    }

    [Fact]
    public async Task Interrupt_OnceAtTheTerminal_EndsCleanly()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);

        gateway.Interrupt();

        Assert.Equal(0, await gateway.WaitForExitAsync());
    }

    [Fact]
    public async Task Terminate_RequestThatNeverEnds_EndsAfterTheGrace()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path, new Dictionary<string, string> { ["SHUTDOWN_GRACE_SECONDS"] = "1" });
        using var socket = new TcpClient();
        var address = new Uri(gateway.Address);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "POST /api/v1/setup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"token\""));
        using var client = new HttpClient();
        await client.GetStringAsync($"{gateway.Address}/health");

        gateway.Terminate();

        Assert.Equal(0, await gateway.WaitForExitAsync());
    }

    [Fact]
    public async Task Start_AfterKill_GoesOnWithItsData()
    {
        await using (var gateway = await GatewayProcess.StartAsync(_folder.Path))
        {
            gateway.Kill();
            await gateway.WaitForExitAsync();
        }

        await using var again = await GatewayProcess.StartAsync(_folder.Path);
        using var client = new HttpClient();
        Assert.Equal("{\"status\":\"ok\"}", await client.GetStringAsync($"{again.Address}/health/ready"));
    }

    [Fact]
    public async Task Start_MisspeltSetting_WarnsWithTheNearestName()
    {
        await File.WriteAllTextAsync(_folder.File(".env"), "GATEWAY_MAX_CONCURENT_REQUESTS=5\nMASK_AS_BROWSER=1\n");

        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);

        Assert.Contains("GATEWAY_MAX_CONCURENT_REQUESTS is not a setting; did you mean GATEWAY_MAX_CONCURRENT_REQUESTS?", gateway.Error, StringComparison.Ordinal);
        Assert.Contains("MASK_AS_BROWSER is no longer used", gateway.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_InSeveralPlaces_TheCommandLineWins()
    {
        var port = FreePort.Next().ToString(System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(_folder.File(".env"), "API_BASE_URL=http://from-dotenv\nLOG_FORMAT=text\n");
        var environment = new Dictionary<string, string> { ["API_BASE_URL"] = "http://from-environment", ["PORT"] = "1" };

        await using var gateway = await GatewayProcess.StartAsync(_folder.Path, environment, "--port", port);

        Assert.Contains($"http://127.0.0.1:{port}", gateway.Output, StringComparison.Ordinal);
        Assert.Contains("http://from-environment/setup", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("from-dotenv", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"level\":", gateway.Output, StringComparison.Ordinal);
    }

    private async Task<string?> LinkOfOneStartAsync()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);
        gateway.Terminate();
        await gateway.WaitForExitAsync();
        return gateway.Output.Split('\n').SingleOrDefault(l => l.Contains("/setup#token=", StringComparison.Ordinal))?.Split("#token=")[1];
    }
}
