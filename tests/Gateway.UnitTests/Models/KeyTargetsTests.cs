using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Routes;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.UnitTests.Models;

public sealed class KeyTargetsTests
{
    private static readonly Guid Owner = Guid.CreateVersion7();
    private static readonly Guid Other = Guid.CreateVersion7();
    private readonly KeyTargets _targets = new(Tables());

    [Fact]
    public void HasProvider_PublicOrOwn_IsThere()
    {
        Assert.True(_targets.HasProvider(Other, "open"));
        Assert.True(_targets.HasProvider(Owner, "mine"));
    }

    [Fact]
    public void HasProvider_OfSomebodyElse_LooksLikeOneThatIsNot()
    {
        Assert.False(_targets.HasProvider(Other, "mine"));
        Assert.False(_targets.HasProvider(Other, "never-made"));
    }

    [Fact]
    public void HasModel_ByIdOrPrefix_CountsWhatTheOwnerMayUse()
    {
        Assert.True(_targets.HasModel(Owner, "secret-model"));
        Assert.True(_targets.HasModel(Owner, "secret-*"));
        Assert.False(_targets.HasModel(Other, "secret-model"));
        Assert.False(_targets.HasModel(Other, "secret-*"));
        Assert.True(_targets.HasModel(Other, "*"));
    }

    private static RouteTables Tables()
    {
        var open = Provider("open", ProviderVisibility.Public);
        var mine = Provider("mine", ProviderVisibility.Private);
        var tables = new RouteTables();
        tables.Publish(new RouteTable([new("model", Route("model", open)), new("secret-model", Route("secret-model", mine))], [open, mine], 1));
        return tables;
    }

    private static ProviderRoute Provider(string id, ProviderVisibility visibility) =>
        new() { Id = id, Kind = "openai", BaseUrl = new Uri("https://example.com/v1"), Visibility = visibility, OwnerId = visibility == ProviderVisibility.Private ? Owner : null };

    private static LogicalRoute Route(string id, ProviderRoute provider) =>
        new() { Id = id, Origin = RouteOrigin.Automatic, Upstreams = [new UpstreamRoute { Key = id, Provider = provider, Model = id }] };
}
