using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;
using Microsoft.AspNetCore.Http;

namespace AIHigress.Gateway.UnitTests.DataPlane.Ingress;

public sealed class RequestChoicesTests
{
    private const int Longest = 600_000;

    [Fact]
    public void Read_NoHeaders_IsNone()
    {
        Assert.Same(RequestChoices.None, RequestChoices.Read(new HeaderDictionary { ["X-Other"] = "1" }, Longest));
    }

    [Fact]
    public void Read_AllHeaders_AreTaken()
    {
        var choices = RequestChoices.Read(
            new HeaderDictionary
            {
                ["X-Route-Strategy"] = "weighted",
                ["X-Route-Providers"] = " a, b ,,c",
                ["X-Route-Exclude"] = "d",
                ["X-Request-Timeout-Ms"] = "1500",
            },
            Longest);

        Assert.Equal(RoutingStrategy.Weighted, choices.Strategy);
        Assert.Equal(["a", "b", "c"], choices.Only);
        Assert.Equal(["d"], choices.Exclude);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), choices.Timeout);
    }

    [Theory]
    [InlineData("X-Route-Strategy", "random")]
    [InlineData("X-Route-Strategy", "Weighted ")]
    [InlineData("X-Route-Providers", "")]
    [InlineData("X-Route-Providers", ",")]
    [InlineData("X-Route-Exclude", " , ")]
    [InlineData("X-Request-Timeout-Ms", "")]
    [InlineData("X-Request-Timeout-Ms", "0")]
    [InlineData("X-Request-Timeout-Ms", "+5")]
    [InlineData("X-Request-Timeout-Ms", "5.5")]
    [InlineData("X-Request-Timeout-Ms", "600001")]
    [InlineData("X-Request-Timeout-Ms", "99999999999999999999")]
    public void Read_BadValue_NamesTheHeader(string header, string value)
    {
        var refused = Assert.Throws<GatewayErrorException>(() => RequestChoices.Read(new HeaderDictionary { [header] = value }, Longest));

        Assert.Equal((400, "invalid_request", header), (refused.Error.Status, refused.Error.Code, refused.Error.Param));
    }

    [Fact]
    public void Read_TooManyProviders_IsRefused()
    {
        var many = string.Join(',', Enumerable.Range(0, 51));

        Assert.Throws<GatewayErrorException>(() => RequestChoices.Read(new HeaderDictionary { ["X-Route-Providers"] = many }, Longest));
    }
}
