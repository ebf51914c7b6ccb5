using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>The generators are only worth something if they make everything there is.</summary>
public sealed class GeneratorTests(ITestOutputHelper output)
{
    private static readonly string[] PartPlaces =
    [
        "User: TextPart", "User: ImagePart", "User: AudioPart", "User: VideoPart", "User: FilePart", "User: ToolResultPart", "System: TextPart", "Assistant: TextPart",
        "Assistant: ReasoningPart", "Assistant: RefusalPart", "Assistant: ToolCallPart", "ToolResult: TextPart", "ToolResult: ImagePart", "ToolResult: FilePart", "parallel calls",
    ];

    private static readonly string[] Values =
    [
        "Parameters", "Format", "Strict", "Strict = False", "Description", "Detail", "FileName", "Url", "Data", "FileId", "IsText", "MediaType", "Ttl", "IsError", "IsCustom", "IsRedacted",
        "Effort", "BudgetTokens", "BudgetTokens = 0", "IsAdaptive", "Summary", "ShowThoughts", "ShowThoughts = False", "Temperature = 0", "ParallelToolCalls = False", "Seed = 0", "Provider", "Text empty",
        "Arguments empty", "Allowed", "Schema",
    ];

    [Fact]
    public void Requests_ManyCases_HoldEveryKindOfPartAndOption()
    {
        var census = new Census();
        RequestGen.Any.Sample(request => census.Add(request), iter: 3_000, threads: 1);

        output.WriteLine(census.ToString());
        Assert.Empty(census.Missing([.. PartPlaces, .. Values, .. Options(), .. Words<ResponseFormatKind>("Kind"), .. Words<ToolChoiceMode>("Mode"), .. Words<WireProtocol>("Maker")]));
    }

    [Fact]
    public void Answers_ManyCases_HoldEveryKindOfPartAndFinish()
    {
        var census = new Census();
        AnswerGen.Any.Sample(answer => census.Add(answer), iter: 3_000, threads: 1);

        output.WriteLine(census.ToString());
        Assert.Empty(census.Missing(
        [
            "Answer: TextPart", "Answer: ReasoningPart", "Answer: RefusalPart", "Answer: ToolCallPart", "parallel calls", "several choices", "one choice", "IsRedacted", "IsCustom", "StopSequence",
            .. Words<FinishReason>("Finish"), .. typeof(TokenUsage).GetProperties().Select(p => p.Name), .. typeof(TokenUsage).GetProperties().Select(p => $"{p.Name} = 0"),
        ]));
    }

    [Fact]
    public void Events_ManyCases_KeepTheOrderAndAreTheAnswer()
    {
        var census = new Census();
        Streams.Any.Sample(
            stream =>
            {
                var fold = new AnswerFold();
                var sink = new OrderSink(fold);
                stream.Calls.ForEach(call => call.Give(sink));
                Assert.True(sink.IsAtEnd);
                Assert.Empty(PathList.Differences(stream.Answer, fold.ToAnswer()));
                census.Add(stream.Calls);
            },
            iter: 3_000,
            threads: 1);

        output.WriteLine(census.ToString());
        Assert.Empty(census.Missing([.. typeof(SinkCall).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).Where(t => t.IsSubclassOf(typeof(SinkCall))).Select(t => t.Name), "piece beside an open part"]));
    }

    private static IEnumerable<string> Options() => typeof(ModelRequest).GetProperties().Select(p => p.Name).Except(["Messages", "Tools"]);

    private static IEnumerable<string> Words<T>(string name)
        where T : struct, Enum => Enum.GetNames<T>().Select(word => $"{name}.{word}");
}
