using System.Buffers;
using System.Collections.Concurrent;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Responses;
using AIHigress.Gateway.Features.Responses.Background;
using AIHigress.Wire.OpenAI.Responses.Stored;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>
/// Runs responses in the background: each is a request like any other for the pipeline, only that its answer goes into storage. The server's
/// stop waits for those that run: they get its grace, then the pipeline ends them as it ends every stream.
/// </summary>
internal sealed partial class ResponseRuns(
    ExchangePipeline pipeline,
    BackgroundResponses background,
    ResponseEventStore events,
    IServiceProvider services,
    TimeProvider time,
    ILogger<ResponseRuns> logger) : IHostedService
{
    private readonly ConcurrentDictionary<(Guid User, string Id), (ResponseRun Run, Task Task)> _running = new();

    /// <summary>Stores the response as queued and starts it.</summary>
    /// <exception cref="ResponsesUnavailableException">The database is away; nothing was started.</exception>
    public async Task<ResponseRun> StartAsync(RunRequest request, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        var queued = Queued(request);
        await background.QueueAsync(queued, cancellationToken);
        var run = new ResponseRun(request.Caller, queued, request.Previous, request.Body);

        // The client's headers are gone with its request; the run may outlive it.
        var own = new HeaderDictionary(headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[(run.UserId, run.Id)] = (run, RunAsync(run, own, gate.Task));
        gate.SetResult();
        return run;
    }

    /// <summary>The run of this process; null when it ended or is another's.</summary>
    public ResponseRun? Find(Guid userId, string id) => _running.TryGetValue((userId, id), out var found) ? found.Run : null;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Their requests have ended by now; what is left is the storing of how.
        await Task.WhenAll(_running.Values.Select(r => r.Task)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private KeptResponse Queued(RunRequest request)
    {
        var seed = Guid.CreateVersion7().ToString("N");
        var envelope = new ArrayBufferWriter<byte>(1024);
        var context = new AnswerContext
        {
            Request = request.Decoded,
            RequestBody = request.Body,
            Seed = seed,
            ResponseId = $"resp_{seed}",
            Now = time.GetUtcNow().ToUnixTimeSeconds(),
        };
        ResponseEnvelope.Write(context, ResponseStatus.Queued, envelope);
        return new KeptResponse
        {
            UserId = request.Caller.UserId!.Value,
            Id = context.ResponseId,
            ApiKeyId = request.Caller.KeyId,
            Model = request.Decoded.Model,
            State = ResponseState.Queued,
            IsBackground = true,
            Input = [.. request.Previous?.History ?? [], .. ResponsesItems.ReadInput(request.Body, seed)],
            Body = envelope.WrittenMemory,
        };
    }

    private async Task RunAsync(ResponseRun run, HeaderDictionary headers, Task registered)
    {
        await registered;
        await using var output = new RunOutput(run);
        using var over = new CancellationTokenSource();
        var keeper = new RunKeeper(run, background, events, time, logger);
        var keeping = Task.CompletedTask;
        try
        {
            var begun = With(run, "in_progress");
            if (await keeper.TryBeginAsync(begun))
            {
                keeping = keeper.KeepAsync(over.Token);
                var context = RunContext.Make(run, headers, output, services);
                output.ContentType = () => context.Response.ContentType;
                await pipeline.RunAsync(context, ClientEndpoint.Responses);
            }
            else
            {
                await run.StopAsync();
            }
        }
        catch (Exception e)
        {
            // The pipeline answers for its own faults; this one is of the run itself, and nobody waits for the task but the stop of the server.
            RunFaulted(run.Id, e);
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
            await keeper.FinishAsync(output);
            _running.TryRemove((run.UserId, run.Id), out _);
            run.Dispose();
        }
    }

    private static ReadOnlyMemory<byte> With(ResponseRun run, string status)
    {
        var output = new ArrayBufferWriter<byte>();
        ObjectRewrite.Write(run.Queued.Body, new Dictionary<string, string?> { ["status"] = $"\"{status}\"" }, output);
        return output.WrittenMemory;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The background response {Id} failed by a fault of the gateway")]
    private partial void RunFaulted(string id, Exception exception);
}
