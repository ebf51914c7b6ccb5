using System.Buffers;
using System.Globalization;
using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Responses;
using AIHigress.Gateway.Features.Responses.Background;
using AIHigress.Wire.OpenAI.Responses.Stored;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>The addresses of the Responses API: making one, and what can be done with those that are kept.</summary>
internal sealed partial class ResponseEndpoints(
    ExchangePipeline pipeline,
    CallerAuthentication authentication,
    ResponseStore store,
    BackgroundResponses background,
    ResponseRuns runs,
    EventFollower follower,
    ILogger<ResponseEndpoints> logger)
{
    /// <summary>POST /v1/responses.</summary>
    public async Task CreateAsync(HttpContext context)
    {
        await pipeline.RunAsync(context, ClientEndpoint.Responses);
        if (context.Features.Get<RunRequest>() is not { } request)
        {
            return;
        }

        await GuardAsync(context, async () =>
        {
            AnswerHeaders.AddAttempts(context, 0);
            var run = await runs.StartAsync(request, context.Request.Headers, context.RequestAborted);
            if (request.Stream)
            {
                await follower.SendAsync(context.Response, run.UserId, run.Id, -1);
            }
            else
            {
                await WriteAsync(context.Response, run.Queued.Body);
            }
        });
    }

    /// <summary>GET /v1/responses/{id}: the response, or with <c>?stream=true&amp;starting_after=n</c> its events.</summary>
    public Task GetAsync(HttpContext context, string id) => WithResponseAsync(context, id, async (_, response) =>
    {
        var query = context.Request.Query;
        if (!ReadFlag(query["stream"], "stream"))
        {
            await WriteAsync(context.Response, response.Body);
            return;
        }

        var after = ReadNumber(query["starting_after"], "starting_after", -1, -1, int.MaxValue);
        if (!response.IsBackground)
        {
            throw new GatewayErrorException(GatewayError.Invalid("Only responses made with 'background' can be streamed again. Get it without 'stream'.", "stream"));
        }

        await follower.SendAsync(context.Response, response.UserId, response.Id, after);
    });

    /// <summary>DELETE /v1/responses/{id}; one that still runs is stopped.</summary>
    public Task DeleteAsync(HttpContext context, string id) => WithResponseAsync(context, id, async (caller, _) =>
    {
        if (!await store.DeleteAsync(caller.UserId!.Value, id, context.RequestAborted))
        {
            throw NotFound(id);
        }

        await StopHereAsync(caller.UserId.Value, id);
        var body = new ArrayBufferWriter<byte>(128);
        ResponsesItems.WriteDeleted(id, body);
        await WriteAsync(context.Response, body.WrittenMemory);
    });

    /// <summary>POST /v1/responses/{id}/cancel.</summary>
    public Task CancelAsync(HttpContext context, string id) => WithResponseAsync(context, id, async (caller, response) =>
    {
        if (!response.IsBackground)
        {
            throw new GatewayErrorException(GatewayError.Invalid("Only responses made with 'background' can be cancelled; end any other by closing its connection.", "id"));
        }

        var body = response.Body;
        if (!response.IsOver)
        {
            body = ResponseEnds.Cancelled(response.Body);
            if (await background.CancelAsync(response.UserId, response.Id, body, context.RequestAborted))
            {
                await StopHereAsync(response.UserId, response.Id);
            }
            else
            {
                // It ended by itself in this moment.
                body = (await store.FindAsync(caller.UserId!.Value, id, context.RequestAborted) ?? throw NotFound(id)).Body;
            }
        }

        await WriteAsync(context.Response, body);
    });

    /// <summary>GET /v1/responses/{id}/input_items, newest first unless <c>order=asc</c>.</summary>
    public Task ListInputAsync(HttpContext context, string id) => WithResponseAsync(context, id, async (_, response) =>
    {
        var query = context.Request.Query;
        var limit = (int)ReadNumber(query["limit"], "limit", 20, 1, 100);
        var order = query["order"].ToString();
        if (order is not ("" or "asc" or "desc"))
        {
            throw new GatewayErrorException(GatewayError.Invalid("'order' must be asc or desc.", "order"));
        }

        var items = order == "asc" ? response.Input : [.. response.Input.Reverse()];
        var start = 0;
        if (query["after"].ToString() is { Length: > 0 } after)
        {
            start = items.ToList().FindIndex(i => i.Id == after) + 1;
            if (start == 0)
            {
                throw new GatewayErrorException(GatewayError.Invalid("'after' must be the id of an item of this list.", "after"));
            }
        }

        var body = new ArrayBufferWriter<byte>(1024);
        ResponsesItems.WriteList([.. items.Skip(start).Take(limit)], items.Count > start + limit, body);
        await WriteAsync(context.Response, body.WrittenMemory);
    });

    /// <summary>Checks the key, finds the caller's response, and answers refusals.</summary>
    private async Task WithResponseAsync(HttpContext context, string id, Func<ApiCaller, KeptResponse, Task> answer)
    {
        context.Response.Headers["X-Request-Id"] = Guid.CreateVersion7().ToString();
        var (caller, error) = authentication.Authenticate(context.Request);
        if (error is not null)
        {
            await ErrorResponse.WriteAsync(context.Response, error);
            return;
        }

        await GuardAsync(context, async () =>
        {
            var response = await store.FindAsync(caller!.UserId!.Value, id, context.RequestAborted) ?? throw NotFound(id);
            await answer(caller, response);
        });
    }

    private async Task GuardAsync(HttpContext context, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (GatewayErrorException e)
        {
            await ErrorResponse.WriteAsync(context.Response, e.Error);
        }
        catch (ResponsesUnavailableException e)
        {
            StorageAway(e);
            if (context.Response.HasStarted)
            {
                // A cut stream, told by the missing last event; the client asks again with starting_after.
                context.Abort();
                return;
            }

            await ErrorResponse.WriteAsync(context.Response, ResponseTurns.StorageUnavailable);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; a run goes on without it.
        }
    }

    // On another replica it stops when its keeper next looks, within a second.
    private Task StopHereAsync(Guid userId, string id) => runs.Find(userId, id)?.StopAsync() ?? Task.CompletedTask;

    private static bool ReadFlag(string? value, string name) => value switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw new GatewayErrorException(GatewayError.Invalid($"'{name}' must be true or false.", name)),
    };

    private static long ReadNumber(string? value, string name, long whenAbsent, long least, long most)
    {
        if (string.IsNullOrEmpty(value))
        {
            return whenAbsent;
        }

        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new GatewayErrorException(GatewayError.Invalid($"'{name}' must be a whole number from {Math.Max(0, least)} to {most}.", name));
    }

    private static GatewayErrorException NotFound(string id) => new(new GatewayError(
        404, "response_not_found", $"There is no response '{(id.Length <= 128 ? id : string.Concat(id.AsSpan(0, 128), "…"))}' of yours; it may have expired, have been deleted, or not have been stored.")
    { Param = "id" });

    private static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database does not answer for stored responses")]
    private partial void StorageAway(Exception exception);
}
