using System.Buffers;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Responses;
using AIHigress.Wire.OpenAI.Responses.Stored;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>
/// What a request of the Responses API means beside its own bytes: the turn before, whether it is kept, under which id. Of any other request
/// it means nothing.
/// </summary>
internal sealed class ResponseTurn(InboundCall asked, KeptResponse? previous) : IDisposable
{
    private InboundCall? _expanded;

    /// <summary>The request as it came.</summary>
    public InboundCall Asked { get; } = asked;

    /// <summary>The response that it follows.</summary>
    public KeptResponse? Previous { get; } = previous;

    /// <summary>The run in the background that this is; null for a client's own request.</summary>
    public ResponseRun? Run { get; init; }

    /// <summary>The answer is remembered.</summary>
    public bool IsKept { get; init; }

    /// <summary>The client wants it to run in the background: it is only checked here, and started after that.</summary>
    public bool StartsRun { get; init; }

    /// <summary>The earlier turn's maker knows it under its own id: the request may go there as it is, unless that was tried in vain.</summary>
    public bool MayPin => Previous is { IsNative: true, ProviderId: not null } && Run is null && !IsMakerGone;

    /// <summary>The maker did not serve the follow-up; others can, with what is kept here.</summary>
    public bool IsMakerGone { get; set; }

    /// <summary>The request with everything that was said before in front of its own input, so that any provider can serve it.</summary>
    /// <exception cref="GatewayErrorException">400, 413.</exception>
    public InboundCall Expand(long mostBytes)
    {
        if (Previous is not { } previous)
        {
            return Asked;
        }

        if (_expanded is not null)
        {
            return _expanded;
        }

        var output = new ArrayBufferWriter<byte>(Asked.Length + 4096);
        var history = previous.History;
        ResponsesItems.Compose(Asked.Body, history, output);
        if (output.WrittenCount > mostBytes)
        {
            throw new GatewayErrorException(new GatewayError(
                413, "body_too_large", $"With what was said before, the request is larger than {mostBytes / (1024 * 1024)} MiB. Begin a new conversation, or have the operator raise MAX_REQUEST_BODY_MIB."));
        }

        var body = output.WrittenSpan.ToArray();
        _expanded = Asked.WithBody(body, mustConvert: StoredItems.HasUnsealedReasoning(history));
        return _expanded;
    }

    public void Dispose()
    {
        _expanded?.Dispose();
        Asked.Dispose();
    }
}
