using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>One event of an answer, kept to be given to a sink.</summary>
internal abstract record SinkCall
{
    public abstract void Give(IAnswerSink sink);

    internal sealed record Begin(AnswerStart Head) : SinkCall
    {
        public override void Give(IAnswerSink sink) => sink.Start(Head);
    }

    internal sealed record BeginPart(PartStart Head) : SinkCall
    {
        public override void Give(IAnswerSink sink) => sink.PartStart(Head);
    }

    internal sealed record Piece(int Part, string Text) : SinkCall
    {
        public override void Give(IAnswerSink sink) => sink.Delta(Part, Encoding.UTF8.GetBytes(Text));
    }

    internal sealed record Sign(int Part, Seal Value) : SinkCall
    {
        public override void Give(IAnswerSink sink) => sink.Seal(Part, Value);
    }

    internal sealed record EndPart(int Part) : SinkCall
    {
        public override void Give(IAnswerSink sink) => sink.PartEnd(Part);
    }

    internal sealed record Count(TokenUsage Value) : SinkCall
    {
        public override void Give(IAnswerSink sink) => sink.Usage(Value);
    }

    internal sealed record EndChoice(AnswerFinish Value) : SinkCall
    {
        public override void Give(IAnswerSink sink) => sink.Finish(Value);
    }

    internal sealed record Alive : SinkCall
    {
        public override void Give(IAnswerSink sink) => sink.Ping();
    }
}
