namespace AIHigress.Gateway.Features.Providers.Catalogue;

/// <summary>What a look at a provider's models changed, by number.</summary>
public sealed record DiscoveryCounts(int Added, int Updated, int Missing, int Unchanged)
{
    /// <summary>True when what can be routed may have changed.</summary>
    internal bool Changed => Added + Updated + Missing > 0;
}

/// <summary>
/// Merges a provider's own model list into the stored rows (control-plane.md §5.3): new ones are added, those that came
/// back revive, vanished ones count their misses and leave after 30 days unless a person edited them.
/// </summary>
internal static class ModelMerge
{
    private static readonly TimeSpan KeepMissing = TimeSpan.FromDays(30);

    /// <param name="providerId">The provider that was asked.</param>
    /// <param name="rows">Its stored models, changed in place.</param>
    /// <param name="listed">The ids that it named.</param>
    /// <param name="now">The time of the look.</param>
    public static (DiscoveryCounts Counts, IReadOnlyList<ProviderModel> Added, IReadOnlyList<ProviderModel> Removed) Run(
        string providerId, IReadOnlyList<ProviderModel> rows, IReadOnlyList<string> listed, DateTimeOffset now)
    {
        var news = listed.ToHashSet(StringComparer.Ordinal);
        var removed = new List<ProviderModel>();
        var (updated, missing, unchanged) = (0, 0, 0);
        foreach (var row in rows)
        {
            if (news.Remove(row.Model))
            {
                var revived = row.MissingSince is not null;
                (updated, unchanged) = revived ? (updated + 1, unchanged) : (updated, unchanged + 1);
                Seen(row, revived, now);
            }
            else if (row.Source == ProviderModelSource.Static)
            {
                unchanged++;
            }
            else
            {
                missing++;
                Missed(row, removed, now);
            }
        }

        var added = news.Order(StringComparer.Ordinal).Select(model => Discovered(providerId, model, now)).ToList();
        return (new DiscoveryCounts(added.Count, updated, missing, unchanged), added, removed);
    }

    private static void Seen(ProviderModel row, bool revived, DateTimeOffset now)
    {
        row.LastSeenAt = now;
        row.MissingSince = null;
        row.Misses = 0;
        if (revived)
        {
            row.UpdatedAt = now;
        }
    }

    private static void Missed(ProviderModel row, List<ProviderModel> removed, DateTimeOffset now)
    {
        row.MissingSince ??= now;
        row.Misses++;
        row.UpdatedAt = now;
        if (now - row.MissingSince > KeepMissing && !row.IsEdited)
        {
            removed.Add(row);
        }
    }

    private static ProviderModel Discovered(string providerId, string model, DateTimeOffset now) => new()
    {
        ProviderId = providerId,
        Model = model,
        Source = ProviderModelSource.Discovered,
        LastSeenAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
