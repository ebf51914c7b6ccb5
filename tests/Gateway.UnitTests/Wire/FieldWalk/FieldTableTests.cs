using System.Text;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.Translation.Losses;

namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

public sealed class FieldTableTests
{
    private static readonly FieldTable Table = new(
        WireProtocol.Chat,
        [
            Rule("model"),
            Rule("seed", messages: Fate.Dropped),
            Rule("n", messages: Fate.Refused) with { Neutral = ["1"] },
            Rule("stream_options.include_usage"),
            Rule("stop[]"),
            Rule("messages[user].role"),
            Rule("messages[user].content[text].type"),
            Rule("messages[assistant].role"),
            Rule("tools[function].type"),
            Rule("messages[user].content"),
            Rule("messages[user].content[text].text"),
            Rule("messages[user].content[image_url].image_url.detail", messages: Fate.Dropped),
            Rule("messages[user].content[*]", messages: Fate.Refused),
            Rule("messages[assistant].content"),
            Rule("messages[*]", messages: Fate.Refused),
            Rule("tools[function].function.parameters"),
            Rule("tool_choice[function]", gemini: Fate.Refused),
            Rule("tool_choice[*]", gemini: Fate.Dropped),
            Rule("contents[].parts[].inlineData[image]"),
            Rule("contents[].parts[].inlineData[pdf]", messages: Fate.Dropped),
            Rule("contents[].parts[].inlineData[*]", messages: Fate.Refused),
        ]);

