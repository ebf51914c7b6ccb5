using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Translation.Answers;

/// <summary>What an encoder of answers must know besides the answer.</summary>
public sealed record AnswerContext
{
    /// <summary>What was asked: Responses echoes it, custom tools are recognised by it.</summary>
    public required ModelRequest Request { get; init; }

    /// <summary>The client wants the usage chunk of a Chat stream. Other protocols always have usage.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Unix seconds, where the upstream gives no time.</summary>
    public long Now { get; init; }

    /// <summary>32 hexadecimal digits, unique for this answer: ids that must be made are made of it.</summary>
    public required string Seed { get; init; }

    /// <summary>The provider that answers: seals are marked with it.</summary>
    public string? Provider { get; init; }

    /// <summary>The answer's id for a Responses client, when it is stored under it; null: made of <see cref="Seed"/>.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The request's body: Responses echoes members of it as they were sent. Empty: echoed from <see cref="Request"/>.</summary>
    public ReadOnlyMemory<byte> RequestBody { get; init; }
}
