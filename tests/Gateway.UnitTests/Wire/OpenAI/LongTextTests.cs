using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

/// <summary>Long texts are stepped over by another way than short ones: same results, same refusals, same places.</summary>
public sealed class LongTextTests
{
    // Each piece as it stands in the body, with the UTF-8 bytes that it stands for.
    private static readonly Gen<(string Token, int Bytes)[]> Pieces = Gen
        .OneOf(("plain text ", 11), ("é", 2), ("😀", 4), ("\\n", 1), ("\\\"", 1), ("\\\\", 1), ("\\/", 1), ("\\u0041", 1), ("\\u00e9", 2), ("\\u65E5", 3), ("\\ud83d\\ude00", 4), ("\\ud83d", 3), ("\\udE00", 3), ("\\ud83d\\n", 4))
        .Array[0, 120];

    [Fact]
    public void Scan_LongAndShortTexts_CountsThemAndKeepsItsPlace() =>
        Gen.Select(Pieces, Pieces, Pieces, JsonGen.Space).Sample(
            (content, part, arguments, space) =>
            {
                var body = Encoding.UTF8.GetBytes(
                    $$$"""{"messages":[{"content":{{{space}}}"{{{Join(content)}}}"{{{space}}},"x":1},{"content":[{"text":"{{{Join(part)}}}","type":"image_url"}]},{"tool_calls":[{"arguments":"{{{Join(arguments)}}}"}]}],"model":"old"{{{space}}},"stream_options":{}}""");

                var head = ChatRequestScanner.Scan(body);

                Assert.Equal(Bytes(content) + Bytes(part) + Bytes(arguments), head.TextBytes);
                Assert.True(head.HasImages);
                Assert.Equal("\"old\""u8, head.ModelValue.Slice(body));
                Assert.Equal("{}"u8, head.StreamOptionsValue!.Value.Slice(body));
            },
            iter: 5_000,
            threads: 1);

    [Fact]
    public void Scan_LongTextAsAnyPrefix_IsRefusedAtItsEnd()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"content":"{{new string('x', 400)}}\u00e9\n"}],"n":1}""");
        for (var length = 30; length < body.Length; length++)
        {
            var prefix = body.AsSpan(0, length).ToArray();

            var refusal = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(prefix));

            Assert.Equal("invalid_json", refusal.Code);
            Assert.InRange(refusal.Position!.Value, 0, length);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\u0001")]
    [InlineData("\\q")]
    [InlineData("\\u12G4")]
    [InlineData("\\ud83d\\u12G4")]
    public void Scan_FaultInsideALongText_GivesItsPlace(string fault)
    {
        var start = $$"""{"model":"m","messages":[{"content":"{{new string('x', 400)}}""";

        var refusal = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(Encoding.UTF8.GetBytes($$"""{{start}}{{fault}}{{new string('y', 400)}}"}]}""")));

        Assert.Equal("invalid_json", refusal.Code);
        Assert.InRange(refusal.Position!.Value, start.Length, start.Length + fault.Length);
    }

    [Fact]
    public void Scan_FaultsAfterALongText_GiveTheirPlaces()
    {
        var start = $"{{\n\"messages\":[{{\"content\":\n\"{new string('é', 400)}\\n\"}}],";
        var at = Encoding.UTF8.GetByteCount(start);

        var syntax = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(Encoding.UTF8.GetBytes(start + "\n ?")));
        var type = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(Encoding.UTF8.GetBytes(start + "\"model\":7}")));
        var twice = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(Encoding.UTF8.GetBytes(start + "\"messages\":[]}")));
        var deep = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(Encoding.UTF8.GetBytes($"{start}\"x\":{new string('[', 10_000)}")));

        Assert.Equal(at + 2, syntax.Position);
        Assert.Equal(at + 8, type.Position);
        Assert.Equal(at, twice.Position);
        Assert.Equal(at + 4 + 63, deep.Position);
    }

    private static string Join((string Token, int Bytes)[] pieces) => string.Concat(pieces.Select(piece => piece.Token));

    // A half pair that meets its other half by chance is one character: four bytes, not three and three.
    private static long Bytes((string Token, int Bytes)[] pieces)
    {
        var sum = 0L;
        for (var i = 0; i < pieces.Length; i++)
        {
            var joins = i > 0 && pieces[i - 1].Token == "\\ud83d" && pieces[i].Token == "\\udE00";
            sum += joins ? 1 : pieces[i].Bytes;
        }

        return sum;
    }
}
