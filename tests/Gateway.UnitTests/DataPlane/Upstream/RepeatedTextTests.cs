using System.Text;
using AIHigress.Gateway.DataPlane.Upstream.Taps;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.DataPlane.Upstream;

public sealed class RepeatedTextTests
{
    private const string Said = "Once upon a time there was ";

    [Theory]
    [InlineData("a fox.", "a fox.")]
    [InlineData(" a fox.", "a fox.")]
    [InlineData("  a fox.", " a fox.")]
    [InlineData("Once upon a time there was a fox.", "a fox.")]
    [InlineData("Once upon a time there was ", "")]
    [InlineData("Once upon a hill a fox.", "Once upon a hill a fox.")]
    [InlineData("Once", "Once")]
    [InlineData("", "")]
    public void Pass_InOnePiece_LeavesOutWhatWasSaid(string next, string isNew) => Assert.Equal(isNew, Pass(Said, [next]));

    [Theory]
    [InlineData("Yes ", "Yes it is.", "Yes it is.")]
    [InlineData("Yes ", " it is.", "it is.")]
    [InlineData("Yes", " it is.", " it is.")]
    public void Pass_AfterAShortBeginning_TakesNothingForARepetition(string said, string next, string isNew) => Assert.Equal(isNew, Pass(said, [next]));

    [Fact]
    public void Pass_InAnyPieces_IsTheSameAsInOne() =>
        Gen.Select(Gen.String[Gen.Char["ab \n"], 0, 40], Gen.String[Gen.Char["ab \n"], 0, 40], Gen.Int[0, 2], Gen.Int[1, 7]).Sample((said, next, shape, size) =>
        {
            var text = shape switch { 0 => next, 1 => said + next, _ => said[..(said.Length / 2)] + next };
            var pieces = text.Chunk(size).Select(c => new string(c)).ToArray();

            Assert.Equal(Pass(said, [text]), Pass(said, pieces));
            // Nothing new is lost: what is left out is white space, or all that was said.
            var isNew = Pass(said, [text]);
            Assert.EndsWith(isNew, text, StringComparison.Ordinal);
            var left = text[..^isNew.Length];
            Assert.True(left.Trim().Length == 0 || left == said);
        });

    private static string Pass(string said, string[] pieces)
    {
        var whole = Encoding.UTF8.GetBytes(said);
        var repeated = new RepeatedText(whole.Length, Encoding.UTF8.GetByteCount(said.TrimEnd()));
        var isNew = new StringBuilder();
        foreach (var piece in pieces)
        {
            var kept = repeated.Pass(Encoding.UTF8.GetBytes(piece), whole, out var withheld);
            isNew.Append(Encoding.UTF8.GetString(withheld)).Append(Encoding.UTF8.GetString(kept));
        }

        return isNew.Append(Encoding.UTF8.GetString(repeated.Release(whole))).ToString();
    }
}
