using AIHigress.Gateway.DataPlane.Ingress;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>What its session means for one request.</summary>
/// <param name="Claim">What the request said.</param>
/// <param name="Model">The logical model.</param>
/// <param name="Key">The session's key in the stores.</param>
/// <param name="Known">What is known of it; null for a new one.</param>
/// <param name="Mode">What is done with its conversation.</param>
/// <param name="Asked">The request as the client sent it.</param>
/// <param name="Call">The request to serve: with its history, if that was wanted.</param>
internal sealed record SessionTurn(
    SessionClaim Claim, string Model, string Key, SessionRecord? Known, SessionContextMode Mode, InboundCall Asked, InboundCall Call)
{
    /// <summary>The upstream that the session is bound to.</summary>
    public string? BoundUpstream { get; init; }

    /// <summary>The key of it that answered.</summary>
    public Guid? BoundKey { get; init; }

    /// <summary>The exchange is kept.</summary>
    public bool IsRecorded => Mode != SessionContextMode.Off && Asked.Endpoint.Operation == Operation.Generate;
}
