namespace AIHigress.Gateway.Features.Models.Sessions;

/// <summary>The sessions that requests belong to; kept by the data plane, shown and ended here.</summary>
public interface IRoutingSessions
{
    /// <summary>Newest first, one at a time: whoever filters reads on until there is enough.</summary>
    /// <param name="userId">Only this user's; null: everybody's.</param>
    /// <param name="behind">Only what comes after this place in the list.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<RoutingSession> NewestFirstAsync(Guid? userId, SessionPosition? behind, CancellationToken cancellationToken);

    Task<RoutingSession?> FindAsync(string id);

    /// <summary>Unbinds them and drops what was said in them, on all replicas.</summary>
    /// <exception cref="TimeoutException">What replicas share can't be changed at the moment.</exception>
    Task RemoveAsync(IReadOnlyList<RoutingSession> sessions);

    /// <summary>What was said in a session, oldest first.</summary>
    Task<IReadOnlyList<SessionExchange>> ContextAsync(RoutingSession session);
}

/// <summary>A session of a user with a logical model, and where it is bound.</summary>
public sealed record RoutingSession(
    string Id,
    string SessionId,
    Guid UserId,
    string Model,
    string Provider,
    string UpstreamModel,
    long Requests,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>Its place in a list, newest first.</summary>
    public SessionPosition Position => new(LastUsedAt.ToUnixTimeMilliseconds(), Id);
}

/// <summary>A place in the list of sessions.</summary>
/// <param name="LastUsedAt">Unix milliseconds.</param>
/// <param name="Key">The session's opaque id, which breaks ties.</param>
public sealed record SessionPosition(long LastUsedAt, string Key)
{
    /// <summary>Whether another place comes after this one.</summary>
    public bool IsBefore(long lastUsedAt, string key) =>
        lastUsedAt < LastUsedAt || (lastUsedAt == LastUsedAt && string.CompareOrdinal(key, Key) < 0);
}

/// <summary>One request and its answer.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="RequestId">The request.</param>
/// <param name="Protocol">The client's protocol, as in request logs.</param>
/// <param name="Messages">What the request added to the conversation, then the answer: a JSON array of messages in the form of OpenAI Chat.</param>
/// <param name="IsCut">Some of it was too large to keep.</param>
public sealed record SessionExchange(DateTimeOffset At, Guid RequestId, string Protocol, ReadOnlyMemory<byte> Messages, bool IsCut);
