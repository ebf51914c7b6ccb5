using System.Buffers;
using AIHigress.Gateway.UnitTests.Wire.Translation.Generators;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>What one delta of a stream costs on its way from any upstream to any client.</summary>
public sealed class StreamAllocationTests
{
    private const int Deltas = 200;
    private const int MostPerDelta = 100;

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void TextDelta_DecodedAndEncoded_AllocatesNextToNothing(WireProtocol upstream, WireProtocol client) =>
        AssertCheap(upstream, client, new PartStart(0, 0, AnswerPartKind.Text));

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void ReasoningDelta_DecodedAndEncoded_AllocatesNextToNothing(WireProtocol upstream, WireProtocol client) =>
        AssertCheap(upstream, client, new PartStart(0, 0, AnswerPartKind.Reasoning));

    private static void AssertCheap(WireProtocol upstream, WireProtocol client, PartStart part)
    {
        var answer = new ModelAnswer { Id = "a", Model = "m", Created = 1, Choices = [new AnswerChoice(0, [new TextPart("")], FinishReason.Stop)], Usage = null };
        var context = CodecRun.ContextOf(answer);
        var events = Events(CodecsUnderTest.Of(upstream), context, part);
        Run(events, upstream, client, context);

        var least = Enumerable.Range(0, 3).Min(_ => Run(events, upstream, client, context));

        Assert.True(least <= MostPerDelta * Deltas, $"{least / Deltas} bytes per delta.");
    }

    private static long Run(List<byte[]> events, WireProtocol upstream, WireProtocol client, AnswerContext context)
    {
        var (decoder, encoder, written) = (CodecsUnderTest.Of(upstream).NewDecoder(), CodecsUnderTest.Of(client).NewEncoder(context), new ArrayBufferWriter<byte>(64 * 1024));
        encoder.Output = written;
        using var reader = new SseReader();
        var before = 0L;
        for (var i = 0; i < events.Count; i++)
        {
            // The first ones make what the stream keeps.
            before = i == events.Count - Deltas ? GC.GetAllocatedBytesForCurrentThread() : before;
            written.ResetWrittenCount();
            events[i].CopyTo(reader.GetMemory(events[i].Length));
            reader.Advance(events[i].Length);
            while (reader.TryRead(out var ev))
            {
                MustGoOn(decoder.Read(ev, encoder));
            }

            if (i >= events.Count - Deltas)
            {
                MustHaveWritten(written);
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // Assertions allocate.
    private static void MustGoOn(DecodeStep step)
    {
        if (step != DecodeStep.Continue)
        {
            Assert.Fail($"The decoder ended with {step}.");
        }
    }

    private static void MustHaveWritten(ArrayBufferWriter<byte> written)
    {
        if (written.WrittenCount == 0)
        {
            Assert.Fail("A delta was held back.");
        }
    }

    private static List<byte[]> Events(ProtocolCodec codec, AnswerContext context, PartStart part)
    {
        var written = new ArrayBufferWriter<byte>();
        var encoder = codec.NewEncoder(context);
        encoder.Output = written;
        encoder.Start(new AnswerStart("a", "m", 1));
        encoder.PartStart(part);
        List<byte[]> events = [];
        for (var i = 0; i < Deltas + 20; i++)
        {
            encoder.Delta(0, "Some \"words\" of a text. "u8);
            events.Add(written.WrittenSpan.ToArray());
            written.ResetWrittenCount();
        }

        return events;
    }
}
