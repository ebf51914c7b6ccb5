using AIHigress.Gateway.DataPlane.Attempts;
using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Responses;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Sessions;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Models;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane;

/// <summary>
/// The whole life of an AI request.
/// <code>
///            ┌ refused ───────────────────────────────────────────────┐
/// key (2) → place (3) → body (1) → limits (3) → plan (4) → try (5, 6) → answer ──→ record (7) → last byte
///                                               └── failed: next candidate, while nothing was sent
/// </code>
/// The key is checked before the body is read, so that strangers cost nothing. Whatever happens, one record is in the
/// journal before the client gets the last byte.
/// </summary>
internal sealed partial class ExchangePipeline(
    CallerAuthentication authentication,
    RequestIngress ingress,
    CallerLimits limits,
    ConcurrencyGate gate,
    LimitMetrics limitMetrics,
    RoutePlanner planner,
    RouteTables routes,
    SealMakers makers,
    AttemptLoop attempts,
    AnswerDelivery delivery,
    UsageRecorder recorder,
    TokenQuestion question,
    ResponseTurns turns,
    RequestSessions sessions,
    ShutdownDrain drain,
    IOptionsMonitor<DataPlaneOptions> options,
    TimeProvider time,
    ILogger<ExchangePipeline> logger)
{
    /// <param name="context">The request.</param>
    /// <param name="endpoint">What its path stands for.</param>
    /// <param name="target">Of a Gemini request: what its path says.</param>
    public async Task RunAsync(HttpContext context, ClientEndpoint endpoint, GeminiTarget? target = null)
    {
        var log = new ExchangeLog(Guid.CreateVersion7(), context.Request.Path, endpoint, time) { Target = target };
        using var span = DataPlaneMetrics.StartSpan();
        AnswerHeaders.AddIds(context, log);
        try
        {
            await AdmitAsync(context, log);
        }
        catch (GatewayErrorException e)
        {
            await RefuseAsync(context, log, e.Error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            await recorder.RecordAsync(log, StatusCodes.Status499ClientClosedRequest, "client_gone");
        }
        catch (Exception e)
        {
            // A fault of ours: the client still gets its protocol's error, and the request its record.
            RequestFaulted(logger, log.RequestId, e);
            if (context.Response.HasStarted)
            {
                await recorder.RecordAsync(log, context.Response.StatusCode, GatewayError.Internal().Code);
                context.Abort();
                return;
            }

            await RefuseAsync(context, log, GatewayError.Internal());
        }
    }

    private async Task AdmitAsync(HttpContext context, ExchangeLog log)
    {
        // 2. Who asks.
        var run = context.Features.Get<ResponseRun>();
        (log.Caller, var refusal) = run is not null ? (run.Caller, null) : authentication.Authenticate(context.Request);
        if (refusal is not null)
        {
            await RefuseAsync(context, log, refusal);
            return;
        }

        // 3. A place in this process.
        if (drain.IsDraining)
        {
            throw new GatewayErrorException(GatewayError.ShuttingDown());
        }

        if (!recorder.MayServe)
        {
            // Nothing was served, and there is nothing to record it in.
            AnswerHeaders.AddAttempts(context, 0);
            await ErrorResponse.WriteAsync(context.Response, GatewayError.JournalUnavailable());
            return;
        }

        // Of the caller's own, and then one in this process.
        (log.Admission, refusal) = limits.Enter(log.Caller!, isContinued: run is not null);
        using var admission = log.Admission;
        if (refusal is not null)
        {
            await RefuseAsync(context, log, refusal);
            return;
        }

        if (!await gate.EnterAsync(context.RequestAborted))
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            limitMetrics.ServerFull();
            throw new GatewayErrorException(GatewayError.NoProvider("This server has as many requests as it may.", TimeSpan.FromSeconds(1)));
        }

        try
        {
            await ServeAsync(context, log);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task ServeAsync(HttpContext context, ExchangeLog log)
    {
        // 1. What is asked, and what it follows.
        log.Call = await ingress.ReadAsync(context, log.Endpoint, log.Target);
        log.Session = await sessions.BeginAsync(context, log.Caller!, log.Call);
        log.Call = log.Session?.Call ?? log.Call;
        using var turn = log.Turn = await turns.BeginAsync(context, log.Caller!, log.Call);

        // 3. Whether the caller may ask so much now.
        if (await limits.AdmitAsync(log.Admission, log.Caller!, log.Call, isContinued: turn.Run is not null) is { } refusal)
        {
            await RefuseAsync(context, log, refusal);
            return;
        }

        RateLimitHeaders.Add(context.Response.Headers, log.Admission);

        // 4. Who may answer, in which order; from one route table, kept to the end.
        var (call, plan, maker) = await PlanAsync(log, turn);
        if (turn.StartsRun)
        {
            // It can be served; whoever called the pipeline has it served in the background.
            context.Features.Set(new RunRequest(log.Caller!, turn.Asked.Body.ToArray(), turn.Asked.Decoded, turn.Previous, turn.Asked.Stream));
            return;
        }

        if (call.Endpoint.Operation == Operation.CountTokens)
        {
            await CountAsync(context, log, call, plan);
            return;
        }

        // 5, 6. Attempts until one answers.
        using var attempt = await (turn.MayPin ? FailOverAsync(context, log, turn, call, plan, maker) : attempts.RunAsync(context, log, call, plan, maker));
        using var exchange = sessions.Answered(context, log);
        await (attempt.Reply.Plain is { } answer
            ? delivery.DeliverAsync(context, log, answer)
            : delivery.DeliverAsync(context, log, attempt, attempt.Reply.Stream!));
        exchange?.Keep();
    }

    private async ValueTask<(InboundCall Call, RoutePlan Plan, SealMaker? Maker)> PlanAsync(ExchangeLog log, ResponseTurn turn)
    {
        var table = routes.Current;
        if (turn.MayPin)
        {
            var asked = turn.Asked;
            if (turns.Pin(turn, planner.Plan(table, new RouteQuery(log.Caller!, asked.Model, asked.Choices) { Call = asked })) is { } pinned)
            {
                log.Plan = pinned;
                return (asked, pinned, new SealMaker(turn.Previous!.ProviderId!, turn.Previous.ProviderKeyId, IsForeign: false));
            }
        }

        var call = log.Call = turns.Expand(turn);
        var maker = await makers.FindAsync(call);
        call.SealedBy = maker is { IsForeign: false } ? maker.Provider : null;
        var plan = log.Plan = planner.Plan(table, new RouteQuery(log.Caller!, call.Model, call.Choices) { Call = call, PreferredProvider = maker?.Provider, BoundUpstream = log.Session?.BoundUpstream });
        if (log.Session is { } session)
        {
            plan = log.Plan = plan with { Bound = (session.BoundUpstream, session.BoundKey) };
        }

        return plan.Error is { } error ? throw new GatewayErrorException(error) : (call, plan, maker);
    }

    private async Task CountAsync(HttpContext context, ExchangeLog log, InboundCall call, RoutePlan plan)
    {
        var candidate = log.Served = plan.Candidates[0];
        var settings = options.CurrentValue;
        using var attempt = await attempts.TryStartAsync(context, log, call, plan, candidate);
        log.ServedKey = attempt?.Lease.Key;
        var (body, byUpstream) = await question.AnswerAsync(call, attempt, candidate);
        context.RequestAborted.ThrowIfCancellationRequested();
        if (byUpstream)
        {
            AttemptFeedback.Answered(attempt!, log);
        }
        else if (attempt is not null)
        {
            candidate.State.Circuit.Abandoned(attempt.Pass);
        }

        // A count uses no tokens: an explicit 0.
        log.Usage = default(AIHigress.Wire.TokenUsage);
        log.BytesOut = body.Length;
        await recorder.RecordAsync(log, StatusCodes.Status200OK, null);
        AnswerHeaders.AddServed(context, log, default, settings);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    // A follow-up goes to the maker of what it follows; when that is gone, to anybody.
    private async Task<LiveAttempt> FailOverAsync(HttpContext context, ExchangeLog log, ResponseTurn turn, InboundCall call, RoutePlan plan, SealMaker? maker)
    {
        try
        {
            return await attempts.RunAsync(context, log, call, plan, maker);
        }
        catch (GatewayErrorException e) when (call == turn.Asked && ResponseTurns.IsMakerGone(e.Error))
        {
            turn.IsMakerGone = true;
            (call, plan, maker) = await PlanAsync(log, turn);
            return await attempts.RunAsync(context, log, call, plan, maker);
        }
    }

    private async Task RefuseAsync(HttpContext context, ExchangeLog log, GatewayError error)
    {
        await recorder.RecordAsync(log, error.Status, error.Code);
        AnswerHeaders.AddAttempts(context, log.Attempts);
        if (!context.Response.HasStarted)
        {
            RateLimitHeaders.Add(context.Response.Headers, log.Admission);
        }

        if (context.Response.HasStarted)
        {
            // Whatever the client has is not a whole answer, and must not look like one.
            context.Abort();
            return;
        }

        await ErrorResponse.WriteAsync(context.Response, error);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed by a fault of the gateway")]
    private static partial void RequestFaulted(ILogger logger, Guid requestId, Exception exception);
}
