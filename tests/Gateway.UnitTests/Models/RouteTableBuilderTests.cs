using System.Diagnostics;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Routes;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.UnitTests.Models;

public sealed class RouteTableBuilderTests
{
    private static readonly DateTimeOffset T0 = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Build_TwoProvidersWithOneModel_AutomaticOverBothWithTheirWeights()
    {
        var table = Build([Provider("a", 3), Provider("b", 1)], [Model("a", "m"), Model("b", "m")]);

        var route = table.Resolve("m")!;
        Assert.Equal(RouteOrigin.Automatic, route.Origin);
        Assert.Equal([("a", 3d), ("b", 1d)], route.Upstreams.Select(u => (u.Provider.Id, u.Weight)));
        Assert.Equal(["m|a|m", "m|b|m"], route.Upstreams.Select(u => u.Key));
    }

    [Fact]
    public void Build_ExplicitIdEqualsUpstreamId_ExplicitWins()
    {
        var table = Build([Provider("a"), Provider("b")], [Model("a", "m"), Model("b", "m")], [Logical("m", ("b", "m", 5))]);

        var route = table.Resolve("m")!;
        Assert.Equal(RouteOrigin.Explicit, route.Origin);
        Assert.Equal(["b"], route.Upstreams.Select(u => u.Provider.Id));
    }

    [Fact]
    public void Build_ExplicitAliasEqualsUpstreamId_AliasWins()
    {
        var logical = Logical("mine", ("a", "x", 1));
        logical.Aliases = ["m"];
        var table = Build([Provider("a")], [Model("a", "m"), Model("a", "x")], [logical]);

        Assert.Equal("mine", table.Resolve("m")!.Id);
        Assert.Equal(RouteOrigin.Automatic, table.Resolve("x")!.Origin);
    }

    [Fact]
    public void Build_DisabledExplicitModel_NeverFallsThroughToTheAutomaticOne()
    {
        var logical = Logical("m", ("a", "m", 1));
        logical.Enabled = false;
        var table = Build([Provider("a")], [Model("a", "m")], [logical]);

        Assert.False(table.Resolve("m")!.Enabled);
        Assert.Equal(RouteOrigin.Explicit, table.Resolve("m")!.Origin);
    }

    [Fact]
    public void Build_ProviderAlias_NamesAnAutomaticModelAndKeepsTheOwnId()
    {
        var table = Build([Provider("a"), Provider("b")], [Model("a", "m-2024", "m"), Model("b", "m")]);

        // Who has it as id comes first, then who has it as alias.
        Assert.Equal([("b", "m"), ("a", "m-2024")], table.Resolve("m")!.Upstreams.Select(u => (u.Provider.Id, u.Model)));
        Assert.Equal(["a"], table.Resolve("m-2024")!.Upstreams.Select(u => u.Provider.Id));
    }

    [Fact]
    public void Build_AliasEqualsOwnIdOfTheSameProvider_IdWins()
    {
        var table = Build([Provider("a")], [Model("a", "m"), Model("a", "other", "m")]);

        Assert.Equal("m", Assert.Single(table.Resolve("m")!.Upstreams).Model);
        Assert.Equal("m", Assert.Single(table.Resolve("a/m")!.Upstreams).Model);
    }

    [Fact]
    public void Resolve_ProviderSlashModel_PinsIdAndAlias()
    {
        var table = Build([Provider("a"), Provider("b")], [Model("a", "org/m:1", "m"), Model("b", "org/m:1")]);

        foreach (var name in (string[])["a/org/m:1", "a/m"])
        {
            var pin = table.Resolve(name)!;
            Assert.Equal(RouteOrigin.Pin, pin.Origin);
            Assert.Equal(name, pin.Id);
            Assert.Equal(("a", "org/m:1"), (Assert.Single(pin.Upstreams).Provider.Id, pin.Upstreams[0].Model));
        }

        Assert.Null(table.Resolve("b/m"));
        Assert.Null(table.Resolve("nobody/m"));
        Assert.Null(table.Resolve("a/"));
    }

    [Fact]
    public void Resolve_NameThatIsIdAndPin_IdWins()
    {
        var table = Build([Provider("a"), Provider("b")], [Model("a", "m"), Model("b", "a/m")]);

        Assert.Equal("b", Assert.Single(table.Resolve("a/m")!.Upstreams).Provider.Id);
    }

