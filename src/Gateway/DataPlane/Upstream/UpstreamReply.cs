using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire;
using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>How an attempt ended, or that it has become an answer: exactly one of the three is set.</summary>
internal readonly record struct UpstreamReply(PlainAnswer? Plain, OpenedStream? Stream, AttemptFailure? Failure)
{
    /// <summary>Host and port of the proxy that was used last; null for a direct connection.</summary>
    public string? Proxy { get; init; }

    public static implicit operator UpstreamReply(PlainAnswer answer) => new(answer, null, null);

    public static implicit operator UpstreamReply(OpenedStream stream) => new(null, stream, null);

    public static implicit operator UpstreamReply(AttemptFailure failure) => new(null, null, failure);
}

/// <summary>A whole answer, checked to be one.</summary>
internal sealed class PlainAnswer(PooledBody body, TokenUsage? usage, PooledBuffer text, UpstreamHeaders headers) : IDisposable
{
    private PooledBody _body = body;

    /// <summary>What the client gets; of a converted answer only after <see cref="Complete"/>.</summary>
    public ReadOnlyMemory<byte> Body => _body.Memory;

    public TokenUsage? Usage { get; } = usage;

    /// <summary>What was generated, as text, for counting when the upstream did not.</summary>
    public PooledBuffer Text { get; } = text;

    public UpstreamHeaders Headers { get; } = headers;

    /// <summary>What the upstream made that only it can read.</summary>
    public IReadOnlyList<Seal> Seals { get; init; } = [];

    /// <summary>Writes the answer for a client of another protocol; null when the bytes pass.</summary>
    public Action<TokenUsage?, PooledBuffer>? Convert { get; init; }

    /// <summary>Puts the body into the client's protocol, with the usage that the record has.</summary>
    public void Complete(TokenUsage? counted)
    {
        if (Convert is null)
        {
            return;
        }

        var output = new PooledBuffer();
        Convert(counted, output);
        _body.Dispose();
        _body = output.Detach();
    }

    public void Dispose()
    {
        _body.Dispose();
        Text.Dispose();
    }
}
