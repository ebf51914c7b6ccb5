using System.Text;
using AIHigress.Gateway.UnitTests.Wire.Translation.Expected;
using AIHigress.Gateway.UnitTests.Wire.Translation.Generators;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>Whatever the bytes, every reader ends, says no only in the way it promises, and takes no more memory than four times what it was given and a little for each object.</summary>
public sealed class TranslationFuzz
{
    private const int Constant = 64 * 1024;

    // Small objects in the input become small objects in memory, which have a size of their own.
    private const int PerContainer = 512;

    // A tree keeps a row for each value, and while it is read a digest of each name, to find it a second time.
    private const int PerValue = 64;

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void ReadRequest_AnyBytes_ReadsOrRefuses(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        Run(
            dice => Mutation.Json(dice, CodecRun.WriteRequest(codec, RequestLosses.Legal(protocol, RequestGen.Make(dice)))),
            body =>
            {
                try
                {
                    codec.ReadRequest(body);
                }
                catch (WireFormatException refusal)
                {
                    Assert.NotEqual("", refusal.Message);
                }
            });
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void FindFields_AnyBytes_FindsOrRefuses(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        Run(
            dice => Mutation.Json(dice, CodecRun.WriteRequest(codec, RequestLosses.Legal(protocol, RequestGen.Make(dice)))),
            body =>
            {
                try
                {
                    codec.Fields.Find(body);
                }
                catch (WireFormatException refusal)
                {
                    Assert.NotEqual("", refusal.Message);
                }
            });
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void ReadAnswer_AnyBytes_NeverThrows(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        Run(
            dice =>
            {
                var answer = AnswerLosses.Legal(protocol, AnswerGen.Make(dice));
                return Mutation.Json(dice, CodecRun.WriteAnswer(codec, answer, CodecRun.ContextOf(answer)));
            },
            body =>
            {
                var read = codec.ReadAnswer(body);
                Assert.True(read.Answer is null || read.Error is null);
            });
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void ReadError_AnyBytes_NeverThrows(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        Run(
            dice => Mutation.Json(dice, CodecRun.WriteError(codec, new ClientError(dice.OneOf(400, 429, 503), "c", TextGen.Text(dice)) { Param = dice.OneOf(null, "p"), RequestId = dice.OneOf(null, "r") })),
            body => Assert.InRange(codec.ReadError(body)?.Status ?? 400, 400, 599));
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Decoder_AnyBytes_NeverThrowsAndKeepsTheOrder(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        Run(
            dice =>
            {
                var answer = AnswerLosses.Legal(protocol, AnswerGen.Make(dice));
                return Mutation.Stream(dice, CodecRun.WriteStream(codec, EventGen.Make(dice, answer), CodecRun.ContextOf(answer)));
            },
            stream => CodecRun.ReadStream(codec, stream, NoSink.Instance, 100),
            stream =>
            {
                var sink = new OrderSink(NoSink.Instance);
                var read = CodecRun.ReadStream(codec, stream, sink, 1 + (stream.Length % 50));
                Assert.Equal(read.Last == DecodeStep.Error, read.Error is not null);
                if (read.IsWhole && read.Last is DecodeStep.Continue or DecodeStep.Done)
                {
                    Assert.True(sink.IsAtEnd, "A whole stream left something open.");
                }
            });
    }

    private static void Run(Func<Dice, byte[]> make, Action<byte[]> read, Action<byte[]>? check = null)
    {
        var warm = new DiceGen<byte[]>(make);
        warm.Sample(read, iter: 100, threads: 1);
        var bytes = new DiceGen<byte[]>(dice => dice.Percent(10) ? Mutation.Noise(dice) : make(dice));
        bytes.Sample(
            input =>
            {
                check?.Invoke(input);
                AssertSmall(input, read);
            },
            iter: FuzzCases.PerReader,
            threads: 1,
            print: input => Encoding.UTF8.GetString(input));
    }

    // What the pools keep is allocated once, in whichever case comes first: the smallest of a few runs counts.
    private static void AssertSmall(byte[] input, Action<byte[]> read)
    {
        var containers = input.AsSpan().Count((byte)'{') + input.AsSpan().Count((byte)'[');
        var limit = (4L * input.Length) + Constant + ((long)PerContainer * containers) + ((long)PerValue * input.AsSpan().Count((byte)','));
        var least = long.MaxValue;
        for (var run = 0; run < 4 && least > limit; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            read(input);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(least <= limit, $"{least} bytes were allocated for {input.Length}.");
    }

    private sealed class NoSink : IAnswerSink
    {
        public static readonly NoSink Instance = new();

        public void Start(in AnswerStart start)
        {
        }

        public void PartStart(in PartStart part)
        {
        }

        public void Delta(int part, ReadOnlySpan<byte> text)
        {
        }

        public void Seal(int part, Seal seal)
        {
        }

        public void PartEnd(int part)
        {
        }

        public void Usage(in TokenUsage usage)
        {
        }

        public void Finish(in AnswerFinish finish)
        {
        }

        public void Ping()
        {
        }
    }
}