    [Fact]
    public void Build_ModelNotRoutable_NeitherAutomaticNorPinAndOutOfExplicitOnes()
    {
        var table = Build([Provider("a")], [Model("a", "gone", "old", routable: false)], [Logical("x", ("a", "gone", 1), ("a", "unlisted", 1))]);

        Assert.Null(table.Resolve("gone"));
        Assert.Null(table.Resolve("old"));
        Assert.Null(table.Resolve("a/gone"));
        Assert.Equal([("gone", false), ("unlisted", true)], table.Resolve("x")!.Upstreams.Select(u => (u.Model, u.Enabled)));
    }

    [Fact]
    public void Build_UpstreamAtMissingProvider_Skipped()
    {
        var table = Build([Provider("a")], [], [Logical("x", ("nobody", "m", 1), ("a", "m", 2))]);

        Assert.Equal("a", Assert.Single(table.Resolve("x")!.Upstreams).Provider.Id);
    }

    [Fact]
    public void Build_PausedProvider_KeptWithItsStatus()
    {
        var table = Build([Provider("a", status: OperationStatus.Paused)], [Model("a", "m")]);

        Assert.Equal(OperationStatus.Paused, Assert.Single(table.Resolve("m")!.Upstreams).Provider.OperationStatus);
        Assert.Same(table.Providers["a"], table.Resolve("m")!.Upstreams[0].Provider);
    }

    [Fact]
    public void Build_PrivateProvider_ItsModelIsUsableByTheOwnerOnly()
    {
        var owner = Guid.NewGuid();
        var table = Build([Provider("a", owner: owner)], [Model("a", "m")]);

        Assert.True(table.Resolve("m")!.IsUsableBy(Caller(owner)));
        Assert.False(table.Resolve("m")!.IsUsableBy(Caller(Guid.NewGuid())));
    }

    [Fact]
    public void Build_ExplicitModel_CarriesStrategyFallbacksTimeoutsAndOrigin()
    {
        var logical = Logical("x", ("a", "m", 7));
        (logical.Strategy, logical.Fallbacks, logical.TtftTimeoutMs, logical.ManagedBy) = ("priority", ["y"], 1500, "configuration");
        var route = Build([Provider("a")], [], [logical]).Resolve("x")!;

        Assert.Equal(RoutingStrategy.Priority, route.Strategy);
        Assert.Equal(["y"], route.Fallbacks);
        Assert.Equal(TimeSpan.FromSeconds(1.5), route.TtftTimeout);
        Assert.Equal(RouteOrigin.Configuration, route.Origin);
        Assert.Equal(7, Assert.Single(route.Upstreams).Weight);
    }

    [Fact]
    public void Build_AThousandProvidersWithTenThousandModels_EveryNameResolves()
    {
        var providers = Enumerable.Range(0, 1000).Select(i => Provider($"provider-{i}")).ToList();
        var models = providers.SelectMany((p, i) => Enumerable.Range(0, 10).Select(j => Model(p.Id, $"model-{i}-{j}"))).Append(Model("provider-7", "shared")).Append(Model("provider-8", "shared")).ToList();
        var clock = Stopwatch.StartNew();
        var table = Build(providers, models);

        Assert.Equal(10_001, table.Names.Count);
        Assert.Equal(2, table.Resolve("shared")!.Upstreams.Count);
        Assert.NotNull(table.Resolve("provider-999/model-999-9"));

        // No measurement, but a build that is quadratic would not come back in this time.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), clock.Elapsed.ToString());
    }

    private static RouteTable Build(IReadOnlyList<ProviderRoute> providers, IReadOnlyList<ServedModel> models, IReadOnlyList<LogicalModel>? logical = null) =>
        RouteTableBuilder.Build(new RouteTableInput(providers, models, logical ?? []), 1);

    private static ProviderRoute Provider(string id, double weight = 1, OperationStatus status = OperationStatus.Active, Guid? owner = null) => new()
    {
        Id = id,
        Kind = ProviderKinds.OpenAI,
        BaseUrl = new Uri("https://example.test/v1"),
        Weight = weight,
        OperationStatus = status,
        OwnerId = owner,
        Visibility = owner is null ? ProviderVisibility.Public : ProviderVisibility.Private,
    };

    private static ServedModel Model(string provider, string model, string? alias = null, bool routable = true) => new(provider, model, alias, routable, T0);

    private static LogicalModel Logical(string id, params (string Provider, string Model, int Weight)[] upstreams) => new()
    {
        Id = id,
        Upstreams = [.. upstreams.Select(u => new LogicalModelUpstream { Provider = u.Provider, Model = u.Model, Weight = u.Weight })],
    };

    private static ApiCaller Caller(Guid user) => new() { KeyId = Guid.NewGuid(), KeyName = "k", UserId = user };
}
