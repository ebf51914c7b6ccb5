using System.Text;
using AIHigress.Gateway.UnitTests.Wire.FieldWalk;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Chat;
using AIHigress.Wire.Translation.Losses;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI.Chat;

public sealed class ChatFieldsTests
{
    private static readonly FieldTable Table = ChatCodec.Instance.Fields;

    [Fact]
    public void Samples_AndRules_MatchOneToOne() => Assert.Equal(
        Table.Rules.Select(r => r.Path).Order(StringComparer.Ordinal), ChatSamples.All.Select(s => s.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void Find_EverySample_SeesItsPathAndNoUnknownMember()
    {
        foreach (var sample in ChatSamples.All)
        {
            var used = Table.Find(Encoding.UTF8.GetBytes(sample.Body));

            Assert.True(used.Rules.Any(r => r.Path == sample.Path), sample.Path);
            Assert.True(used.Unknown.Count == 0, $"{sample.Path}: {string.Join(' ', used.Unknown)}");
            Assert.Contains(sample.Chat ?? sample.Marker, sample.Path is "model" ? sample.Body : sample.Body + Written(sample), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ReadRequest_SamplesThatEveryTargetTakes_AreReadAndWrittenForChat()
    {
        foreach (var sample in ChatSamples.All)
        {
            var rule = Table.Rules.Single(r => r.Path == sample.Path);
            if (rule is { Responses: Fate.Carried, Messages: Fate.Carried, Gemini: Fate.Carried } && sample.Path is not ("functions" or "model" or "stream" or "stream_options"))
            {
                Assert.Contains(sample.Chat ?? sample.Marker, Written(sample), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("""{"n":1,"temperature":1,"presence_penalty":0,"logprobs":false,"tool_choice":"auto","modalities":["text"],"store":false,"seed":null}""")]
    public void Find_NeutralValues_LoseNothing(string body)
    {
        var used = Table.Find(Encoding.UTF8.GetBytes(body));

        foreach (var target in Enum.GetValues<WireProtocol>())
        {
            Assert.Empty(used.To(target).Dropped);
            Assert.Empty(used.To(target).Refused);
        }
    }

    private static string Written(FieldSample sample)
    {
        try
        {
            return ChatRun.Write(ChatRun.Read(sample.Body), stream: sample.Body.Contains("\"stream\":true", StringComparison.Ordinal));
        }
        catch (WireFormatException)
        {
            return "";
        }
    }
}
