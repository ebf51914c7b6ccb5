using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class ResponsesRequestLosses
{
    private const string NoParameters = """{"type":"object","properties":{}}""";

    public static ModelRequest Legal(ModelRequest request) => RequestLosses.EachPart(request, (_, part) => [part is AudioPart or VideoPart ? new TextPart("no such thing") : part]) with
    {
        Choices = request.Choices > 1 ? null : request.Choices,
    };

    public static ModelRequest Expected(ModelRequest request) => new()
    {
        Model = request.Model,
        Stream = request.Stream,
        System = [.. request.System.Select(t => t with { Cache = null })],
        Messages = Turns(request),
        Tools = [.. request.Tools.Select(Tool)],
        ToolChoice = request.Tools.Count > 0 ? request.ToolChoice : null,
        ParallelToolCalls = request.ParallelToolCalls,
        MaxTokens = request.MaxTokens,
        Temperature = request.Temperature,
        TopP = request.TopP,
        Format = request.Format is { Kind: ResponseFormatKind.JsonSchema } format ? format with { Name = format.Name ?? "answer" } : request.Format,
        Reasoning = request.Reasoning is { } wish ? Reasoning(wish) : null,
        User = request.User,
        Metadata = request.Metadata,
        Verbosity = request.Verbosity,
        ServiceTier = request.ServiceTier,
        PromptCacheKey = request.PromptCacheKey,
    };

    private static ToolDefinition Tool(ToolDefinition tool) => tool is FunctionTool function
        ? function with { Cache = null, Strict = function.Strict ?? false, Parameters = function.Parameters == NoParameters ? null : function.Parameters }
        : tool with { Cache = null };

    private static ReasoningOptions? Reasoning(ReasoningOptions wish)
    {
        var effort = wish.Effort ?? (wish.BudgetTokens is { } budget ? ReasoningScale.Effort(budget) : wish.IsAdaptive ? "medium" : null);
        var summary = wish.Summary ?? (wish.ShowThoughts == true ? "auto" : null);
        return effort is null && summary is null ? null : new ReasoningOptions { Effort = effort, Summary = summary };
    }

    // Items have no turns: what assistants say in a row is one, and so is what users say behind results.
    private static List<Message> Turns(ModelRequest request)
    {
        var merged = new List<Message>();
        foreach (var message in RequestLosses.EachPart(request, Part).Messages)
        {
            var goesOn = merged.Count > 0 && merged[^1].Role == message.Role
                && (message.Role == Role.Assistant || (message.Role == Role.User && merged[^1].Parts[^1] is ToolResultPart));
            if (goesOn)
            {
                merged[^1] = merged[^1] with { Parts = [.. merged[^1].Parts, .. message.Parts] };
            }
            else
            {
                merged.Add(message);
            }
        }

        return merged;
    }

    private static IEnumerable<Part> Part(Message message, Part part) => part switch
    {
        ReasoningPart thoughts => RequestLosses.Own(WireProtocol.Responses, thoughts.Seal) is { } seal
            ? [new ReasoningPart(thoughts.Text) { Seal = seal, Id = thoughts.Id?.StartsWith("rs_", StringComparison.Ordinal) == true ? thoughts.Id : null }]
            : [],
        ToolCallPart call => [call with { Seal = null, Cache = null }],
        ToolResultPart result => [result with { Name = null, IsError = false, Cache = null, Content = Content(result) }],
        _ => [Plain(part)],
    };

    // There is no flag for errors: the text says it.
    private static List<Part> Content(ToolResultPart result)
    {
        List<Part> parts = [.. result.Content.Select(Plain)];
        if (result.IsError && parts is [TextPart text, ..])
        {
            parts[0] = text.Text.StartsWith("error", StringComparison.OrdinalIgnoreCase) ? text : new TextPart($"Error: {text.Text}");
        }
        else if (result.IsError)
        {
            parts.Insert(0, new TextPart("Error"));
        }

        return parts is [TextPart { Text: "" }] ? [] : parts;
    }

    private static Part Plain(Part part) => part switch
    {
        ImagePart { Source: { Url: not null } source } image => image with { Cache = null, Source = source with { MediaType = null } },
        FilePart { Source: { Data: null } source } file => file with { Cache = null, FileName = null, Source = source with { MediaType = null } },
        FilePart file => file with { Cache = null, FileName = file.FileName ?? (file.Source.IsText ? "document.txt" : "document.pdf") },
        _ => part with { Cache = null },
    };
}
