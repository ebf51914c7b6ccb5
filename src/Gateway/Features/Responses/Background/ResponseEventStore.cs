using System.Security.Cryptography;
using AIHigress.Gateway.Data;
using AIHigress.Wire.Sse;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Responses.Background;

/// <summary>The events of background responses, kept in batches, to be sent again.</summary>
public sealed class ResponseEventStore(ResponseDatabase database, ResponseCipher cipher, TimeProvider time)
{
    /// <exception cref="ResponsesUnavailableException">The database is away.</exception>
    public Task AppendAsync(Guid userId, string id, long first, IReadOnlyList<byte[]> events, CancellationToken cancellationToken) =>
        database.RunAsync(db => AddAsync(db, userId, id, first, events, cancellationToken));

    /// <summary>The events after a sequence number that are stored by now; null when there is no such response (any more).</summary>
    /// <exception cref="ResponsesUnavailableException">The database is away.</exception>
    public async Task<EventPage?> ReadAsync(Guid userId, string id, long after, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (complete, rows) = await database.RunAsync(async db =>
        {
            // First whether all are there, then the events: the other way round the last ones could be missed.
            var complete = await db.Responses.Where(r => r.UserId == userId && r.Id == id && r.ExpiresAt > now)
                .Select(r => (bool?)r.EventsComplete).SingleOrDefaultAsync(cancellationToken);
            var rows = complete is null ? [] : await db.ResponseEvents.AsNoTracking()
                .Where(e => e.UserId == userId && e.ResponseId == id && e.Last > after).OrderBy(e => e.First).ToListAsync(cancellationToken);
            return (complete, rows);
        });
        if (complete is null)
        {
            return null;
        }

        var events = new List<byte[]>();
        foreach (var row in rows)
        {
            events.AddRange(Split(cipher.Open(row.Events)).Skip((int)Math.Max(0, after + 1 - row.First)));
        }

        return new EventPage(events, rows.Count > 0 ? rows[^1].Last : after, complete.Value);
    }

    internal async Task<int> AddAsync(GatewayDbContext db, Guid userId, string id, long first, IReadOnlyList<byte[]> events, CancellationToken cancellationToken)
    {
        db.ResponseEvents.Add(new StoredEvents
        {
            UserId = userId,
            ResponseId = id,
            First = first,
            Last = first + events.Count - 1,
            Events = cipher.Seal([.. events.SelectMany(e => e)]),
        });
        var written = await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return written;
    }

    private static List<byte[]> Split(byte[] events)
    {
        using var reader = new SseReader(events.Length + 16, Math.Max(1, events.Length));
        events.CopyTo(reader.GetMemory(Math.Max(1, events.Length)).Span);
        reader.Advance(events.Length);
        reader.Complete();
        var split = new List<byte[]>();
        while (reader.TryRead(out var ev))
        {
            split.Add(ev.Raw.ToArray());
        }

        return split;
    }
}

/// <summary>Some events.</summary>
/// <param name="Events">Whole server-sent events, without a gap.</param>
/// <param name="Last">The sequence number of the last one.</param>
/// <param name="IsComplete">There will be no more.</param>
public sealed record EventPage(IReadOnlyList<byte[]> Events, long Last, bool IsComplete);
