using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Responses;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Responses.Stored;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>The state of the Responses API (data-plane.md §4.4) around one request: the turn before it is found, its own answer is kept.</summary>
internal sealed partial class ResponseTurns(ResponseStore store, IOptionsMonitor<DataPlaneOptions> options, TimeProvider time, ILogger<ResponseTurns> logger)
{
    // A database that hangs must not hold the end of an answer for long.
    private static readonly TimeSpan LongestSave = TimeSpan.FromSeconds(5);

    /// <summary>The turn of a request; owns the request from here on.</summary>
    /// <exception cref="GatewayErrorException">400: an unknown earlier response, a background run that is not to be kept; 503: the database is away.</exception>
    public async ValueTask<ResponseTurn> BeginAsync(HttpContext context, ApiCaller caller, InboundCall call)
    {
        if (call.Protocol != WireProtocol.Responses || call.Head is not { } head)
        {
            return new ResponseTurn(call, null);
        }

        try
        {
            var run = context.Features.Get<ResponseRun>();
            var kept = head.Store ?? true;
            if (head.Background == true && !kept)
            {
                throw new GatewayErrorException(GatewayError.Invalid("'background' needs 'store': a response that is not kept can't be fetched later. Leave 'store' out.", "background"));
            }

            var previous = run?.Previous ?? await FindPreviousAsync(caller, head.PreviousResponseId, context.RequestAborted);
            if (run is not null)
            {
                (call.ResponseId, call.EchoBody) = (run.Id, run.Body);
            }

            return new ResponseTurn(call, previous) { Run = run, IsKept = kept && run is null, StartsRun = head.Background == true };
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>The plan that goes back to the earlier turn's maker, and to nobody else; null when it can't go there.</summary>
    public RoutePlan? Pin(ResponseTurn turn, RoutePlan plan)
    {
        if (!turn.MayPin || plan.Error is not null)
        {
            return null;
        }

        var previous = turn.Previous!;
        var candidates = plan.Candidates.Where(c => IsMaker(c, previous)).ToList();
        return candidates.Count == 0 ? null : plan with
        {
            Candidates = candidates,
            ClosedKeys = [.. candidates[0].Upstream.Provider.Keys.Where(k => k.Id != previous.ProviderKeyId).Select(k => k.Id)],
        };
    }

    /// <summary>True for failures of a follow-up at the earlier turn's maker after which others are asked: it is down, or it has forgotten that turn.</summary>
    public static bool IsMakerGone(GatewayError error) =>
        error.Status is 404 or 429 or >= 500 || error.Param == "previous_response_id";

    public InboundCall Expand(ResponseTurn turn) => turn.Expand(options.CurrentValue.MaxRequestBodyMib * 1024L * 1024L);

    /// <summary>Keeps a whole answer. Never fails: without the database the answer is simply not kept.</summary>
    /// <param name="log">The turn, and who answered.</param>
    /// <param name="response">The response object, as the client gets it.</param>
    public async Task SaveAsync(ExchangeLog log, ReadOnlyMemory<byte> response)
    {
        var turn = log.Turn!;
        turn.Run?.AnsweredBy(log.Served!.Upstream.Provider.Id, log.ServedKey?.Id);
        if (!turn.IsKept || ResponseHead.Read(response) is not { } head)
        {
            return;
        }

        var seed = log.RequestId.ToString("N");
        try
        {
            using var limit = new CancellationTokenSource(LongestSave, time);
            await store.SaveAsync(
                new KeptResponse
                {
                    UserId = log.Caller!.UserId!.Value,
                    Id = head.Id,
                    ApiKeyId = log.Caller.KeyId,
                    ProviderId = log.Served!.Upstream.Provider.Id,
                    ProviderKeyId = log.ServedKey?.Id,
                    IsNative = UpstreamAdapters.Of(log.Served.Upstream.Provider).TakesBytes(log.Call!),
                    Model = log.Call!.Model,
                    State = head.Status == "incomplete" ? ResponseState.Incomplete : ResponseState.Completed,
                    Input = [.. turn.Previous?.History ?? [], .. ResponsesItems.ReadInput(turn.Asked.Body, seed)],
                    Output = ResponsesItems.ReadOutput(response, seed),
                    Body = response,
                },
                limit.Token);
        }
        catch (Exception e) when (e is ResponsesUnavailableException or OperationCanceledException or WireFormatException)
        {
            ResponseNotKept(head.Id, e);
        }
    }

    /// <summary>The same for a stream: the response object stands in its last event.</summary>
    public Task SaveStreamAsync(ExchangeLog log, ReadOnlyMemory<byte> end) =>
        log.Turn is { IsKept: true } or { Run: not null } ? SaveAsync(log, ResponseEvent.FinalResponse(end.Span)) : Task.CompletedTask;

    private async Task<KeptResponse?> FindPreviousAsync(ApiCaller caller, string? id, CancellationToken cancellationToken)
    {
        if (id is null)
        {
            return null;
        }

        try
        {
            return await store.FindAsync(caller.UserId!.Value, id, cancellationToken) is { IsOver: true } found ? found : throw NotFound(id);
        }
        catch (ResponsesUnavailableException e)
        {
            StoreAway(e);
            throw new GatewayErrorException(StorageUnavailable);
        }
    }

    public static readonly GatewayError StorageUnavailable = new(
        503, "storage_unavailable", "What was kept of earlier responses can't be read at the moment. Try again later.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    private static bool IsMaker(Candidate candidate, KeptResponse previous)
    {
        var provider = candidate.Upstream.Provider;
        return provider.Id == previous.ProviderId
            && UpstreamAdapters.Of(provider).Protocol == WireProtocol.Responses
            && (previous.ProviderKeyId is not { } key || provider.Keys.Any(k => k.Id == key));
    }

    private static GatewayErrorException NotFound(string id) => new(new GatewayError(
        400, "previous_response_not_found", $"There is no finished response '{(id.Length <= 128 ? id : string.Concat(id.AsSpan(0, 128), "…"))}' of yours; it may have expired, have been deleted, or not have been stored. Send the conversation's items as 'input' instead.")
    {
        Param = "previous_response_id",
    });

    [LoggerMessage(Level = LogLevel.Error, Message = "The response {Id} could not be stored; its client got it, but can't refer to it")]
    private partial void ResponseNotKept(string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database does not give earlier responses")]
    private partial void StoreAway(Exception exception);
}
