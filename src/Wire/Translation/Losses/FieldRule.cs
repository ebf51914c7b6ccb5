using System.Text.Json;

namespace AIHigress.Wire.Translation.Losses;

/// <summary>What becomes of a request field over one target.</summary>
public enum Fate
{
    /// <summary>It arrives, in the target's words.</summary>
    Carried,

    /// <summary>A hint that the target can't take: left out and named in <c>X-Dropped-Params</c>; refused with <c>X-Strict: true</c>.</summary>
    Dropped,

    /// <summary>The request means something else without it: this target is no candidate.</summary>
    Refused,
}

/// <summary>
/// One field of a protocol's requests. Paths: members joined by dots, <c>[]</c> for the elements of an array, <c>[x]</c> for an element or an object
/// whose <c>type</c> (else <c>role</c>, else class of <c>mimeType</c>) is x, <c>[*]</c> for any other. What stands below a field without rules of its own
/// goes with it (schemas, arguments).
/// </summary>
/// <param name="Path">For example <c>messages[user].content[image_url].image_url.detail</c>.</param>
public sealed record FieldRule(string Path, Fate Chat, Fate Responses, Fate Messages, Fate Gemini)
{
    /// <summary>Values (compact JSON) that say nothing more than the field's absence; null always is one.</summary>
    public IReadOnlyList<string> Neutral { get; init; } = [];

    /// <summary>For the documentation: how it is carried, or why not.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// What no path can say: the rule applies to the requests (whole) of which this is true. Its path is then a name only, and it stands
    /// beside the rules that are found by their paths.
    /// </summary>
    public Func<JsonElement, bool>? When { get; init; }

    public Fate To(WireProtocol target) => target switch
    {
        WireProtocol.Chat => Chat,
        WireProtocol.Responses => Responses,
        WireProtocol.Messages => Messages,
        _ => Gemini,
    };
}
