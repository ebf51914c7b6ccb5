using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Features.Models.Sessions;

/// <summary>A session and the upstream it is bound to.</summary>
public sealed record RoutingSessionView(
    string Id,
    string SessionId,
    Guid UserId,
    string? Username,
    string Model,
    string Provider,
    string UpstreamModel,
    long Requests,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpiresAt)
{
    internal static RoutingSessionView Of(RoutingSession session, IReadOnlyDictionary<Guid, string> users) => new(
        session.Id, session.SessionId, session.UserId, users.GetValueOrDefault(session.UserId), session.Model, session.Provider, session.UpstreamModel,
        session.Requests, session.CreatedAt, session.LastUsedAt, session.ExpiresAt);
}

/// <summary>What was said in a session, oldest first.</summary>
public sealed record SessionContextView(string Id, string SessionId, string Model, IReadOnlyList<SessionExchangeView> Exchanges);

/// <summary>One request and its answer; the messages have the form of OpenAI Chat, whatever the client spoke.</summary>
public sealed record SessionExchangeView(DateTimeOffset At, Guid RequestId, string Protocol, JsonElement Messages, bool IsCut)
{
    internal static SessionExchangeView Of(SessionExchange exchange) =>
        new(exchange.At, exchange.RequestId, exchange.Protocol, JsonElement.Parse(exchange.Messages.Span), exchange.IsCut);
}

/// <summary>The filters of the list.</summary>
public sealed record SessionFilter
{
    [FromQuery(Name = "model"), Description("A logical model's id.")]
    public string? Model { get; init; }

    [FromQuery(Name = "provider"), Description("The provider that sessions are bound to.")]
    public string? Provider { get; init; }

    [FromQuery(Name = "user"), Description("A user's id; those of others need routing.read.")]
    public Guid? User { get; init; }
}

/// <summary>Which sessions to end; all that is given must fit.</summary>
public sealed record PurgeSessions
{
    [MaxLength(200), Description("The provider that they are bound to.")]
    public string? Provider { get; init; }

    [MaxLength(400), Description("Their logical model.")]
    public string? Model { get; init; }

    [Description("Their user.")]
    public Guid? User { get; init; }

    internal bool Fits(RoutingSession session) =>
        (Provider is null || session.Provider == Provider) && (Model is null || session.Model == Model) && (User is null || session.UserId == User);
}

/// <param name="Removed">How many sessions were ended.</param>
public sealed record PurgedSessions(int Removed);
