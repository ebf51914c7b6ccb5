using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIHigress.Gateway.UnitTests.Wire.Translation;
using AIHigress.TestKit;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire;

/// <summary>What KnownBreakages.md lists and no test of a single codec sees.</summary>
public sealed partial class KnownBreakagesTests
{
    private static readonly ModelAnswer Answer = new()
    {
        Id = "up-1",
        Model = "m",
        Created = 1_760_000_000,
        Choices = [new AnswerChoice(0, [], FinishReason.Stop)],
        Usage = null,
    };

    [Fact]
    public async Task List_EachTest_Exists()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "Gateway.UnitTests", "Wire", "KnownBreakages.md"), TestContext.Current.CancellationToken);
        var known = typeof(KnownBreakagesTests).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods().Where(m => m.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).Select(m => $"{t.Name}.{m.Name}"))
            .ToHashSet();
        var named = Names().Matches(text).Select(m => m.Groups["name"].Value).ToList();

        Assert.True(named.Count > 40, $"Only {named.Count} tests are named.");
        Assert.All(named, name => Assert.Contains(name, known));
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Stream_ManyDeltasOfOneText_AreOneBlock(WireProtocol upstream, WireProtocol client)
    {
        var stream = Relay(upstream, client, Say(AnswerPartKind.Text));

        Assert.Equal([new TextPart("one two three ")], CodecRun.FoldStream(CodecsUnderTest.Of(client), Encoding.UTF8.GetBytes(stream)).Choices[0].Parts);
        if (client is WireProtocol.Messages or WireProtocol.Responses)
        {
            Assert.Single(Types(stream), type => type is "content_block_start" or "response.content_part.added");
        }
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Stream_ThoughtsThenText_NeverShareABlock(WireProtocol upstream, WireProtocol client)
    {
        var stream = Relay(upstream, client, Say(AnswerPartKind.Reasoning, AnswerPartKind.Text));

        var parts = CodecRun.FoldStream(CodecsUnderTest.Of(client), Encoding.UTF8.GetBytes(stream)).Choices[0].Parts;
        Assert.Equal("one two three ", Assert.IsType<ReasoningPart>(parts[0]).Text);
        Assert.Equal([new TextPart("one two three ")], parts.Skip(1));
        if (client == WireProtocol.Messages)
        {
            Assert.Equal(2, Types(stream).Count(type => type == "content_block_start"));
        }
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Stream_EveryUpstream_StartsOnce(WireProtocol upstream, WireProtocol client)
    {
        var stream = Relay(upstream, client, Say(AnswerPartKind.Text), repeatsItsStart: true);

        Assert.Equal([new TextPart("one two three ")], CodecRun.FoldStream(CodecsUnderTest.Of(client), Encoding.UTF8.GetBytes(stream)).Choices[0].Parts);
        if (client is WireProtocol.Messages or WireProtocol.Responses)
        {
            Assert.Single(Types(stream), type => type is "message_start" or "response.created");
        }
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Stream_EveryClient_HasOneId(WireProtocol upstream, WireProtocol client)
    {
        var stream = Relay(upstream, client, Say(AnswerPartKind.Text));

        var ids = Data(stream).SelectMany(Ids).Distinct().ToList();

        Assert.Single(ids);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Pairs), MemberType = typeof(CodecsUnderTest))]
    public void Error_OfEveryUpstream_IsNoEndForAnyClient(WireProtocol upstream, WireProtocol client)
    {
        var stream = Relay(upstream, client, encoder =>
        {
            Start(encoder, AnswerPartKind.Text, 0);
            encoder.WriteError(new ClientError(529, "overloaded", "Too busy."));
        });

        var (read, sink) = ReadAll(client, stream);
        Assert.Equal((DecodeStep.Error, "Too busy."), (read.Last, read.Error?.Message));
        Assert.False(sink.IsAtEnd);
        Assert.DoesNotContain(Types(stream), type => type is "message_stop" or "response.completed");
        Assert.DoesNotContain("\"finish_reason\":\"", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("finishReason", stream, StringComparison.Ordinal);
    }

    private static (StreamRead Read, OrderSink Sink) ReadAll(WireProtocol client, string stream)
    {
        var sink = new OrderSink(new AnswerFold());
        return (CodecRun.ReadStream(CodecsUnderTest.Of(client), Encoding.UTF8.GetBytes(stream), sink), sink);
    }

    private static Action<StreamEncoder> Say(params AnswerPartKind[] kinds) => encoder =>
    {
        for (var part = 0; part < kinds.Length; part++)
        {
            Start(encoder, kinds[part], part);
            encoder.PartEnd(part);
        }

        encoder.Finish(new AnswerFinish(0, FinishReason.Stop));
        encoder.WriteEnd();
    };

    private static void Start(StreamEncoder encoder, AnswerPartKind kind, int part)
    {
        encoder.PartStart(new PartStart(part, 0, kind));
        encoder.Delta(part, "one "u8);
        encoder.Delta(part, "two "u8);
        encoder.Delta(part, "three "u8);
    }

    /// <summary>What a client of one protocol gets when an upstream of another says this.</summary>
    private static string Relay(WireProtocol upstream, WireProtocol client, Action<StreamEncoder> say, bool repeatsItsStart = false)
    {
        var (sent, relayed) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var context = CodecRun.ContextOf(Answer);
        var (source, target) = (CodecsUnderTest.Of(upstream).NewEncoder(context), CodecsUnderTest.Of(client).NewEncoder(context));
        (source.Output, target.Output) = (sent, relayed);
        source.Start(new AnswerStart("up-1", "m", 1_760_000_000));
        if (repeatsItsStart)
        {
            sent.Write(sent.WrittenSpan.ToArray());
        }

        say(source);
        var read = CodecRun.ReadStream(CodecsUnderTest.Of(upstream), sent.WrittenSpan, new OrderSink(target));
        if (read.Error is { } error)
        {
            target.WriteError(new ClientError(error.Status ?? 502, "upstream_error", error.Message ?? ""));
        }
        else
        {
            target.WriteEnd();
        }

        return Encoding.UTF8.GetString(relayed.WrittenSpan);
    }

    private static IEnumerable<JsonElement> Data(string stream) => stream.Split('\n')
        .Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line[6..]).RootElement);

    private static IEnumerable<string> Types(string stream) => Data(stream).Select(e => e.TryGetProperty("type", out var type) ? type.GetString()! : "");

    // Of the answer, not of its parts.
    private static IEnumerable<string> Ids(JsonElement ev)
    {
        var answer = ev.TryGetProperty("message", out var message) ? message : ev.TryGetProperty("response", out var response) ? response : ev;
        return answer.TryGetProperty("id", out var id) || answer.TryGetProperty("responseId", out id) ? [id.GetString()!] : [];
    }

    [GeneratedRegex("`(?<name>\\w+Tests\\.\\w+|\\w+Properties\\.\\w+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();
}
