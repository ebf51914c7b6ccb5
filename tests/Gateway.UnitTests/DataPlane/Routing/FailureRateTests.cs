using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Circuits;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class FailureRateTests
{
    private static readonly CircuitLimits Limits = new();
    private readonly FailureRate _rate = new(0);

    [Fact]
    public void Failed_OneCallersRequestsWhileOthersAreServed_IsNotTooHigh()
    {
        for (var i = 0; i < 30; i++)
        {
            Assert.True(_rate.Failed(new FailureSource(2, i, IsSure: false)));
            _rate.Succeeded(4);
        }

        Assert.False(_rate.IsTooHigh(Limits));
        _rate.Failed(new FailureSource(6, 1, IsSure: false));
        Assert.True(_rate.IsTooHigh(Limits));
    }

    [Fact]
    public void Failed_OneCallersRequestsAndNobodyIsServed_IsTooHigh()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.False(_rate.IsTooHigh(Limits));
            _rate.Failed(new FailureSource(2, i * 31, IsSure: false));
        }

        Assert.True(_rate.IsTooHigh(Limits));
    }

    [Fact]
    public void Failed_WithoutAConnection_CountsEveryTime()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.True(_rate.Failed(FailureSource.Sure));
            _rate.Succeeded(4);
        }

        Assert.True(_rate.IsTooHigh(Limits));
    }
}
