using System.Runtime.CompilerServices;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Sessions.Contexts;
using AIHigress.Gateway.Features.Models.Sessions;
using AIHigress.Wire;
using AIHigress.Wire.Translation.History;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>Shows sessions to the management API.</summary>
internal sealed class SessionBoard(SessionStore store, ContextStore contexts, SessionLifetimes lifetimes) : IRoutingSessions
{
    public async IAsyncEnumerable<RoutingSession> NewestFirstAsync(
        Guid? userId, SessionPosition? behind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in store.NewestFirstAsync(userId, behind, cancellationToken))
        {
            yield return View(record);
        }
    }

    public async Task<RoutingSession?> FindAsync(string id) =>
        SessionRecord.IsKey(id) && await store.FindAsync(id) is { } record ? View(record) : null;

    public async Task RemoveAsync(IReadOnlyList<RoutingSession> sessions)
    {
        await store.RemoveAsync([.. sessions.Select(s => (s.Id, s.UserId))]);
        foreach (var session in sessions)
        {
            contexts.Forget(session.Id);
        }
    }

    public async Task<IReadOnlyList<SessionExchange>> ContextAsync(RoutingSession session)
    {
        var exchanges = await contexts.ReadAsync(session.Id);
        return [.. exchanges.Select(e => new SessionExchange(e.At, e.RequestId, ClientEndpoint.NameOf(e.Protocol), InChatForm(e), e.IsCut))];
    }

    private RoutingSession View(SessionRecord record)
    {
        var lastUsed = DateTimeOffset.FromUnixTimeMilliseconds(record.LastUsedAt);
        return new RoutingSession(
            record.Key, record.SessionId, record.UserId, record.Model, record.ProviderId, record.UpstreamModel, record.Requests,
            DateTimeOffset.FromUnixTimeMilliseconds(record.CreatedAt), lastUsed, lastUsed + record.Life(lifetimes.Current));
    }

    private static ReadOnlyMemory<byte> InChatForm(StoredExchange exchange)
    {
        if (exchange.Protocol == WireProtocol.Chat)
        {
            return exchange.Messages;
        }

        try
        {
            return HistoryJson.Write(WireProtocol.Chat, exchange.Read());
        }
        catch (WireFormatException)
        {
            return "[]"u8.ToArray();
        }
    }
}
