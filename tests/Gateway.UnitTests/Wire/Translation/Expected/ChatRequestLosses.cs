using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class ChatRequestLosses
{
    private const string Between = "\n\n";
    private const string CustomSchema = """{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}""";

    public static ModelRequest Legal(ModelRequest request) => RequestLosses.EachPart(
        request, (_, part) => [part is ToolResultPart result ? result with { Content = [.. result.Content.Select(Here)] } : Here(part)]);

    public static ModelRequest Expected(ModelRequest request)
    {
        var takesCustom = request.Model.StartsWith("gpt-5", StringComparison.Ordinal);
        return request with
        {
            System = request.System.Count > 0 ? [new TextPart(string.Join(Between, request.System.Select(t => t.Text)))] : [],
            Messages = [.. Turns(request, takesCustom)],
            Tools = [.. request.Tools.Select(t => takesCustom || t is not CustomTool custom ? t with { Cache = null } : Function(custom))],
            TopK = null,
            Format = request.Format is { Kind: ResponseFormatKind.JsonSchema } format ? format with { Name = format.Name ?? "answer" } : request.Format,
            Reasoning = request.Reasoning is { } wish ? Reasoning(wish) : null,
        };
    }

    // Pictures have no ids here.
    private static Part Here(Part part) => part is ImagePart { Source.FileId: not null } ? new TextPart("no such file") : part;

    private static ReasoningOptions? Reasoning(ReasoningOptions wish)
    {
        var effort = wish.Effort ?? (wish.BudgetTokens is { } budget ? ReasoningScale.Effort(budget) : null);
        return effort is null ? null : new ReasoningOptions { Effort = effort };
    }

    private static FunctionTool Function(CustomTool tool)
    {
        var rule = tool.Format is null ? null : $"The input must have this format: {tool.Format}";
        return new FunctionTool(tool.Name)
        {
            Description = rule is null ? tool.Description : tool.Description is null ? rule : $"{tool.Description}{Between}{rule}",
            Parameters = CustomSchema,
        };
    }

    private static IEnumerable<Message> Turns(ModelRequest request, bool takesCustom)
    {
        var lastSaid = request.Messages.ToList().FindLastIndex(m => m.Role == Role.User && m.Parts.Any(p => p is not ToolResultPart));
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            var turns = message.Role switch
            {
                Role.System => [message with { Parts = [Joined(message.Parts)] }],
                Role.Assistant => [message with { Parts = Said(message.Parts, i > lastSaid, takesCustom) }],
                _ => Asked(message.Parts, takesCustom),
            };
            foreach (var turn in turns)
            {
                yield return turn;
            }
        }
    }

    private static TextPart Joined(IEnumerable<Part> parts) => new(string.Join(Between, parts.OfType<TextPart>().Select(t => t.Text)));

    // Thoughts stand in front, and only while the tools are still answering.
    private static List<Part> Said(IReadOnlyList<Part> parts, bool isInLoop, bool takesCustom)
    {
        var said = new List<Part>();
        if (isInLoop && parts.Any(p => p is ToolCallPart))
        {
            said.AddRange(parts.OfType<ReasoningPart>().Select(p => p with { Seal = RequestLosses.Own(WireProtocol.Chat, p.Seal), Id = null }).Where(p => p.Text.Length > 0 || p.Seal is not null));
        }

        if (Joined(parts) is { Text.Length: > 0 } text)
        {
            said.Add(text);
        }

        if (string.Concat(parts.OfType<RefusalPart>().Select(p => p.Text)) is { Length: > 0 } refusal)
        {
            said.Add(new RefusalPart(refusal));
        }

        said.AddRange(parts.OfType<ToolCallPart>().Select(c => (takesCustom ? c : RequestLosses.AsFunction(c)) with { Cache = null, Seal = RequestLosses.Own(WireProtocol.Gemini, c.Seal) }));
        return said;
    }

    // Results are messages of their own; what they hold besides text follows in the user's next message.
    private static List<Message> Asked(IReadOnlyList<Part> parts, bool takesCustom)
    {
        List<Part> results = [.. parts.OfType<ToolResultPart>().Select(r => new ToolResultPart(r.CallId, [Text(r)]) { IsCustom = r.IsCustom && takesCustom })];
        var said = parts.OfType<ToolResultPart>().SelectMany(Moved).Concat(parts.Where(p => p is not ToolResultPart)).Select(Plain).ToList();
        var turns = new List<Message>();
        if (results.Count > 0)
        {
            turns.Add(new Message(Role.User, results));
        }

        if (said.Count > 0)
        {
            turns.Add(new Message(Role.User, said));
        }

        return turns;
    }

    private static bool IsText(Part part) => part is TextPart or FilePart { Source.IsText: true };

    private static IEnumerable<Part> Moved(ToolResultPart result) => result.Content.All(IsText)
        ? []
        : [new TextPart($"From the result of the tool call {result.CallId}:"), .. result.Content.Where(p => !IsText(p))];

    private static TextPart Text(ToolResultPart result)
    {
        var text = string.Join(Between, result.Content.Where(IsText).Select(p => p is TextPart t ? t.Text : ((FilePart)p).Source.Data));
        if (text.Length == 0 && !result.Content.All(IsText))
        {
            text = "The result follows in the next message.";
        }

        return new TextPart(result.IsError && !text.StartsWith("error", StringComparison.OrdinalIgnoreCase) ? $"Error: {text}" : text);
    }

    private static Part Plain(Part part) => part switch
    {
        FilePart { Source.IsText: true } file => new TextPart(file.FileName is { Length: > 0 } name ? $"{name}:\n{file.Source.Data}" : file.Source.Data!),
        FilePart { Source.FileId: null } file => file with { Cache = null, FileName = file.FileName ?? "document.pdf", Source = file.Source with { MediaType = file.Source.Url is null ? file.Source.MediaType : null } },
        VideoPart { Source.Url: not null } video => video with { Source = video.Source with { MediaType = null } },
        AudioPart audio => audio with { Source = audio.Source with { MediaType = audio.Source.MediaType == "audio/mpeg" ? "audio/mp3" : audio.Source.MediaType } },
        _ => part with { Cache = null },
    };
}
