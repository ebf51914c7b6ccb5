using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Catalogue;

namespace AIHigress.Gateway.UnitTests.Providers;

public sealed class ModelMergeTests
{
    private static readonly DateTimeOffset T0 = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Run_NewAndKnownModels_AddedAndUnchanged()
    {
        var known = Row("a");

        var (counts, added, removed) = ModelMerge.Run("p", [known], ["b", "a", "b"], T0);

        Assert.Equal(new DiscoveryCounts(1, 0, 0, 1), counts);
        Assert.Equal(("b", ProviderModelSource.Discovered, "p"), (Assert.Single(added).Model, added[0].Source, added[0].ProviderId));
        Assert.Empty(removed);
        Assert.Equal(T0, known.LastSeenAt);
    }

    [Fact]
    public void Run_ModelVanishes_GoneAfterTheSecondMiss()
    {
        var row = Row("a");

        ModelMerge.Run("p", [row], [], T0);
        Assert.False(row.IsGone);
        Assert.Equal(T0, row.MissingSince);

        ModelMerge.Run("p", [row], [], T0.AddHours(1));
        Assert.True(row.IsGone);
        Assert.Equal(T0, row.MissingSince);
    }

    [Fact]
    public void Run_ModelComesBack_Revived()
    {
        var row = Row("a");
        ModelMerge.Run("p", [row], [], T0);
        ModelMerge.Run("p", [row], [], T0.AddHours(1));

        var (counts, _, _) = ModelMerge.Run("p", [row], ["a"], T0.AddHours(2));

        Assert.Equal(1, counts.Updated);
        Assert.False(row.IsGone);
        Assert.Null(row.MissingSince);
    }

    [Fact]
    public void Run_MissingForThirtyDays_RemovedUnlessEdited()
    {
        var (plain, edited) = (Row("a"), Row("b"));
        edited.Alias = "mine";
        ModelMerge.Run("p", [plain, edited], [], T0);

        Assert.Empty(ModelMerge.Run("p", [plain, edited], [], T0.AddDays(29)).Removed);
        Assert.Equal([plain], ModelMerge.Run("p", [plain, edited], [], T0.AddDays(31)).Removed);
    }

    [Fact]
    public void Run_StaticModelIsNotListed_Untouched()
    {
        var row = Row("a");
        row.Source = ProviderModelSource.Static;

        var (counts, _, _) = ModelMerge.Run("p", [row], [], T0);

        Assert.Equal(1, counts.Unchanged);
        Assert.Null(row.MissingSince);
    }

    [Fact]
    public void Run_PersonEdited_NothingOfItIsOverwritten()
    {
        var row = Row("a");
        (row.Alias, row.ContextLength, row.Disabled, row.Version) = ("x", 9, true, 4);

        ModelMerge.Run("p", [row], ["a"], T0);

        Assert.Equal(("x", 9, true, 4), (row.Alias, row.ContextLength, row.Disabled, row.Version));
    }

    private static ProviderModel Row(string model) => new() { ProviderId = "p", Model = model, Source = ProviderModelSource.Discovered };
}
