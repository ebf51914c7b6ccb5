using System.Buffers;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Losses;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Translation;

/// <summary>
/// One protocol: its decoder and encoder around the intermediate form. There are no converters between two protocols.
/// Stateless and shared; the streams' coders are one per stream.
/// </summary>
public abstract class ProtocolCodec
{
    public abstract WireProtocol Protocol { get; }

    /// <summary>What becomes of each field of this protocol's requests over each target.</summary>
    public abstract FieldTable Fields { get; }

    /// <summary>Reads a request body. Throws <see cref="WireFormatException"/> naming the field, nothing else.</summary>
    /// <param name="body">JSON; duplicates are refused.</param>
    public abstract ModelRequest ReadRequest(ReadOnlyMemory<byte> body);

    /// <summary>Writes a request for an upstream of this protocol. What the field tables refuse has been refused before.</summary>
    public abstract void WriteRequest(ModelRequest request, RequestTarget target, IBufferWriter<byte> output);

    /// <summary>Reads a whole answer. Never throws on bad input.</summary>
    public abstract AnswerRead ReadAnswer(ReadOnlyMemory<byte> body);

    /// <summary>Writes a whole answer for a client of this protocol.</summary>
    public abstract void WriteAnswer(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output);

    public abstract StreamDecoder NewDecoder();

    public abstract StreamEncoder NewEncoder(AnswerContext context);

    /// <summary>Reads an error body of an upstream; null when it is none of this protocol's.</summary>
    public abstract AnswerError? ReadError(ReadOnlySpan<byte> body);

    /// <summary>Writes an error body for a client of this protocol.</summary>
    public abstract void WriteError(ClientError error, IBufferWriter<byte> output);
}

/// <summary>What an encoder of requests must know of its upstream.</summary>
/// <param name="Model">The upstream's model id.</param>
/// <param name="Stream">Whether a stream is asked for.</param>
public sealed record RequestTarget(string Model, bool Stream)
{
    /// <summary>The provider: seals of others are left out.</summary>
    public string? Provider { get; init; }

    /// <summary>Token limit for protocols that demand one when the client gave none.</summary>
    public long DefaultMaxTokens { get; init; } = 4096;
}

/// <summary>A whole answer, an error inside a 200, or (both null) not this protocol.</summary>
public readonly record struct AnswerRead(ModelAnswer? Answer, AnswerError? Error)
{
    public bool IsMalformed => Answer is null && Error is null;
}
