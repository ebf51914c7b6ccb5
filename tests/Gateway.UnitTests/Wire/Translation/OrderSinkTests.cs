using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

public sealed class OrderSinkTests
{
    private static readonly PartStart First = new(0, 0, AnswerPartKind.Text);

    [Fact]
    public void AnyEvent_BeforeStart_Throws()
    {
        Refuses(s => s.PartStart(First));
        Refuses(s => s.Usage(default));
        Refuses(s => s.Finish(new AnswerFinish(0, FinishReason.Stop)));
        Refuses(s => s.Ping());
    }

    [Fact]
    public void Start_Twice_Throws() => Refuses(Started(_ => { }), Begin);

    [Fact]
    public void PartStart_NumberSkippedOrRepeated_Throws()
    {
        Refuses(Started(_ => { }), s => s.PartStart(First with { Part = 1 }));
        Refuses(Started(s => s.PartStart(First)), s => s.PartStart(First));
    }

    [Fact]
    public void PartStart_AfterItsChoiceFinished_Throws() =>
        Refuses(Started(s => s.Finish(new AnswerFinish(0, FinishReason.Stop))), s => s.PartStart(First));

    [Fact]
    public void DeltaSealAndEnd_OfClosedPart_Throw()
    {
        var closed = Started(s =>
        {
            s.PartStart(First);
            s.PartEnd(0);
        });
        Refuses(closed, s => s.Delta(0, "x"u8));
        Refuses(closed, s => s.Seal(0, new Seal(WireProtocol.Messages, "x")));
        Refuses(closed, s => s.PartEnd(0));
        Refuses(closed, s => s.Delta(1, "x"u8));
    }

    [Fact]
    public void Delta_HalfACharacter_Throws() => Refuses(Started(s => s.PartStart(First)), s => s.Delta(0, "é"u8[..1]));

    [Fact]
    public void Finish_TwiceOrWithOpenParts_Throws()
    {
        Refuses(Started(s => s.PartStart(First)), s => s.Finish(new AnswerFinish(0, FinishReason.Stop)));
        Refuses(Started(s => s.Finish(new AnswerFinish(0, FinishReason.Stop))), s => s.Finish(new AnswerFinish(0, FinishReason.Stop)));
    }

    [Fact]
    public void Usage_NegativeCount_Throws() => Refuses(Started(_ => { }), s => s.Usage(new TokenUsage(1, -1, 0, 0, 0)));

    [Fact]
    public void IsAtEnd_OpenPartOrMissingFinish_IsFalse()
    {
        Assert.False(Started(s => s.PartStart(First)).IsAtEnd);
        Assert.False(Started(_ => { }).IsAtEnd);
        Assert.True(Started(s => s.Finish(new AnswerFinish(0, FinishReason.Stop))).IsAtEnd);
    }

    private static void Begin(IAnswerSink sink) => sink.Start(new AnswerStart("", "", 0));

    private static OrderSink Started(Action<IAnswerSink> events)
    {
        var sink = new OrderSink(new AnswerFold());
        Begin(sink);
        events(sink);
        return sink;
    }

    private static void Refuses(Action<IAnswerSink> events) => Refuses(new OrderSink(new AnswerFold()), events);

    private static void Refuses(OrderSink sink, Action<IAnswerSink> events) => Assert.Throws<InvalidOperationException>(() => events(sink));
}
