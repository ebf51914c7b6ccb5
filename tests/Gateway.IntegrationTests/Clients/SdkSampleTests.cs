using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Clients;

/// <summary>The samples of stock SDKs, over each kind of provider.</summary>
public sealed class SdkSampleTests(SharedWorlds worlds)
{
    // What the mock says is at once an ordinary text and what the samples' schema asks for.
    private const string Said = """{"city":"Oslo","degrees":7}""";
    private const string Picture = "iVBORw0KGgo";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly ToolStep Weather = ToolStep.AnyOf([("get_weather", """{"city":"Oslo"}""")]);

    /// <summary>What a sample prints when all went well; a model list is printed before, indented.</summary>
    private static readonly string[] Steps =
    [
        $"Answer: {Said}", "Tokens: #", $"Stream: {Said}", "Streamed tokens: #", "Counted: #", """Tool: get_weather {"city":"Oslo"}""", $"After tools: {Said}", $"Image: {Said}",
        "Structured: Oslo 7",
    ];

    /// <summary>The same of a sample whose SDK can't ask for a count.</summary>
    private static readonly string[] Uncounted = [.. Steps.Where(step => !step.StartsWith("Counted", StringComparison.Ordinal))];

    public static TheoryData<string> Kinds => [.. ClientWorld.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task OpenAISdk_OverAnyProvider_Works(string kind)
    {
        var lines = await RunAsync("openai-node", "chat.mjs", kind);
        Assert.Equal(["Models:", $"Answer: {Said}", $"Stream: {Said}", "Tokens: #", "Refused: NotFoundError 404 model_not_found"], lines);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task OpenAISdk_ResponsesOverAnyProvider_Works(string kind)
    {
        var lines = await RunAsync("openai-node", "responses.mjs", kind);
        Assert.Equal([.. Uncounted, "Refused: NotFoundError 404 model_not_found"], lines);
        await AssertArrivedAsync("openai-node", kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task AnthropicSdk_OverAnyProvider_Works(string kind)
    {
        var lines = await RunAsync("anthropic-node", "messages.mjs", kind);
        Assert.Equal(["Models:", .. Steps, "Refused: NotFoundError 404 not_found_error"], lines);
        await AssertArrivedAsync("anthropic-node", kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task GoogleSdk_OverAnyProvider_Works(string kind)
    {
        var lines = await RunAsync("google-genai-node", "generate.mjs", kind);
        Assert.Equal(["Models:", .. Steps, "Refused: ApiError 404 NOT_FOUND"], lines);
        await AssertArrivedAsync("google-genai-node", kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task VercelSdk_InEachProtocolOverAnyProvider_Works(string kind)
    {
        const string refused = "Refused: 404 There is no model 'no-such-model', or this key may not use it. GET /v1/models lists the models of this key.";
        var lines = await RunAsync("vercel-ai-node", "providers.mjs", kind);
        string[] steps = [.. Uncounted, refused];
        Assert.Equal(["== chat", .. steps, "== responses", .. steps, "== anthropic", .. steps, "== google", .. steps], lines);
        await AssertArrivedAsync("vercel-ai-node", kind);
    }

    /// <summary>What the sample prints, without the listed models, and with <c>#</c> for numbers of tokens.</summary>
    private async Task<IReadOnlyList<string>> RunAsync(string sample, string program, string kind)
    {
        var folder = await SampleInstall.FolderAsync(sample);
        var world = await worlds.ClientsAsync();
        await world.ScriptAsync(sample, kind, new Behaviour { Text = Said, ToolScript = [Weather] });
        var start = ScriptRun.Describe("eng", Path.Combine(folder, program));
        start.FileName = "node";
        start.Environment["GATEWAY_URL"] = world.Gateway.Address;
        start.Environment["GATEWAY_KEY"] = ClientWorld.KeyOf(kind);
        start.Environment["MODEL"] = sample;

        var run = await ScriptRun.RunAsync(Limit, start);

        Assert.True(run.ExitCode == 0, run.ToString());
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(!lines.Contains("Models:") || lines.Contains($"  {sample}") || lines.Contains($"  models/{sample}"), $"The model list lacks {sample}. {run}");
        return [.. lines.Where(line => !line.StartsWith("  ", StringComparison.Ordinal)).Select(WithoutNumbers)];
    }

    private static string WithoutNumbers(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var isCount = colon > 0 && line[..colon] is "Tokens" or "Streamed tokens" or "Counted";
        return isCount && line[(colon + 2)..].Split(" + ").All(n => int.TryParse(n, out var tokens) && tokens > 0) ? $"{line[..colon]}: #" : line;
    }

    /// <summary>The provider was given the instruction, the picture, the schema and the tool's result.</summary>
    private async Task AssertArrivedAsync(string sample, string kind)
    {
        var world = await worlds.ClientsAsync();
        var requests = await world.RequestsAsync(sample, kind);
        Assert.Contains(requests, r => r.BodyText.Contains("Be brief.", StringComparison.Ordinal));
        Assert.Contains(requests, r => r.BodyText.Contains(Picture, StringComparison.Ordinal));
        Assert.Contains(requests, r => r.BodyText.Contains("\"degrees\"", StringComparison.Ordinal));
        Assert.Contains(requests, r => ToolResults.In(r.BodyText).Any(result => result.Contains("7 degrees", StringComparison.Ordinal)));
    }
}
