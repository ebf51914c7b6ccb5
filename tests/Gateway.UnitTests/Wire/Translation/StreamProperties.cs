using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Gateway.UnitTests.Wire.Translation.Expected;
using AIHigress.Gateway.UnitTests.Wire.Translation.Generators;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>Answers as streams: through one codec and through every pair of them.</summary>
public sealed class StreamProperties(ITestOutputHelper output)
{
    private const int Cases = 1_000;

    private static readonly Gen<int[]> Chunks = Gen.OneOf(Gen.Int[1, 9].Array[1, 40], Gen.Int[1, 400].Array[1, 8], Gen.Const(new[] { int.MaxValue }));

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Stream_WrittenAndReadInAnyChunks_IsTheAnswer(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        var census = new Census();
        Gen.Select(Streams.Of(a => AnswerLosses.Legal(protocol, a)), Chunks).Sample(
            (stream, sizes) =>
            {
                census.Add(stream.Answer);
                census.Add(stream.Calls);
                var bytes = CodecRun.WriteStream(codec, stream.Calls, CodecRun.ContextOf(stream.Answer));

                var read = CodecRun.FoldStream(codec, bytes, sizes);

                AnswerLosses.AssertSame(protocol, AnswerLosses.Expected(protocol, stream.Answer), AnswerLosses.AsStream(protocol, read), bytes);
            },
            iter: Cases,
            threads: 1);
        output.WriteLine(census.ToString());
        Assert.Empty(census.Missing(["Answer: TextPart", "Answer: ReasoningPart", "Answer: RefusalPart", "Answer: ToolCallPart", "parallel calls", "piece beside an open part"]));
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Stream_Folded_IsThePlainAnswer(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        Gen.Select(Streams.Of(a => AnswerLosses.Legal(protocol, a)), Chunks).Sample(
            (stream, sizes) =>
            {
                var context = CodecRun.ContextOf(stream.Answer);
                var bytes = CodecRun.WriteStream(codec, stream.Calls, context);
                var plain = CodecRun.ReadAnswer(codec, CodecRun.WriteAnswer(codec, stream.Answer, context));

                var folded = CodecRun.FoldStream(codec, bytes, sizes);

                AnswerLosses.AssertSame(protocol, AnswerLosses.AsPlain(protocol, plain), AnswerLosses.AsPlain(protocol, folded), bytes);
                Assert.Equal(plain.Id, folded.Id);
            },
            iter: Cases,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Stream_UpstreamToClient_IsTheAnswer(WireProtocol upstream, WireProtocol client)
    {
        var (from, to) = (CodecsUnderTest.Of(upstream), CodecsUnderTest.Of(client));
        Gen.Select(Streams.Of(a => AnswerLosses.Legal(client, AnswerLosses.OfUpstream(upstream, a))), Chunks).Sample(
            (stream, sizes) =>
            {
                var context = CodecRun.ContextOf(stream.Answer);
                var bytes = CodecRun.WriteStream(from, stream.Calls, context);
                var relayed = Relay(from, bytes, to, context, sizes);

                var read = CodecRun.FoldStream(to, relayed, sizes);

                var expected = AnswerLosses.Expected(client, AnswerLosses.Legal(client, AnswerLosses.Expected(upstream, stream.Answer)));
                AnswerLosses.AssertSame(client, AnswerLosses.AsStream(client, expected), AnswerLosses.AsStream(client, read), relayed);
            },
            iter: Cases / 2,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Delta_GivenToEncoder_IsWrittenInTheSameCall(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        Streams.Of(a => AnswerLosses.Legal(protocol, a)).Sample(
            stream =>
            {
                var written = new ArrayBufferWriter<byte>();
                var encoder = codec.NewEncoder(CodecRun.ContextOf(stream.Answer));
                encoder.Output = written;
                var open = new SortedDictionary<int, PartStart>();
                foreach (var call in stream.Calls)
                {
                    written.ResetWrittenCount();
                    call.Give(encoder);
                    Follow(call, open);
                    if (call is SinkCall.Piece piece && MustBeWrittenNow(protocol, open, piece.Part))
                    {
                        Assert.Contains(piece.Text, Texts(written.WrittenSpan), StringComparison.Ordinal);
                    }
                }
            },
            iter: Cases,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Event_OfUpstream_ReachesTheClientBeforeTheNext(WireProtocol upstream, WireProtocol client)
    {
        var (from, to) = (CodecsUnderTest.Of(upstream), CodecsUnderTest.Of(client));
        Streams.Of(a => AnswerLosses.Legal(client, AnswerLosses.OfUpstream(upstream, a))).Sample(
            stream =>
            {
                var context = CodecRun.ContextOf(stream.Answer);
                var (decoder, sent, relayed) = (from.NewDecoder(), new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
                var (source, target) = (from.NewEncoder(context), to.NewEncoder(context));
                (source.Output, target.Output) = (sent, relayed);
                using var reader = new AIHigress.Wire.Sse.SseReader();
                var open = new SortedDictionary<int, PartStart>();
                foreach (var call in stream.Calls)
                {
                    sent.ResetWrittenCount();
                    relayed.ResetWrittenCount();
                    call.Give(source);
                    sent.WrittenSpan.CopyTo(reader.GetMemory(sent.WrittenCount + 1).Span);
                    reader.Advance(sent.WrittenCount);
                    while (reader.TryRead(out var ev))
                    {
                        Assert.Equal(DecodeStep.Continue, decoder.Read(ev, target));
                    }

                    Follow(call, open);

                    // Free text has no end that can be seen: what follows waits for the end of all.
                    if (call is SinkCall.BeginPart { Head: { Kind: AnswerPartKind.ToolCall } head } && head.Name.StartsWith(PartGen.CustomPrefix, StringComparison.Ordinal))
                    {
                        break;
                    }

                    if (call is SinkCall.Piece piece && open[piece.Part].Kind != AnswerPartKind.ToolCall && MustBeWrittenNow(upstream, open, piece.Part) && MustBeWrittenNow(client, open, piece.Part))
                    {
                        Assert.Contains(piece.Text, Texts(relayed.WrittenSpan), StringComparison.Ordinal);
                    }
                }
            },
            iter: Cases / 4,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Error_InStartedStream_IsReadAsErrorAndNeverAsAnEnd(WireProtocol protocol)
    {
        var codec = CodecsUnderTest.Of(protocol);
        Gen.Select(Streams.Of(a => AnswerLosses.Legal(protocol, a)), Gen.Double.Unit, Gen.OneOf(400, 401, 429, 500, 503, 529)).Sample(
            (stream, at, status) =>
            {
                // Before the first finish: after it the answer is whole for most protocols.
                var finish = stream.Calls.FindIndex(c => c is SinkCall.EndChoice);
                var written = new ArrayBufferWriter<byte>();
                var encoder = codec.NewEncoder(CodecRun.ContextOf(stream.Answer));
                encoder.Output = written;
                stream.Calls.Take(1 + (int)(at * (finish - 1))).ToList().ForEach(call => call.Give(encoder));
                encoder.WriteError(new ClientError(status, "upstream_error", "It \"broke\"."));

                var sink = new OrderSink(new AnswerFold());
                var read = CodecRun.ReadStream(codec, written.WrittenSpan, sink);

                Assert.Equal(DecodeStep.Error, read.Last);
                Assert.Equal("It \"broke\".", read.Error?.Message);
                Assert.False(sink.IsAtEnd);
            },
            iter: Cases / 2,
            threads: 1);
    }

    private static byte[] Relay(ProtocolCodec from, byte[] stream, ProtocolCodec to, AnswerContext context, int[] sizes)
    {
        var written = new ArrayBufferWriter<byte>();
        var encoder = to.NewEncoder(context);
        encoder.Output = written;
        var read = CodecRun.ReadStream(from, stream, new OrderSink(encoder), sizes);
        Assert.True(read.IsWhole && read.Error is null, Encoding.UTF8.GetString(stream));
        encoder.WriteEnd();
        return written.WrittenSpan.ToArray();
    }

    private static void Follow(SinkCall call, SortedDictionary<int, PartStart> open)
    {
        if (call is SinkCall.BeginPart begin)
        {
            open.Add(begin.Head.Part, begin.Head);
        }
        else if (call is SinkCall.EndPart end)
        {
            open.Remove(end.Part);
        }
    }

    // Protocols that say one thing at a time keep what comes behind an open part; Gemini's calls come whole.
    private static bool MustBeWrittenNow(WireProtocol protocol, SortedDictionary<int, PartStart> open, int part) => protocol switch
    {
        WireProtocol.Messages or WireProtocol.Responses => open.Keys.First() == part,
        WireProtocol.Gemini => open[part].Kind != AnswerPartKind.ToolCall,
        _ => true,
    };

    /// <summary>All string values in the data of some events, one after the other.</summary>
    private static string Texts(ReadOnlySpan<byte> events)
    {
        var texts = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(events).Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(line[6..]);
            AddTexts(document.RootElement, texts);
        }

        return texts.ToString();
    }

    private static void AddTexts(JsonElement value, StringBuilder texts)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                texts.Append(value.GetString());
                break;
            case JsonValueKind.Array:
                value.EnumerateArray().ToList().ForEach(v => AddTexts(v, texts));
                break;
            case JsonValueKind.Object:
                value.EnumerateObject().ToList().ForEach(v => AddTexts(v.Value, texts));
                break;
        }
    }
}
