using AIHigress.Gateway.DataPlane.Limits;

namespace AIHigress.Gateway.UnitTests.DataPlane.Limits;

public sealed class RateLimitHeadersTests
{
    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.0171, "18ms")]
    [InlineData(1, "1s")]
    [InlineData(8.64, "8.64s")]
    [InlineData(360, "6m0s")]
    [InlineData(61.5, "1m1.5s")]
    public void Text_Span_IsOpenAIsForm(double seconds, string text) =>
        Assert.Equal(text, RateLimitHeaders.Text(TimeSpan.FromSeconds(seconds)));
}
