using AIHigress.Gateway.Hosting;
using AIHigress.Gateway.Hosting.Cluster;
using AIHigress.Gateway.IntegrationTests.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.IntegrationTests.Hosting;

/// <summary>One leader for each job, whatever the clocks of the replicas say.</summary>
public abstract class LeadershipTests(IdentityGateway gateway)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private readonly string _job = $"job-{Guid.NewGuid():N}";

    [Fact]
    public async Task Look_TwoReplicas_OneLeadsAndKeepsLeading()
    {
        var (first, second) = (Replica("first"), Replica("second"));

        for (var i = 0; i < 10; i++)
        {
            await first.LookAsync();
            await second.LookAsync();
            Assert.Equal((true, false), (first.Leads, second.Leads));
            first.Clock.Advance(Step);
            second.Clock.Advance(Step);
        }
    }

    [Fact]
    public async Task Look_LeaderFallsSilent_StopsLeadingBeforeTheOtherBegins()
    {
        // A day apart: only how long the row stands still counts.
        var (first, second) = (Replica("first"), Replica("second", TimeSpan.FromDays(1)));
        await first.LookAsync();
        await second.LookAsync();

        for (var waited = TimeSpan.Zero; waited < Lease; waited += Step)
        {
            Assert.Equal((true, false), (first.Leads, second.Leads));
            first.Clock.Advance(Step);
            second.Clock.Advance(Step);
            if (waited + Step < Lease)
            {
                await second.LookAsync();
            }
        }

        Assert.Equal((false, false), (first.Leads, second.Leads));
        await second.LookAsync();
        Assert.Equal((false, true), (first.Leads, second.Leads));
        await first.LookAsync();
        Assert.Equal((false, true), (first.Leads, second.Leads));
    }

    [Fact]
    public async Task Stop_Leader_AnotherTakesOverAtOnce()
    {
        var (first, second) = (Replica("first"), Replica("second"));
        await first.LookAsync();
        await second.LookAsync();

        await first.StopAsync();
        Assert.False(first.Leads);
        await second.LookAsync();

        Assert.True(second.Leads);
    }

    [Fact]
    public async Task Look_ManyAtTheSameMoment_OneWins()
    {
        var replicas = Enumerable.Range(0, 8).Select(i => Replica($"r{i}")).ToList();

        await Task.WhenAll(replicas.Select(r => Task.Run(r.LookAsync)));

        Assert.Single(replicas, r => r.Leads);
    }

    private One Replica(string name, TimeSpan ahead = default) => new(gateway.Services, _job, name, ahead);

    private sealed class One(IServiceProvider services, string job, string name, TimeSpan ahead)
    {
        private LeaseKeeper? _keeper;

        public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) + ahead);

        public bool Leads => Keeper.Leads(job);

        private LeaseKeeper Keeper => _keeper ??= new LeaseKeeper(
            services.GetRequiredService<IServiceScopeFactory>(),
            [new ClusterJob(job)],
            new ReplicaName(Options.Create(new ServerOptions { ReplicaId = name })),
            Options.Create(new ClusterOptions { LeaseSeconds = (int)Lease.TotalSeconds }),
            Clock,
            NullLogger<LeaseKeeper>.Instance);

        public Task LookAsync() => Keeper.LookAsync(CancellationToken.None);

        public Task StopAsync() => Keeper.StopAsync(CancellationToken.None);
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class SqliteLeadershipTests(IdentityOverSqlite gateway) : LeadershipTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class PostgresLeadershipTests(IdentityOverPostgres gateway) : LeadershipTests(gateway);
