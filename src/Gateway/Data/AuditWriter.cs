using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data;

/// <summary>Appends to the audit log. The head row is updated first, so writers queue on it and the chain has one order.</summary>
public sealed class AuditWriter(TimeProvider time)
{
    /// <summary>Adds the entries within the current transaction of <paramref name="db"/>.</summary>
    public async Task AppendAsync(GatewayDbContext db, Actor actor, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return;
        }

        const string take = """
            INSERT INTO audit_head (id, seq, hash) VALUES (1, {0}, {1})
            ON CONFLICT (id) DO UPDATE SET seq = audit_head.seq + {0}
            """;
        await db.Database.ExecuteSqlRawAsync(take, [(long)events.Count, Array.Empty<byte>()], cancellationToken);
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(cancellationToken);
        var previous = head.Hash;
        var seq = head.Seq - events.Count;
        var now = UnixMicroseconds.ToTime(UnixMicroseconds.From(time.GetUtcNow()));
        foreach (var e in events)
        {
            var entry = new AuditEntry
            {
                Seq = ++seq,
                At = now,
                ActorId = actor.UserId,
                Actor = actor.Name,
                Ip = actor.Ip,
                Action = e.Action,
                Target = e.Target,
                Diff = e.Diff,
                TraceId = actor.TraceId,
                Hash = [],
            };
            entry.Hash = Chain(previous, entry);
            previous = entry.Hash;
            db.AuditLog.Add(entry);
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.AuditHeads.ExecuteUpdateAsync(set => set.SetProperty(h => h.Hash, previous), cancellationToken);
    }

    /// <summary>SHA-256 over the previous hash and the entry's fields, each with its length, so that no two entries share a form.</summary>
    public static byte[] Chain(byte[] previous, AuditEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        string?[] fields =
        [
            entry.Seq.ToString(), UnixMicroseconds.From(entry.At).ToString(), entry.ActorId?.ToString(), entry.Actor,
            entry.Ip, entry.Action, entry.Target, entry.Diff, entry.TraceId,
        ];
        foreach (var field in fields)
        {
            var bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
            hash.AppendData(BitConverter.GetBytes(field is null ? -1 : bytes.Length));
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
