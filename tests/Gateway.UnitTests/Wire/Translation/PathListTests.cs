using AIHigress.Gateway.UnitTests.Wire.Translation.Generators;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

public sealed class PathListTests
{
    private static readonly ModelRequest Request = new()
    {
        Model = "m",
        Stop = ["a"],
        Messages = [new Message(Role.User, [new TextPart("x"), new ReasoningPart("y") { Seal = new Seal(WireProtocol.Gemini, "s") }])],
    };

    [Fact]
    public void Differences_SameValueBuiltTwice_AreNone() =>
        Gen.UInt.Sample(
            seed =>
            {
                var once = RequestGen.Make(new Dice(new PCG(1, seed)));
                var again = RequestGen.Make(new Dice(new PCG(1, seed)));
                Assert.Empty(PathList.Differences(once, again));
            },
            iter: 200,
            threads: 1);

    [Fact]
    public void Differences_EachKindOfChange_NamesItsPath()
    {
        Names("Temperature: expected nothing, got 0", Request with { Temperature = 0 });
        Names("Stop.Count: expected 1, got 0", Request with { Stop = [] });
        Names("Stop[0]: expected \"a\", got \"A\"", Request with { Stop = ["A"] });
        Names("Messages[0].Parts[0]:: expected TextPart, got RefusalPart", WithPart(new RefusalPart("x")));
        Names("Messages[0].Parts[0].Text: expected \"x\", got \"x \"", WithPart(new TextPart("x ")));
        Names("Messages[0].Parts[0].Cache:: expected nothing, got CacheHint", WithPart(new TextPart("x") { Cache = new CacheHint(null) }));
        Names("Messages[0].Parts[1].Seal.Maker: expected Gemini, got Chat", WithSeal(new Seal(WireProtocol.Chat, "s")));
        Names("Messages[0].Parts[1].Seal.Value: expected \"s\", got nothing", WithSeal(null));
    }

    private static ModelRequest WithPart(Part part) => Request with { Messages = [Request.Messages[0] with { Parts = [part, Request.Messages[0].Parts[1]] }] };

    private static ModelRequest WithSeal(Seal? seal) =>
        Request with { Messages = [Request.Messages[0] with { Parts = [Request.Messages[0].Parts[0], new ReasoningPart("y") { Seal = seal }] }] };

    private static void Names(string line, ModelRequest changed) => Assert.Contains(line, PathList.Differences(Request, changed));
}
