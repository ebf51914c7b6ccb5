using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.Responses;

/// <summary>A Responses request that OpenAI would accept.</summary>
internal sealed record ResponsesRequest
{
    private const int LeastOutputTokens = 16;

    private static readonly ForeignFields Foreign = new(
        "input", "instructions", "max_output_tokens", "previous_response_id", "reasoning", "include", "text", "truncation", "store", "background",
        "parallel_tool_calls", "stream_options");

    public required string Model { get; init; }

    public required JsonElement Body { get; init; }

    public required Question Question { get; init; }

    /// <summary>The response that this one continues.</summary>
    public StoredResponse? Previous { get; init; }

    public bool Stream => Body.Flag("stream");

    public bool Store => Body.Get("store") is not { ValueKind: JsonValueKind.False };

    public bool Background => Body.Flag("background");

    public bool WantsEncryptedReasoning => Body.Texts("include").Contains("reasoning.encrypted_content");

    /// <exception cref="RequestRefusedException">Something is missing or wrong.</exception>
    public static ResponsesRequest Read(JsonElement body, ResponseStore store, string server)
    {
        var model = body.Text("model") ?? throw Missing("model");
        if (Foreign.FirstIn(body) is { } foreign)
        {
            throw new RequestRefusedException(new MockError(400, $"Unknown parameter: '{foreign}'.") { Code = "unknown_parameter", Param = foreign });
        }

        var previous = body.Text("previous_response_id") is { } id ? store.Find(id) ?? throw Lost(id) : null;
        var input = body.Get("input") ?? throw Missing("input");
        var items = body.List("input");
        if (input.ValueKind is not (JsonValueKind.String or JsonValueKind.Array) || (input.ValueKind == JsonValueKind.Array && items.Count == 0))
        {
            throw new RequestRefusedException(new MockError(400, "Invalid type for 'input': expected a string or a non-empty array.") { Code = "invalid_type", Param = "input" });
        }

        InputCheck.Check(items, store, server, previous?.OpenCalls ?? []);
        CheckOptions(body);
        return new ResponsesRequest
        {
            Model = model,
            Body = body,
            Previous = previous,
            Question = new Question
            {
                Tools = [.. Tools(body, "tools"), .. items.Where(i => i.Text("type") == "additional_tools").SelectMany(i => Tools(i, "input.tools"))],
                EndsWithToolResult = items.Count > 0 && InputCheck.IsOutput(items[^1]),
                HasToolResult = previous?.HasToolResult == true || items.Any(InputCheck.IsOutput),
                MaxTokens = body.Number("max_output_tokens"),
                PromptTokens = Incoming.Tokens(input),
            },
        };
    }

    private static void CheckOptions(JsonElement body)
    {
        if (body.Number("max_output_tokens") is < LeastOutputTokens)
        {
            throw new RequestRefusedException(new MockError(400, $"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {LeastOutputTokens}.")
            {
                Code = "integer_below_min_value",
                Param = "max_output_tokens",
            });
        }

        if (body.Flag("background") && body.Get("store") is { ValueKind: JsonValueKind.False })
        {
            throw new RequestRefusedException(400, "Background mode requires the response to be stored.", "background");
        }
    }

    private static List<OfferedTool> Tools(JsonElement owner, string at, string? space = null)
    {
        var tools = new List<OfferedTool>();
        var i = 0;
        foreach (var tool in owner.List("tools"))
        {
            var type = tool.Text("type") ?? throw Missing($"{at}[{i}].type");
            if (type is "function" or "custom")
            {
                tools.Add(new OfferedTool(tool.Text("name") ?? throw Missing($"{at}[{i}].name"), IsFreeform: type == "custom", space));
            }
            else if (type == "namespace")
            {
                tools.AddRange(Tools(tool, $"{at}[{i}].tools", tool.Text("name")));
            }

            i++;
        }

        return tools;
    }

    private static RequestRefusedException Missing(string param) =>
        new(new MockError(400, $"Missing required parameter: '{param}'.") { Code = "missing_required_parameter", Param = param });

    private static RequestRefusedException Lost(string id) => new(new MockError(400, $"Previous response with id '{id}' not found.")
    {
        Code = "previous_response_not_found",
        Param = "previous_response_id",
    });
}
