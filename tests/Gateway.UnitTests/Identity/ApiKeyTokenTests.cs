using AIHigress.Gateway.Features.Identity.ApiKeys;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Identity;

public sealed class ApiKeyTokenTests
{
    [Fact]
    public void Generate_Many_AreWellFormedAndAllDifferent()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => ApiKeyToken.Generate()).ToList();

        Assert.All(tokens, token => Assert.True(ApiKeyToken.IsWellFormed(token), token));
        Assert.Equal(1000, tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("sk-aih-".Length + 48 + 6, tokens[0].Length);
    }

    [Fact]
    public void IsWellFormed_OneCharacterChanged_IsFalse()
    {
        var token = ApiKeyToken.Generate();
        Gen.Select(Gen.Int[0, token.Length - 1], Gen.Char.AlphaNumeric).Where((i, c) => token[i] != c).Sample((i, c) =>
            !ApiKeyToken.IsWellFormed(token[..i] + c + token[(i + 1)..]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk-aih-")]
    [InlineData("sk-aih-000000000000000000000000000000000000000000000000/00000")]
    public void IsWellFormed_SomethingElse_IsFalse(string token)
    {
        Assert.False(ApiKeyToken.IsWellFormed(token));
    }
}
