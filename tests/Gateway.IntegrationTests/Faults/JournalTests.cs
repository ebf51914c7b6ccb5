using System.Diagnostics;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;
using Microsoft.Data.Sqlite;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>When usage can't be recorded nothing is served, and nothing that was served is lost.</summary>
public sealed class JournalTests
{
    [Fact]
    public async Task Journal_CanNotBeWritten_RefusesUntilItCanAndLosesNothing()
    {
        await using var mock = await MockUpstreamProcess.StartAsync();
        await using var site = Site(mock);
        var gateway = await site.StartAsync();
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);

        // Somebody holds the journal's write lock: to its writer the same as a disk that takes nothing.
        await using var holder = new SqliteConnection($"Data Source={site.JournalFile};Pooling=False");
        await holder.OpenAsync();
        await ExecuteAsync(holder, "BEGIN IMMEDIATE");
        var waiting = await Task.WhenAll(client.AskAsync("plain"), client.AskAsync("plain", stream: true));
        Assert.All(waiting, reply => Assert.Equal(200, reply.Status));
        Assert.Contains("can't be written", gateway.Output, StringComparison.Ordinal);
        var asked = (await mock.Control.StatsAsync()).Requests;

        var refused = await client.AskAsync("plain");

        Assert.Equal((503, "journal_unavailable", "5"), (refused.Status, refused.ErrorCode, refused.Headers["Retry-After"]));
        Assert.Equal(asked, (await mock.Control.StatsAsync()).Requests);

        await ExecuteAsync(holder, "ROLLBACK");
        await Eventually.TrueAsync(async () => (await client.AskAsync("plain")).Status == 200, "requests are served again");
        foreach (var reply in waiting)
        {
            Assert.True((await site.Logs.OneAsync(reply.RequestId)).Ok);
        }
    }

    [Fact]
    public async Task Journal_CanNotBeWrittenAndServingIsWanted_Serves()
    {
        await using var mock = await MockUpstreamProcess.StartAsync();
        await using var site = Site(mock, ("JOURNAL_FULL", "serve"));
        var gateway = await site.StartAsync();
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        await using var holder = new SqliteConnection($"Data Source={site.JournalFile};Pooling=False");
        await holder.OpenAsync();
        await ExecuteAsync(holder, "BEGIN IMMEDIATE");
        var replies = new List<ChatReply> { await client.AskAsync("plain") };
        Assert.Contains("can't be written", gateway.Output, StringComparison.Ordinal);

        replies.Add(await client.AskAsync("plain"));
        replies.Add(await client.AskAsync("plain", stream: true));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        await ExecuteAsync(holder, "ROLLBACK");
        foreach (var reply in replies)
        {
            Assert.True((await site.Logs.OneAsync(reply.RequestId)).Ok);
        }
    }

    [Fact]
    public async Task Journal_DiskIsFull_RefusesUntilThereIsRoomAndLosesNothing()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Mounting a small disk takes root; the test above covers a journal that refuses writes.");
        await using var mock = await MockUpstreamProcess.StartAsync();
        await using var site = Site(mock);
        await using var disk = await SmallDisk.MountAsync(Path.GetDirectoryName(site.JournalFile)!);
        var gateway = await site.StartAsync();
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        var served = new List<ChatReply> { await client.AskAsync("plain") };

        disk.Fill();
        ChatReply refused;
        while ((refused = await client.AskAsync("plain")).Status == 200)
        {
            served.Add(refused);
            Assert.True(served.Count < 20_000, "the disk never filled");
        }

        Assert.Equal((503, "journal_unavailable"), (refused.Status, refused.ErrorCode));
        Assert.Contains("can't be written", gateway.Output, StringComparison.Ordinal);
        disk.Empty();
        await Eventually.TrueAsync(async () => (await client.AskAsync("plain")).Status == 200, "requests are served again");
        await Eventually.TrueAsync(async () => await site.JournaledAsync() == 0, "the journal is stored");
        var rows = (await site.Logs.AllAsync()).Where(r => r.Ok).Select(r => r.RequestId).ToHashSet();
        Assert.All(served, reply => Assert.Contains(reply.RequestId, rows));
    }

    [Fact]
    public async Task Journal_DiskIsFullAndServingIsWanted_ServesAndStoresWhenThereIsRoom()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Mounting a small disk takes root; the test above covers a journal that refuses writes.");
        await using var mock = await MockUpstreamProcess.StartAsync();
        await using var site = Site(mock, ("JOURNAL_FULL", "serve"));
        await using var disk = await SmallDisk.MountAsync(Path.GetDirectoryName(site.JournalFile)!);
        var gateway = await site.StartAsync();
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        disk.Fill();
        var served = new List<ChatReply>();
        while (!gateway.Output.Contains("can't be written", StringComparison.Ordinal))
        {
            served.Add(await client.AskAsync("plain"));
            Assert.True(served.Count < 20_000, "the disk never filled");
        }

        for (var i = 0; i < 5; i++)
        {
            served.Add(await client.AskAsync("plain", stream: i % 2 == 1));
        }

        Assert.All(served, reply => Assert.Equal(200, reply.Status));
        disk.Empty();
        HashSet<Guid> rows = [];
        await Eventually.TrueAsync(
            async () => (rows = (await site.Logs.AllAsync()).Where(r => r.Ok).Select(r => r.RequestId).ToHashSet()).Count >= served.Count,
            "what was served meanwhile is stored");
        Assert.All(served, reply => Assert.Contains(reply.RequestId, rows));
    }

    private static GatewaySite Site(MockUpstreamProcess mock, params (string Name, string Value)[] settings)
    {
        var declaration = new GatewayDeclaration().Provider("up", mock.OpenAIBaseUrl).Model("plain", ("up", "mock-ok"));
        foreach (var (name, value) in settings)
        {
            declaration.Environment[name] = value;
        }

        return new GatewaySite(declaration);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A disk of 2 MiB in memory.</summary>
    private sealed class SmallDisk(string folder) : IAsyncDisposable
    {
        private string Filler => Path.Combine(folder, "filler");

        public static async Task<SmallDisk> MountAsync(string folder)
        {
            Directory.CreateDirectory(folder);
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder);
            return new SmallDisk(folder);
        }

        public void Fill()
        {
            using var file = File.Create(Filler);
            var block = new byte[4096];
            try
            {
                while (true)
                {
                    file.Write(block);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // Full, as wanted.
            }
        }

        public void Empty() => File.Delete(Filler);

        public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", folder);

        private static async Task RunAsync(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, error);
        }
    }
}
