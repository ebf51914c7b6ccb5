using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.UnitTests.Common;

public sealed class SlugTests
{
    [Theory]
    [InlineData("openai-main", true)]
    [InlineData("a1", true)]
    [InlineData("0-0", true)]
    [InlineData("a", false)]
    [InlineData("-a", false)]
    [InlineData("A1", false)]
    [InlineData("a_b", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsValid_Text_Judged(string? text, bool valid) => Assert.Equal(valid, Slug.IsValid(text));

    [Fact]
    public void IsValid_FiftyOneCharacters_Refused()
    {
        Assert.True(Slug.IsValid(new string('a', 50)));
        Assert.False(Slug.IsValid(new string('a', 51)));
    }

    [Theory]
    [InlineData("My  Provider (EU) #1", "my-provider-eu-1")]
    [InlineData("深度求索", "")]
    public void From_Name_Slug(string name, string slug) => Assert.Equal(slug, Slug.From(name));
}
