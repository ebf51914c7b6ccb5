using System.Text.Json;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary><c>POST /v1/embeddings</c>: a vector per input, the same for the same input.</summary>
internal sealed class EmbeddingsEndpoint(MockState mock)
{
    private const int OrdinaryDimensions = 8;
    private const int MostDimensions = 4096;

    public async Task HandleAsync(Exchange exchange)
    {
        var body = Incoming.Parse(exchange);
        var model = OpenAIEndpoints.ModelOf(exchange, body);
        var inputs = Inputs(body);
        var asBase64 = body.Text("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw new RequestRefusedException(new MockError(400, $"'{other}' is not one of 'float' and 'base64'.") { Param = "encoding_format" }),
        };
        var dimensions = body.Number("dimensions") ?? OrdinaryDimensions;
        if (dimensions is < 1 or > MostDimensions)
        {
            throw new RequestRefusedException(new MockError(400, "The dimensions are out of range.") { Param = "dimensions" });
        }

        var script = mock.Scripts.Resolve(model, exchange.Key);
        if (await ErrorAnswers.PrepareAsync(exchange, script, OpenAIErrors.Shape))
        {
            var tokens = script.Behaviour.ZeroUsage == true ? 0 : script.Behaviour.PromptTokens ?? Incoming.Tokens(body.GetProperty("input"));
            await Answers.SendPlainAsync(exchange, script, OpenAIErrors.Shape, Object(
                ("object", "\"list\""),
                ("data", Array(inputs.Select((input, i) => Item(Vector(input, dimensions), i, asBase64)))),
                ("model", Quote(model)),
                ("usage", script.Behaviour.Usage == Scripting.UsageShape.Absent ? null : $$"""{"prompt_tokens":{{tokens}},"total_tokens":{{tokens}}}""")));
        }
    }

    /// <summary>The input as texts: each string, or each list of tokens as it stands.</summary>
    private static IReadOnlyList<string> Inputs(JsonElement body)
    {
        if (body.Text("input") is { } one)
        {
            return [one];
        }

        var list = body.List("input");
        return list.Count == 0 ? throw new RequestRefusedException(new MockError(400, "'input' is missing, or empty.") { Param = "input" })
            : list[0].ValueKind == JsonValueKind.Number ? [body.GetProperty("input").GetRawText()]
            : [.. list.Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : e.GetRawText())];
    }

    private static float[] Vector(string input, int dimensions)
    {
        // FNV-1a, then a linear congruence: the same everywhere, which string.GetHashCode is not.
        var state = input.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);
        return [.. Enumerable.Range(0, dimensions).Select(_ => ((state = (state * 1664525u) + 1013904223u) >> 8) / 8388608f - 1f)];
    }

    private static string Item(float[] vector, int index, bool asBase64) => Object(
        ("object", "\"embedding\""),
        ("index", index.ToString()),
        ("embedding", asBase64
            ? Quote(Convert.ToBase64String([.. vector.SelectMany(BitConverter.GetBytes)]))
            : Array(vector.Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))));
}
