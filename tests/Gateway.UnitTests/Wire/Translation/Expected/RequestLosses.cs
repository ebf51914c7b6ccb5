using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

/// <summary>What a request loses, declared per protocol and member by member, when it is written for an upstream and read again as if a client had sent it.</summary>
internal static class RequestLosses
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Without what the field tables refuse over this protocol: such a request never gets to the encoder.</summary>
    public static ModelRequest Legal(WireProtocol protocol, ModelRequest request) => protocol switch
    {
        WireProtocol.Chat => ChatRequestLosses.Legal(request),
        WireProtocol.Responses => ResponsesRequestLosses.Legal(request),
        WireProtocol.Messages => MessagesRequestLosses.Legal(request),
        _ => GeminiRequestLosses.Legal(request),
    };

    public static ModelRequest Expected(WireProtocol protocol, ModelRequest request) => protocol switch
    {
        WireProtocol.Chat => ChatRequestLosses.Expected(request),
        WireProtocol.Responses => ResponsesRequestLosses.Expected(request),
        WireProtocol.Messages => MessagesRequestLosses.Expected(request),
        _ => GeminiRequestLosses.Expected(request),
    };

    public static void AssertSame(ModelRequest expected, ModelRequest actual, ReadOnlySpan<byte> bytes)
    {
        var differences = PathList.Differences(expected, actual);
        Assert.True(differences.Count == 0, $"{string.Join("\n", differences)}\n--- expected\n{PathList.Show(expected)}\n--- got\n{PathList.Show(actual)}\n--- bytes\n{Encoding.UTF8.GetString(bytes)}");
    }

    /// <summary>Each part by what stands in its place; turns of which nothing is left are left out.</summary>
    public static ModelRequest EachPart(ModelRequest request, Func<Message, Part, IEnumerable<Part>> change) => request with
    {
        Messages = [.. request.Messages.Select(m => m with { Parts = [.. m.Parts.SelectMany(p => change(m, p))] }).Where(m => m.Parts.Count > 0)],
    };

    /// <summary>A custom tool where there are none: a function with one text argument.</summary>
    public static FunctionTool AsFunction(ToolDefinition tool)
    {
        if (tool is FunctionTool function)
        {
            return function;
        }

        var format = ((CustomTool)tool).Format is { } sent ? $",\"description\":{Quoted($"The tool's input as free text. Its format: {sent}")}" : "";
        return new FunctionTool(tool.Name)
        {
            Description = tool.Description,
            Cache = tool.Cache,
            Parameters = $$$"""{"type":"object","properties":{"input":{"type":"string"{{{format}}}}},"required":["input"]}""",
        };
    }

    public static ToolCallPart AsFunction(ToolCallPart call) =>
        call.IsCustom ? call with { IsCustom = false, Arguments = $"{{\"input\":{Quoted(call.Arguments)}}}" } : call;

    /// <summary>A JSON string as our writers write it.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    /// <summary>The seal as this upstream gets it: its own only.</summary>
    public static Seal? Own(WireProtocol protocol, Seal? seal) =>
        seal is not null && seal.IsReadableBy(protocol, CodecRun.Provider) ? new Seal(protocol, seal.Value) : null;
}
