using AIHigress.Gateway.DataPlane.Ingress;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary>The answer to a request whose exchange is to be kept: copied while it is given, handed over once it was given in full.</summary>
internal sealed class AnswerWatch(SessionTurn turn, Guid requestId, AnswerTee tee, PendingExchanges pending, ContextRecorder recorder) : IDisposable
{
    private readonly TaskCompletionSource _promise = pending.Begin(turn.Key);
    private bool _isKept;

    public SessionTurn Turn { get; } = turn;

    public InboundCall Asked => Turn.Asked;

    public Guid RequestId { get; } = requestId;

    /// <summary>What the client was given; null when it was too much to keep.</summary>
    public ReadOnlyMemory<byte>? Given => tee.Copy;

    /// <summary>Bytes that wait in memory for being recorded.</summary>
    public long Size => Asked.Body.Length + (Given?.Length ?? 0);

    /// <summary>The client has the whole answer.</summary>
    public void Keep()
    {
        // The recorder reads it when the request is over.
        Asked.KeepBody();
        _isKept = true;
        recorder.Add(this);
    }

    /// <summary>The exchange is in the store, or will not be.</summary>
    public void End()
    {
        tee.Dispose();
        pending.End(Turn.Key, _promise);
    }

    public void Dispose()
    {
        if (!_isKept)
        {
            End();
        }
    }
}
