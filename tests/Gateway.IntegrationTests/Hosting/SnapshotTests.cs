using AIHigress.Gateway.Data;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.IntegrationTests.Hosting;

/// <summary>The running state follows the database: at once for changes made here, by polling for those of others, whole or not at all.</summary>
public sealed class SnapshotTests
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Change_CommittedHere_IsLoadedWithoutWaiting()
    {
        var source = new RecordingSource();
        await using var server = await BareServer.StartAsync(services: s =>
        {
            s.AddSingleton<ISnapshotSource>(source);
            s.AddSingleton<TimeProvider>(new FakeTimeProvider());
        });
        await server.Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: true, CancellationToken.None);

        await ChangeAsync(server, signal: true);

        await source.LoadedAsync(1);
    }

    [Fact]
    public async Task Change_CommittedByAnotherReplica_IsLoadedAtTheNextPoll()
    {
        var source = new RecordingSource();
        var time = new FakeTimeProvider();
        await using var server = await BareServer.StartAsync(services: s =>
        {
            s.AddSingleton<ISnapshotSource>(source);
            s.AddSingleton<TimeProvider>(time);
        });
        await server.Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: true, CancellationToken.None);

        await ChangeAsync(server, signal: false);
        Assert.DoesNotContain(1L, source.Versions);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(PollInterval);
                return source.Versions.Contains(1L);
            },
            "the poll sees the raised version");
    }

    [Fact]
    public async Task Load_OneSourceFails_NoneSwaps()
    {
        var first = new RecordingSource();
        var second = new RecordingSource();
        await using var server = await BareServer.StartAsync(services: s =>
        {
            s.AddSingleton<ISnapshotSource>(first);
            s.AddSingleton<ISnapshotSource>(second);
        });
        var refresher = server.Services.GetRequiredService<SnapshotRefresher>();
        await refresher.RefreshAsync(force: true, CancellationToken.None);
        var swaps = first.Swaps;
        second.Fails = true;

        await Assert.ThrowsAsync<InvalidOperationException>(() => refresher.RefreshAsync(force: true, CancellationToken.None));

        Assert.Equal(swaps, first.Swaps);
        Assert.True(refresher.IsLoaded);
    }

    private static async Task ChangeAsync(BareServer server, bool signal)
    {
        await using var scope = server.Services.CreateAsyncScope();
        await ChangeFeed.RaiseAsync(scope.ServiceProvider.GetRequiredService<GatewayDbContext>(), CancellationToken.None);
        if (signal)
        {
            server.Services.GetRequiredService<ChangeFeed>().Signal();
        }
    }

    private sealed class RecordingSource : ISnapshotSource
    {
        private readonly List<long> _versions = [];

        public bool Fails { get; set; }

        public int Swaps { get; private set; }

        public IReadOnlyList<long> Versions
        {
            get
            {
                lock (_versions)
                {
                    return [.. _versions];
                }
            }
        }

        public async Task<Action> PrepareAsync(GatewayDbContext db, long version, CancellationToken cancellationToken)
        {
            if (Fails)
            {
                throw new InvalidOperationException("planned");
            }

            await db.Users.AsNoTracking().CountAsync(cancellationToken);
            return () =>
            {
                lock (_versions)
                {
                    _versions.Add(version);
                    Swaps++;
                }
            };
        }

        public Task LoadedAsync(long version) => Eventually.TrueAsync(() => Versions.Contains(version), $"version {version} is loaded");
    }
}
