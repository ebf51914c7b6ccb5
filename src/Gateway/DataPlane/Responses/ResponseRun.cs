using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Responses;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>A response that runs in the background of this process: a feature of the request that the pipeline serves for it.</summary>
internal sealed class ResponseRun(ApiCaller caller, KeptResponse queued, KeptResponse? previous, byte[] body) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private bool _isOver;

    public string Id => Queued.Id;

    public Guid UserId => Queued.UserId;

    public ApiCaller Caller { get; } = caller;

    /// <summary>As it was queued.</summary>
    public KeptResponse Queued { get; } = queued;

    public KeptResponse? Previous { get; } = previous;

    /// <summary>The client's request.</summary>
    public byte[] Body { get; } = body;

    public RunEvents Events { get; } = new();

    public string? ProviderId { get; private set; }

    public Guid? ProviderKeyId { get; private set; }

    /// <summary>Somebody ended it: the request for it is treated as one whose client has left.</summary>
    public CancellationToken Stopped => _stop.Token;

    public void AnsweredBy(string provider, Guid? key) => (ProviderId, ProviderKeyId) = (provider, key);

    public Task StopAsync()
    {
        lock (_lock)
        {
            return _isOver ? Task.CompletedTask : _stop.CancelAsync();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        _stop.Dispose();
    }
}
