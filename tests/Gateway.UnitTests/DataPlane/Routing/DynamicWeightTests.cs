using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.Features.Models.Policies;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class DynamicWeightTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RoutingPolicies _policies = new();
    private readonly Measurements _measured;

    public DynamicWeightTests() => _measured = new Measurements(_time, _policies);

    [Fact]
    public void WeightFactor_EachOutcome_MovesItByItsStep()
    {
        _measured.AddSuccess();
        Assert.Equal(1.05, _measured.WeightFactor, 10);
        _measured.AddFailure();
        Assert.Equal(0.85, _measured.WeightFactor, 10);
        _measured.AddFailure(fatal: true);
        Assert.Equal(0.35, _measured.WeightFactor, 10);
        _measured.AddTtft(100);
        Assert.Equal(0.35, _measured.WeightFactor, 10);
    }

    [Fact]
    public void WeightFactor_ManyOfOneKind_StaysWithinItsBounds()
    {
        for (var i = 0; i < 100; i++)
        {
            _measured.AddSuccess();
        }

        Assert.Equal(3, _measured.WeightFactor);
        for (var i = 0; i < 100; i++)
        {
            _measured.AddFailure();
        }

        Assert.Equal(0.2, _measured.WeightFactor, 10);
    }

    [Fact]
    public void WeightFactor_LeftAlone_GoesHalfOfTheWayBackInTenMinutes()
    {
        for (var i = 0; i < 10; i++)
        {
            _measured.AddFailure();
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0.6, _measured.WeightFactor, 6);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0.8, _measured.WeightFactor, 6);
    }

    [Fact]
    public void WeightFactor_AnswersAfterFailures_ComesBackStepByStep()
    {
        for (var i = 0; i < 10; i++)
        {
            _measured.AddFailure();
        }

        var factors = new List<double>();
        for (var i = 0; i < 16; i++)
        {
            _measured.AddSuccess();
            factors.Add(_measured.WeightFactor);
        }

        Assert.Equal(0.25, factors[0], 10);
        Assert.Equal(1, factors[^1], 10);
        Assert.All(factors.Zip(factors.Skip(1)), pair => Assert.Equal(0.05, pair.Second - pair.First, 10));
    }

    [Fact]
    public void WeightFactor_SwitchedOff_IsOne()
    {
        _measured.AddFailure();
        _policies.Publish(RoutingPolicy.Default with { DynamicWeights = new() { Enabled = false } });

        Assert.Equal(1, _measured.WeightFactor);
    }
}
