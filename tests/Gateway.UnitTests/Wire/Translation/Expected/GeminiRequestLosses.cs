using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class GeminiRequestLosses
{
    private const string CustomSchema = """{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}""";

    /// <summary>With what addresses stand for, as the gateway fetches them; files that lie at another provider can't come.</summary>
    public static ModelRequest Legal(ModelRequest request) => RequestLosses.EachPart(
        request, (_, part) => [part is ToolResultPart result ? result with { Content = [.. result.Content.Select(Fetched)] } : Fetched(part)]);

    public static ModelRequest Expected(ModelRequest request) => new()
    {
        Model = "",
        System = [.. request.System.Select(t => t with { Cache = null })],
        Messages = Turns(request),
        Tools = [.. request.Tools.Select(Tool)],
        ToolChoice = request.ToolChoice is { Mode: ToolChoiceMode.Required, Allowed: [var only] } ? new ToolChoice(ToolChoiceMode.Named) { Name = only } : request.ToolChoice,
        MaxTokens = request.MaxTokens,
        Temperature = request.Temperature,
        TopP = request.TopP,
        TopK = request.TopK,
        PresencePenalty = request.PresencePenalty,
        FrequencyPenalty = request.FrequencyPenalty,
        Seed = request.Seed,
        Stop = request.Stop,
        Format = request.Format is { Kind: ResponseFormatKind.JsonSchema } format ? new ResponseFormat(ResponseFormatKind.JsonSchema) { Schema = format.Schema } : request.Format,
        Reasoning = request.Reasoning is { } wish ? Reasoning(wish) : null,
        Choices = request.Choices,
    };

    private static Part Fetched(Part part) => part switch
    {
        ImagePart { Source.FileId: not null } or FilePart { Source.FileId: not null } => new TextPart("no such file"),
        ImagePart { Source.Url: not null } image => image with { Source = new MediaSource { MediaType = "image/png", Data = "iVBORw==" } },
        VideoPart { Source.Url: not null } video => video with { Source = new MediaSource { MediaType = "video/mp4", Data = "AAAA" } },
        FilePart { Source.Url: not null } file => file with { Source = new MediaSource { MediaType = "application/pdf", Data = "JVBERg==" } },
        _ => part,
    };

    private static FunctionTool Tool(ToolDefinition tool) => new(tool.Name)
    {
        Description = tool.Description,
        Parameters = tool is FunctionTool function ? function.Parameters : CustomSchema,
    };

    private static ReasoningOptions? Reasoning(ReasoningOptions wish)
    {
        var read = new ReasoningOptions
        {
            BudgetTokens = wish.BudgetTokens ?? (wish.Effort is { } effort ? ReasoningScale.Budget(effort) : null),
            IsAdaptive = wish is { BudgetTokens: null, Effort: null, IsAdaptive: true },
            ShowThoughts = wish.ShowThoughts ?? (wish.Summary is not null ? true : null),
        };
        return read == new ReasoningOptions() ? null : read;
    }

    // Contents alternate; a system message in the middle is the user's; images and files of results follow the results.
    private static List<Message> Turns(ModelRequest request)
    {
        var names = request.Messages.SelectMany(m => m.Parts).OfType<ToolCallPart>().ToDictionary(c => c.Id, c => c.Name);
        var merged = new List<Message>();
        foreach (var message in RequestLosses.EachPart(request, (_, part) => Part(part, names)).Messages)
        {
            var role = message.Role == Role.Assistant ? Role.Assistant : Role.User;
            if (merged.Count > 0 && merged[^1].Role == role)
            {
                merged[^1] = merged[^1] with { Parts = [.. merged[^1].Parts, .. message.Parts] };
            }
            else
            {
                merged.Add(new Message(role, message.Parts));
            }
        }

        return [.. merged.Select(m => m with { Parts = [.. m.Parts.OrderBy(p => p is ToolResultPart ? 0 : 1)] })];
    }

    private static IEnumerable<Part> Part(Part part, Dictionary<string, string> names) => part switch
    {
        ReasoningPart thoughts => RequestLosses.Own(WireProtocol.Gemini, thoughts.Seal) is { } seal ? [new ReasoningPart(thoughts.Text) { Seal = seal }] : [],
        RefusalPart refusal => [new TextPart(refusal.Text)],
        ToolCallPart call => [RequestLosses.AsFunction(call) with { Cache = null, Seal = RequestLosses.Own(WireProtocol.Gemini, call.Seal) }],
        ToolResultPart result =>
        [
            new ToolResultPart(result.CallId, Texts(result)) { Name = result.Name ?? names.GetValueOrDefault(result.CallId, "tool"), IsError = result.IsError },
            .. result.Content.Where(p => p is not TextPart).Select(Plain),
        ],
        _ => [Plain(part)],
    };

    private static List<Part> Texts(ToolResultPart result)
    {
        var texts = result.Content.OfType<TextPart>().Select(p => p.Text).ToList();
        return texts.Count > 0 || result.IsError ? [new TextPart(string.Join('\n', texts))] : [];
    }

    private static Part Plain(Part part) => part switch
    {
        ImagePart image => image with { Cache = null, Detail = null },
        FilePart file => file with { Cache = null, FileName = null },
        _ => part with { Cache = null },
    };
}
