using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Routing.Explaining;
using AIHigress.Gateway.DataPlane.Sessions.Contexts;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>The session around one request (data-plane.md §6): found before it is planned, bound once it is answered, its exchange kept when it is over.</summary>
internal sealed class RequestSessions(
    SessionStore store,
    SessionHistory history,
    PendingExchanges pending,
    ContextRecorder recorder,
    RouteTables routes,
    IOptionsMonitor<RoutingSessionOptions> options,
    SessionLifetimes lifetimes,
    TimeProvider time) : ISessionBindings
{
    /// <summary>Null when the request belongs to no session. Owns the request when it throws.</summary>
    /// <exception cref="GatewayErrorException">400 naming a header and its rule.</exception>
    public async ValueTask<SessionTurn?> BeginAsync(HttpContext context, ApiCaller caller, InboundCall call)
    {
        try
        {
            var settings = options.CurrentValue;
            var headers = context.Request.Headers;
            var claim = SessionClaim.Read(headers, call);
            var mode = SessionContextModes.Read(headers, claim, settings);
            if (claim is null || caller.UserId is not { } user || routes.Current.Resolve(call.Model) is not { } route || !caller.MayUseModel(route.Id))
            {
                return null;
            }

            var key = SessionRecord.KeyOf(user, route.Id, claim.Id);
            var known = await store.FindAsync(key);
            var isBound = known is not null && known.BoundUntil(lifetimes.Current) > time.GetUtcNow();
            var served = mode == SessionContextMode.Replay && call.Endpoint.Operation == Operation.Generate
                ? await history.ReplayAsync(key, call, route, context.RequestAborted)
                : call;
            return new SessionTurn(claim, route.Id, key, known, mode, call, served)
            {
                BoundUpstream = isBound ? known!.Upstream : null,
                BoundKey = isBound ? known!.ProviderKeyId : null,
            };
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>An upstream answers: the session is bound to it. Null when the exchange is not to be kept; else to be disposed when the answer was given, or not.</summary>
    public AnswerWatch? Answered(HttpContext context, ExchangeLog log)
    {
        if (log is not { Session: { } turn, Served: { } served })
        {
            return null;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        store.Save(new SessionRecord
        {
            Key = turn.Key,
            UserId = log.Caller!.UserId!.Value,
            SessionId = turn.Claim.Id,
            Model = turn.Model,
            Upstream = served.Upstream.Key,
            ProviderId = served.Upstream.Provider.Id,
            UpstreamModel = served.Upstream.Model,
            ProviderKeyId = log.ServedKey?.Id,
            Requests = (turn.Known?.Requests ?? 0) + 1,
            CreatedAt = turn.Known?.CreatedAt ?? now,
            LastUsedAt = now,
            HasContext = turn.IsRecorded || turn.Known?.HasContext == true,
        });
        if (!turn.IsRecorded)
        {
            return null;
        }

        var tee = new AnswerTee(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(tee);
        return new AnswerWatch(turn, log.RequestId, tee, pending, recorder);
    }

    /// <inheritdoc/>
    public async ValueTask<string?> FindAsync(ApiCaller caller, string sessionId, string logicalModel) =>
        caller.UserId is { } user && await store.FindAsync(SessionRecord.KeyOf(user, logicalModel, sessionId)) is { } known && known.BoundUntil(lifetimes.Current) > time.GetUtcNow()
            ? known.Upstream : null;
}
