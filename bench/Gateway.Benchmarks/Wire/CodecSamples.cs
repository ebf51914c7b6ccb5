using AIHigress.Wire;
using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.OpenAI.Chat;
using AIHigress.Wire.OpenAI.Responses;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.Benchmarks.Wire;

/// <summary>The codecs that are measured, and what they are given.</summary>
internal static class CodecSamples
{
    public const int Deltas = 1_000;

    public static readonly IReadOnlyList<ProtocolCodec> Codecs = [ChatCodec.Instance, ResponsesCodec.Instance, MessagesCodec.Instance, GeminiCodec.Instance];

    public static readonly ModelRequest Request = new()
    {
        Model = "m",
        Stream = true,
        System = [new TextPart("You are an agent in a terminal. Answer briefly, naïve café, 你好.")],
        Messages = [.. Enumerable.Range(0, 10).SelectMany(Turn)],
        Tools = [.. Enumerable.Range(0, 12).Select(Tool)],
        ToolChoice = new ToolChoice(ToolChoiceMode.Auto),
        MaxTokens = 4096,
        Temperature = 0.7,
    };

    public static readonly AnswerContext Context = new() { Request = Request, IncludeUsage = true, Now = 1_770_000_000, Seed = "0123456789abcdef0123456789abcdef" };

    public static ProtocolCodec Of(WireProtocol protocol) => Codecs.Single(c => c.Protocol == protocol);

    /// <summary>Some thoughts, much text, one call: a thousand deltas.</summary>
    public static void Answer(IAnswerSink sink)
    {
        sink.Start(new AnswerStart("msg_1", "m", 1_760_000_000));
        Part(sink, new PartStart(0, 0, AnswerPartKind.Reasoning), 100, "Let me think. "u8);
        Part(sink, new PartStart(1, 0, AnswerPartKind.Text), 800, " word,\n"u8);
        sink.PartStart(new PartStart(2, 0, AnswerPartKind.ToolCall) { Id = "call_1", Name = "tool_1" });
        sink.Delta(2, "{\"path\":\""u8);
        for (var i = 0; i < Deltas - 902; i++)
        {
            sink.Delta(2, "src/"u8);
        }

        sink.Delta(2, "\"}"u8);
        sink.PartEnd(2);
        sink.Finish(new AnswerFinish(0, FinishReason.ToolCalls));
        sink.Usage(new TokenUsage(1200, 1024, 0, 900, 100));
    }

    private static void Part(IAnswerSink sink, PartStart head, int deltas, ReadOnlySpan<byte> text)
    {
        sink.PartStart(head);
        for (var i = 0; i < deltas; i++)
        {
            sink.Delta(head.Part, text);
        }

        sink.PartEnd(head.Part);
    }

    private static Message[] Turn(int number) =>
    [
        new(Role.User, [new TextPart($"Question {number}: \"{new string('x', 200)}\"\nwhat is in the file?")]),
        new(Role.Assistant, [new TextPart("I will look."), new ToolCallPart($"call_{number}", "tool_1", "{\"path\":\"src/Program.cs\"}")]),
        new(Role.User, [new ToolResultPart($"call_{number}", [new TextPart(string.Concat(Enumerable.Repeat("line of a file;\n", 60)))]) { Name = "tool_1" }]),
        new(Role.Assistant, [new TextPart("There it is.")]),
    ];

    private static FunctionTool Tool(int number) => new($"tool_{number}")
    {
        Description = "Reads a file and tells what stands in it.",
        Parameters = """{"type":"object","properties":{"path":{"type":"string","description":"Where it is"},"lines":{"type":"integer"}},"required":["path"],"additionalProperties":false}""",
    };
}
