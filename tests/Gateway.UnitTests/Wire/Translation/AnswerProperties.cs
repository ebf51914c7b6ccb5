using AIHigress.Gateway.UnitTests.Wire.Translation.Expected;
using AIHigress.Gateway.UnitTests.Wire.Translation.Generators;
using AIHigress.Wire;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>Whole answers: through one codec and through every pair of them.</summary>
public sealed class AnswerProperties(ITestOutputHelper output)
{
    private const int Cases = 1_000;

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Answer_WrittenAndRead_IsTheSameButForDeclaredLosses(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        var census = new Census();
        AnswerGen.Any.Select(answer => AnswerLosses.Legal(protocol, answer)).Sample(
            answer =>
            {
                census.Add(answer);
                var bytes = CodecRun.WriteAnswer(codec, answer, CodecRun.ContextOf(answer));

                var read = CodecRun.ReadAnswer(codec, bytes);

                AnswerLosses.AssertSame(protocol, AnswerLosses.AsPlain(protocol, AnswerLosses.Expected(protocol, answer)), read, bytes);
            },
            iter: Cases,
            threads: 1);
        output.WriteLine(census.ToString());
        Assert.Empty(census.Missing(["Answer: TextPart", "Answer: ReasoningPart", "Answer: RefusalPart", "Answer: ToolCallPart", "parallel calls"]));
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Answer_UpstreamToClient_IsTheSameButForDeclaredLosses(WireProtocol upstream, WireProtocol client)
    {
        var (from, to) = (CodecsUnderTest.Of(upstream), CodecsUnderTest.Of(client));
        AnswerGen.Any.Select(answer => AnswerLosses.Legal(client, AnswerLosses.OfUpstream(upstream, answer))).Sample(
            answer =>
            {
                var context = CodecRun.ContextOf(answer);
                var relayed = CodecRun.ReadAnswer(from, CodecRun.WriteAnswer(from, answer, context));
                var bytes = CodecRun.WriteAnswer(to, relayed, context);

                var read = CodecRun.ReadAnswer(to, bytes);

                var expected = AnswerLosses.AsPlain(client, AnswerLosses.Expected(client, AnswerLosses.Legal(client, AnswerLosses.AsPlain(upstream, AnswerLosses.Expected(upstream, answer)))));
                AnswerLosses.AssertSame(client, expected, read, bytes);
            },
            iter: Cases / 2,
            threads: 1);
    }
}
