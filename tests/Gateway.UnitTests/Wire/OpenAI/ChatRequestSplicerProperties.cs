using System.Text;
using System.Text.Json;
using AIHigress.Wire.OpenAI;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

/// <summary>Bodies are put together from pieces, so the spliced body is known byte for byte: the same pieces with other values.</summary>
public sealed class ChatRequestSplicerProperties
{
    private const string Inserted = "\"stream_options\":{\"include_usage\":true},";

    private static readonly Gen<string> Key = Gen.OneOf("\"model\"", "\"mod\\u0065l\"", "\"\\u006d\\u006f\\u0064\\u0065\\u006C\"");

    private static readonly Gen<Model> OldModel = Gen.OneOf(new Model("\"a\"", "a"), new Model("\"p\\/x-\\u00e9\"", "p/x-é"), new Model("\"😀\\n\"", "😀\n"));

    private static readonly Gen<Model> NewModel = Gen.OneOf(
        new Model("\"b\"", "b"), new Model("\"a\"", "a"), new Model("\"p/x-é\"", "p/x-é"), new Model("\"quo\\\"te\\\\\\u000a😀\"", "quo\"te\\\n😀"));

    // Each with what it must become when usage is wanted; null where the request has no stream_options at all.
    private static readonly Gen<Options?> StreamOptions = Gen.OneOf<Options?>(
        null,
        new Options("null", """{"include_usage":true}"""),
        new Options("{}", """{"include_usage":true}"""),
        new Options("{ \n}", "{\"include_usage\":true \n}"),
        new Options("""{ "x" : 1e400 }""", """{"include_usage":true, "x" : 1e400 }"""),
        new Options("""{"x":{"include_usage":false}}""", """{"include_usage":true,"x":{"include_usage":false}}"""),
        new Options("""{"include_usage":false}""", """{"include_usage":true}"""),
        new Options("""{"a":[],"include_usage" : null ,"b":"\ud800"}""", """{"a":[],"include_usage" : true ,"b":"\ud800"}"""),
        new Options("""{"include\u005fusage":false}""", """{"include\u005fusage":true}"""),
        new Options("""{ "include_usage": true }""", """{ "include_usage": true }"""));

    private static readonly Gen<Case> Cases =
        from key in Key
        from oldModel in OldModel
        from newModel in NewModel
        from options in StreamOptions
        from addUsage in Gen.Bool
        from unknown in Gen.Select(JsonGen.Space, JsonGen.UnknownMember, JsonGen.Space).Select((a, member, b) => a + member + b).Array[0, 5]
        from space in JsonGen.Space.Array[4]
        from modelAt in Gen.Int[0, 5]
        from optionsAt in Gen.Int[0, 6]
        select new Case(key, oldModel, newModel, options, addUsage, unknown, space, modelAt, optionsAt);

    [Fact]
    public void Write_AnyBody_ChangesOnlyWhatItMust() =>
        Cases.Sample(
            c =>
            {
                var body = Encoding.UTF8.GetBytes(c.Body());
                var head = ChatRequestScanner.Scan(body);

                var spliced = Splice(body, head, c);

                Assert.Equal(c.Expected(), Encoding.UTF8.GetString(spliced));
                Assert.Equal(ChatRequestSplicer.IsUnchanged(head, c.NewModel.Text, c.AddUsage), spliced.AsSpan().SequenceEqual(body));
            },
            iter: 10_000,
            threads: 1);

    [Fact]
    public void Write_AnyBody_ReparsesToTheNewModelAndUsage() =>
        Cases.Sample(
            c =>
            {
                var body = Encoding.UTF8.GetBytes(c.Body());
                var spliced = Splice(body, ChatRequestScanner.Scan(body), c);

                var head = ChatRequestScanner.Scan(spliced);

                Assert.Equal(c.NewModel.Text, head.Model);
                Assert.True(!c.AddUsage || head.IncludeUsage == true);
                Assert.Equal(Others(body), Others(spliced));
            },
            iter: 3_000,
            threads: 1);

    [Fact]
    public void GetUnchangedFrom_AnyBody_SplitsIntoWhatIsWrittenAndWhatIsNot() =>
        Cases.Sample(
            c =>
            {
                var body = Encoding.UTF8.GetBytes(c.Body());
                var head = ChatRequestScanner.Scan(body);

                var unchanged = ChatRequestSplicer.GetUnchangedFrom(head, c.NewModel.Text, c.AddUsage);

                byte[] joined = [.. Splice(body[..unchanged], head, c), .. body[unchanged..]];
                Assert.Equal(Splice(body, head, c), joined);
            },
            iter: 3_000,
            threads: 1);

    private static byte[] Splice(byte[] body, ChatRequestHead head, Case c)
    {
        var destination = new byte[ChatRequestSplicer.GetLength(body, head, c.NewModel.Text, c.AddUsage)];
        Assert.Equal(destination.Length, ChatRequestSplicer.Write(body, head, c.NewModel.Text, c.AddUsage, destination));
        return destination;
    }

    // All members but the two that may change, as raw text in their order, read by an independent parser.
    private static List<string> Others(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.EnumerateObject().Where(member => member.Name is not ("model" or "stream_options")).Select(member => $"{member.Name}:{member.Value.GetRawText()}")];
    }

    private sealed record Model(string Token, string Text);

    private sealed record Options(string Before, string After);

    private sealed record Case(
        string Key, Model OldModel, Model NewModel, Options? Options, bool AddUsage, string[] Unknown, string[] Space, int ModelAt, int OptionsAt)
    {
        public string Body() => Join(OldModel.Token, Options?.Before, "");

        public string Expected() => Join(
            OldModel.Text == NewModel.Text ? OldModel.Token : NewModel.Token,
            AddUsage ? Options?.After : Options?.Before,
            AddUsage && Options is null ? Inserted : "");

        private string Join(string modelToken, string? options, string inserted)
        {
            var members = Unknown.ToList();
            members.Insert(Math.Min(ModelAt, members.Count), $"{Space[0]}{Key}{Space[1]}:{Space[2]}{modelToken}{Space[3]}");
            if (options is not null)
            {
                members.Insert(Math.Min(OptionsAt, members.Count), $"{Space[3]}\"stream_options\"{Space[2]}:{Space[1]}{options}{Space[0]}");
            }

            return $"{Space[1]}{{{inserted}{string.Join(",", members)}}}{Space[2]}";
        }
    }
}
