using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>One message as Anthropic wants it.</summary>
internal sealed record Turn(bool IsAssistant, IReadOnlyList<Part> Parts);

/// <summary>
/// The conversation in Anthropic's order: users and assistant take turns, what a tool answered comes first in the message after the call,
/// and nothing is there that the API would refuse (empty texts, thoughts without a signature of its own).
/// </summary>
internal static class Turns
{
    public static IReadOnlyList<Turn> Of(ModelRequest request, RequestTarget target)
    {
        if (request.Messages.Count == 0)
        {
            // There must be a message; instructions alone are one.
            return request.System.Count == 0 ? [] : [new Turn(false, [.. request.System.Where(t => t.Text.Length > 0)])];
        }

        var merged = new List<(bool IsAssistant, List<Part> Parts)>();
        foreach (var message in request.Messages)
        {
            var parts = message.Parts.Select(p => message.Role == Role.System ? Wrap(p) : p).Where(p => IsSendable(p, target));
            var isAssistant = message.Role == Role.Assistant;
            if (merged.Count > 0 && merged[^1].IsAssistant == isAssistant)
            {
                merged[^1].Parts.AddRange(parts);
            }
            else
            {
                merged.Add((isAssistant, [.. parts]));
            }
        }

        return Finish(merged);
    }

    private static List<Turn> Finish(List<(bool IsAssistant, List<Part> Parts)> merged)
    {
        var turns = new List<Turn>();
        foreach (var (isAssistant, parts) in merged)
        {
            if (parts.Count == 0)
            {
                continue;
            }

            List<Part> ordered = isAssistant ? parts : [.. parts.Where(p => p is ToolResultPart), .. parts.Where(p => p is not ToolResultPart)];
            if (turns.Count > 0 && turns[^1].IsAssistant == isAssistant)
            {
                turns[^1] = turns[^1] with { Parts = [.. turns[^1].Parts, .. ordered] };
            }
            else
            {
                turns.Add(new Turn(isAssistant, ordered));
            }
        }

        // An answer to be continued must not end in white space. Texts of white space alone are not there any more.
        if (turns.Count > 0 && turns[^1] is { IsAssistant: true, Parts: [.., TextPart or RefusalPart] } open)
        {
            turns[^1] = open with { Parts = [.. open.Parts.SkipLast(1), TrimEnd(open.Parts[^1])] };
        }

        return turns;
    }

    private static Part TrimEnd(Part part) => part switch
    {
        TextPart text => text with { Text = text.Text.TrimEnd() },
        RefusalPart refusal => refusal with { Text = refusal.Text.TrimEnd() },
        _ => part,
    };

    // Not every model takes messages of role system; all know instructions that are marked as such.
    private static Part Wrap(Part part) => part is TextPart { Text.Length: > 0 } text ? text with { Text = $"<system>\n{text.Text}\n</system>" } : part;

    private static bool IsSendable(Part part, RequestTarget target) => part switch
    {
        TextPart text => !string.IsNullOrWhiteSpace(text.Text),
        RefusalPart refusal => !string.IsNullOrWhiteSpace(refusal.Text),
        ReasoningPart thoughts => thoughts.Seal?.IsReadableBy(WireProtocol.Messages, target.Provider) == true,
        AudioPart or VideoPart => false,
        _ => true,
    };
}
