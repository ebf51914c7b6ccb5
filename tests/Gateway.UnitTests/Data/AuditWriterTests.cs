using AIHigress.Gateway.Data;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.Data;

public sealed class AuditWriterTests : IDisposable
{
    private static readonly Actor Somebody = new(Guid.CreateVersion7(), "ann", "203.0.113.9", "trace");
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task Append_SeveralTimes_MakesOneUnbrokenChain()
    {
        await AppendAsync(new AuditEvent("a.created", "a:1"), new AuditEvent("a.changed", "a:1", "{}"));
        await AppendAsync(new AuditEvent("a.deleted", "a:1"));

        await using var db = Open();
        var entries = await db.AuditLog.AsNoTracking().OrderBy(e => e.Seq).ToListAsync();
        Assert.Equal([1L, 2L, 3L], entries.Select(e => e.Seq));
        byte[] previous = [];
        foreach (var entry in entries)
        {
            Assert.Equal(AuditWriter.Chain(previous, entry), entry.Hash);
            previous = entry.Hash;
        }

        Assert.Equal(previous, (await db.AuditHeads.SingleAsync()).Hash);
        Assert.All(entries, e => Assert.Equal((_time.GetUtcNow(), "ann", "203.0.113.9"), (e.At, e.Actor, e.Ip)));
    }

    [Fact]
    public async Task Append_RolledBack_LeavesNoGap()
    {
        await AppendAsync(new AuditEvent("a.created", "a:1"));
        await using (var db = Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await new AuditWriter(_time).AppendAsync(db, Somebody, [new AuditEvent("lost", "a:2")], CancellationToken.None);
            await transaction.RollbackAsync();
        }

        await AppendAsync(new AuditEvent("a.changed", "a:1"));

        await using var after = Open();
        Assert.Equal(["a.created", "a.changed"], await after.AuditLog.OrderBy(e => e.Seq).Select(e => e.Action).ToListAsync());
        Assert.Equal(2, (await after.AuditHeads.SingleAsync()).Seq);
    }

    [Fact]
    public async Task Append_FromManyWritersAtOnce_KeepsOneOrder()
    {
        await AppendAsync(new AuditEvent("first", "x"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => AppendAsync(new AuditEvent("parallel", $"x:{i}")))));

        await using var db = Open();
        var entries = await db.AuditLog.AsNoTracking().OrderBy(e => e.Seq).ToListAsync();
        Assert.Equal(21, entries.Count);
        for (var i = 1; i < entries.Count; i++)
        {
            Assert.Equal(AuditWriter.Chain(entries[i - 1].Hash, entries[i]), entries[i].Hash);
        }
    }

    [Theory]
    [InlineData("ab", "c", "a", "bc")]
    [InlineData("a", null, "a", "")]
    public void Chain_FieldsThatJoinAlike_HashDifferently(string actor1, string? ip1, string actor2, string? ip2) =>
        Assert.NotEqual(AuditWriter.Chain([], Entry(actor1, ip1)), AuditWriter.Chain([], Entry(actor2, ip2)));

    private static AuditEntry Entry(string actor, string? ip) => new() { Seq = 1, Actor = actor, Ip = ip, Action = "x", Target = "y", Hash = [] };

    private async Task AppendAsync(params AuditEvent[] events)
    {
        await using var db = Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await new AuditWriter(_time).AppendAsync(db, Somebody, events, CancellationToken.None);
        await transaction.CommitAsync();
    }

    private SqliteDbContext Open()
    {
        var options = new DbContextOptionsBuilder<SqliteDbContext>()
            .UseSqlite($"Data Source={_folder.File("audit.db")}")
            .AddInterceptors(new SqlitePragmas())
            .Options;
        var db = new SqliteDbContext(options);
        db.Database.EnsureCreated();
        return db;
    }
}