    [Theory]
    [InlineData("""{"model":"m"}""", "model")]
    [InlineData("""{"mod\u0065l":"m"}""", "model")]
    [InlineData("""{"stream_options":{"include_usage":true}}""", "stream_options.include_usage")]
    [InlineData("""{"stop":["a","b"]}""", "stop[]")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "messages[user].content")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]}""", "messages[user].content", "messages[user].content[text].text")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"hologram"}]}]}""", "messages[user].content", "messages[user].content[*]")]
    [InlineData("""{"messages":[{"role":"assistant","content":"x"}]}""", "messages[assistant].content")]
    [InlineData("""{"messages":[{"role":"oracle"}]}""", "messages[*]")]
    [InlineData("""{"tools":[{"type":"function","function":{"parameters":{"seed":1,"x_unknown":2}}}]}""", "tools[function].function.parameters")]
    [InlineData("""{"tool_choice":{"type":"function"}}""", "tool_choice[function]")]
    [InlineData("""{"tool_choice":{"type":"custom"}}""", "tool_choice[*]")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png"}}]}]}""", "contents[].parts[].inlineData[image]")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"application/pdf"}}]}]}""", "contents[].parts[].inlineData[pdf]")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"application/zip"}}]}]}""", "contents[].parts[].inlineData[*]")]
    public void Find_Field_SeesItsPath(string body, params string[] paths) => Assert.Equal(paths, Paths(body));

    [Theory]
    [InlineData("""{"seed":null,"messages":null,"stop":null}""")]
    [InlineData("""{"n":1}""")]
    [InlineData("""{"stop":[],"messages":[]}""")]
    [InlineData("[1]")]
    public void Find_AbsentOrNeutral_SeesNothing(string body)
    {
        var used = Find(body);

        Assert.Empty(used.Rules);
        Assert.Empty(used.Unknown);
    }

    [Fact]
    public void Find_NeutralValueChanged_SeesIt() => Assert.Equal(["n"], Paths("""{"n":2}"""));

    [Fact]
    public void Find_FieldUsedTwice_NamesItOnce() =>
        Assert.Equal(["messages[assistant].content"], Paths("""{"messages":[{"role":"assistant","content":"a"},{"role":"assistant","content":"b"}]}"""));

    [Fact]
    public void Find_UnknownMembers_NamesTheirPaths()
    {
        var used = Find("""{"temperatur":1,"stream_options":{"x":2},"messages":[{"role":"user","content":[{"type":"text","text":"a","y":3}],"z":4}],"gone":null}""");

        Assert.Equal(["temperatur", "stream_options.x", "messages[user].content[text].y", "messages[user].z"], used.Unknown);
        Assert.Equal(used.Unknown, used.To(WireProtocol.Messages).Dropped);
        Assert.Empty(used.To(WireProtocol.Messages).Refused);
    }

    [Fact]
    public void Find_UnknownNamesWithControlCharacters_CleansThem()
    {
        var name = "a\\r\\nSet-Cookie: b,c\\u00e9" + new string('x', 300);

        var unknown = Assert.Single(Find($$"""{"{{name}}":1}""").Unknown);

        Assert.StartsWith("a??Set-Cookie:?b?c?xxx", unknown, StringComparison.Ordinal);
        Assert.Equal(120, unknown.Length);
    }

    [Fact]
    public void Find_ThousandsOfUnknownMembers_NamesTwenty()
    {
        var members = string.Join(",", Enumerable.Range(0, 5000).Select(i => $"\"x{i}\":1"));

        Assert.Equal(20, Find($"{{{members}}}").Unknown.Count);
    }

    [Fact]
    public void Find_ManyElementsKnownAndUnknown_AllocatesForTheFirstOnly()
    {
        // 3,000 messages with two parts each, an unknown member in every one.
        var message = """{"role":"user","x_same":1,"content":[{"type":"text","text":"a","\u0078_escaped":1},{"type":"hologram","h":1}]}""";
        using var body = JsonDocument.Parse($$"""{"messages":[{{string.Join(',', Enumerable.Repeat(message, 3000))}}]}""");
        Table.Find(body.RootElement);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var used = Table.Find(body.RootElement);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(["messages[user].x_same", "messages[user].content[text].x_escaped"], used.Unknown);
        Assert.InRange(allocated, 0, 4096);
    }

    [Fact]
    public void To_EachTarget_ListsWhatIsLostThere()
    {
        var used = Find("""{"model":"m","seed":1,"n":2,"tool_choice":{"type":"function"}}""");

        Assert.Equal(["seed"], used.To(WireProtocol.Messages).Dropped);
        Assert.Equal(["n"], used.To(WireProtocol.Messages).Refused);
        Assert.Equal(["tool_choice[function]"], used.To(WireProtocol.Gemini).Refused);
        Assert.Empty(used.To(WireProtocol.Responses).Dropped);
    }

    [Fact]
    public void To_OwnProtocol_LosesNothing()
    {
        var losses = Find("""{"temperatur":1,"seed":1}""").To(WireProtocol.Chat);

        Assert.Empty(losses.Dropped);
        Assert.Empty(losses.Refused);
    }

    [Theory]
    [InlineData("""{"n":2,"n":3}""")]
    [InlineData("""{"messages":[{"role":"user","role":"user"}]}""")]
    public void Find_MemberTwice_IsRefused(string body) =>
        Assert.Equal(WireFormatException.InvalidRequest, Assert.Throws<WireFormatException>(() => Find(body)).Code);

    [Fact]
    public void Find_NotJson_IsRefused() => Assert.Equal(WireFormatException.InvalidJson, Assert.Throws<WireFormatException>(() => Find("{")).Code);

    [Theory]
    [InlineData("""{"\ud83d":1}""")]
    [InlineData("""{"messages":[{"a\uDE00\ud83d":1}]}""")]
    public void Find_NameWithHalfASurrogatePair_IsRefused(string body) =>
        Assert.Equal(WireFormatException.InvalidJson, Assert.Throws<WireFormatException>(() => Find(body)).Code);

    [Fact]
    public void Find_NameWithEscapedEmoji_IsUnknown() => Assert.Equal(["??"], Find("""{"\uD83D\ude00":"\ud83d"}""").Unknown);

    private static FieldRule Rule(string path, Fate messages = Fate.Carried, Fate gemini = Fate.Carried) => new(path, Fate.Carried, Fate.Carried, messages, gemini);

    private static FieldsUsed Find(string body) => Table.Find(Encoding.UTF8.GetBytes(body));

    // But for the members that say what kind of element it is.
    private static IEnumerable<string> Paths(string body)
    {
        var used = Find(body);
        Assert.Empty(used.Unknown);
        return used.Rules.Select(r => r.Path).Where(p => !p.EndsWith(".role", StringComparison.Ordinal) && !p.EndsWith(".type", StringComparison.Ordinal));
    }
}
