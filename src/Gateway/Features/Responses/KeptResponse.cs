using AIHigress.Wire.OpenAI.Responses.Stored;

namespace AIHigress.Gateway.Features.Responses;

/// <summary>A response as it is kept, in clear.</summary>
public sealed record KeptResponse
{
    public required Guid UserId { get; init; }

    public required string Id { get; init; }

    public required Guid ApiKeyId { get; init; }

    /// <summary>Who answered, and with which of its keys.</summary>
    public string? ProviderId { get; init; }

    public Guid? ProviderKeyId { get; init; }

    /// <summary>The provider knows the response under the same id.</summary>
    public bool IsNative { get; init; }

    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    public required ResponseState State { get; init; }

    public bool IsBackground { get; init; }

    /// <summary>Everything that was said up to the answer, earlier turns included.</summary>
    public required IReadOnlyList<StoredItem> Input { get; init; }

    public IReadOnlyList<StoredItem> Output { get; init; } = [];

    /// <summary>The response object.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public bool IsOver => State is not (ResponseState.Queued or ResponseState.InProgress);

    /// <summary>The whole conversation, as a follow-up finds it.</summary>
    public IReadOnlyList<StoredItem> History => [.. Input, .. Output];
}
