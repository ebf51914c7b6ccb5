namespace AIHigress.Wire;

/// <summary>
/// Says that bytes are not what their format promises, in words that can be shown to whoever sent them: what is wrong, where, what to do.
/// </summary>
/// <param name="code"><c>invalid_json</c>: not JSON; <c>invalid_request</c>: JSON with a member that cannot be used; <c>invalid_event</c>: a server-sent event over the limit.</param>
/// <param name="message">One or two English sentences without any part of the body's values.</param>
/// <param name="param">The member at fault, with dots for nesting (<c>stream_options.include_usage</c>); null when the fault is not in one member.</param>
/// <param name="position">Byte offset in the body, from 0; null when no single place is at fault.</param>
public sealed class WireFormatException(string code, string message, string? param = null, long? position = null) : Exception(message)
{
    /// <summary>The bytes are not JSON (or not UTF-8, or nested too deep).</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>The JSON is fine, a member is missing, of the wrong type or there twice.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>A server-sent event is larger than the reader allows.</summary>
    public const string InvalidEvent = "invalid_event";

    /// <summary>One of the constants of this type; stable, for machines.</summary>
    public string Code { get; } = code;

    /// <summary>The member at fault, or null.</summary>
    public string? Param { get; } = param;

    /// <summary>Byte offset of the fault, from 0, or null.</summary>
    public long? Position { get; } = position;
}
