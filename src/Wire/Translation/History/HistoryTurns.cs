using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Translation.History;

/// <summary>Chooses what of a conversation is remembered, and puts right what forgetting the oldest of it left behind.</summary>
public static class HistoryTurns
{
    private const string CutMark = " [cut]";

    /// <summary>The request brings earlier answers along: it needs no history in front.</summary>
    public static bool CarriesHistory(ModelRequest request) => request.Messages.Any(m => m.Role == Role.Assistant);

    /// <summary>What a request adds to its conversation: what follows the last answer in it. Of a conversation's first request everything.</summary>
    public static IReadOnlyList<Message> New(ModelRequest request, bool isFirst)
    {
        var messages = request.Messages;
        if (isFirst)
        {
            return messages;
        }

        // A last message that is the assistant's is one that the model is to go on with: it belongs to this turn.
        for (var i = messages.Count - 2; i >= 0; i--)
        {
            if (messages[i].Role == Role.Assistant)
            {
                return [.. messages.Skip(i + 1)];
            }
        }

        return messages;
    }

    /// <summary>The newest messages that fit; large parts are cut or left out, so that a message stays a message. The last one is always there.</summary>
    public static (IReadOnlyList<Message> Messages, bool IsCut) Fit(IReadOnlyList<Message> messages, int mostBytes)
    {
        var kept = new List<Message>();
        var room = mostBytes;
        var isCut = false;
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            var parts = messages[i].Parts.Select(p => Shrink(p, mostBytes / 2)).ToList();
            isCut |= !parts.SequenceEqual(messages[i].Parts, ReferenceEqualityComparer.Instance);
            room -= parts.Sum(SizeOf);
            if (room < 0 && kept.Count > 0)
            {
                isCut = true;
                break;
            }

            kept.Add(messages[i] with { Parts = parts });
        }

        kept.Reverse();
        return (kept, isCut);
    }

    /// <summary>
    /// A history that any provider takes: it begins with what a user said, each call has its result and each result its call. Thoughts that nobody
    /// signed are left out: no provider wants them back.
    /// </summary>
    /// <param name="history">What was said before, oldest first.</param>
    /// <param name="next">What follows it.</param>
    public static IReadOnlyList<Message> Mend(IReadOnlyList<Message> history, IReadOnlyList<Message> next)
    {
        var first = 0;
        while (first < history.Count && (history[first].Role != Role.User || history[first].Parts.Any(p => p is ToolResultPart)))
        {
            first++;
        }

        var mended = new List<Message>();
        for (var i = first; i < history.Count; i++)
        {
            var message = history[i];
            if (message.Role == Role.Assistant)
            {
                var results = ResultsAfter(history, i, next);
                message = message with { Parts = [.. message.Parts.Where(p => Stays(p, results))] };
            }

            if (message.Parts.Count > 0)
            {
                mended.Add(message);
            }
        }

        return mended;
    }

    private static bool Stays(Part part, HashSet<string> results) => part switch
    {
        ToolCallPart call => results.Contains(call.Id),
        ReasoningPart thought => thought.Seal is not null,
        _ => true,
    };

    private static HashSet<string> ResultsAfter(IReadOnlyList<Message> history, int answer, IReadOnlyList<Message> next) =>
        history.Skip(answer + 1).TakeWhile(m => m.Role != Role.Assistant)
            .Concat(history.Skip(answer + 1).Any(m => m.Role == Role.Assistant) ? [] : next)
            .SelectMany(m => m.Parts).OfType<ToolResultPart>().Select(r => r.CallId).ToHashSet(StringComparer.Ordinal);

    private static Part Shrink(Part part, int most) => SizeOf(part) <= most ? part : part switch
    {
        TextPart text => text with { Text = Cut(text.Text, most) },
        RefusalPart text => text with { Text = Cut(text.Text, most) },
        ReasoningPart thought => new ReasoningPart(Cut(thought.Text, most)),
        ToolResultPart result => result with { Content = [new TextPart(Cut(string.Concat(result.Content.OfType<TextPart>().Select(t => t.Text)), most))] },
        ToolCallPart call => call with { Arguments = call.IsCustom ? Cut(call.Arguments, most) : "{}" },
        _ => new TextPart("[left out: too large to keep]"),
    };

    private static string Cut(string text, int most)
    {
        // A character is at most three bytes of UTF-8; half of a pair must not be left at the end.
        var length = Math.Min(text.Length, most / 3);
        length -= length > 0 && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        return text[..length] + CutMark;
    }

    private static int SizeOf(Part part) => part switch
    {
        TextPart text => Bytes(text.Text),
        RefusalPart text => Bytes(text.Text),
        ReasoningPart thought => Bytes(thought.Text) + (thought.Seal?.Value.Length ?? 0),
        ToolCallPart call => Bytes(call.Arguments) + call.Name.Length + call.Id.Length + (call.Seal?.Value.Length ?? 0),
        ToolResultPart result => result.CallId.Length + result.Content.Sum(SizeOf),
        ImagePart image => SizeOf(image.Source),
        AudioPart audio => SizeOf(audio.Source),
        VideoPart video => SizeOf(video.Source),
        FilePart file => SizeOf(file.Source),
        _ => 0,
    };

    private static int SizeOf(MediaSource source) => (source.Data?.Length ?? 0) + (source.Url?.Length ?? 0);

    private static int Bytes(string text) => System.Text.Encoding.UTF8.GetByteCount(text);
}
