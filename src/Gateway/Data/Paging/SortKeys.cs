using System.Linq.Expressions;
using AIHigress.Gateway.Hosting.Errors;

namespace AIHigress.Gateway.Data.Paging;

/// <summary>
/// The fields that a list can be sorted by, and the unique one that breaks ties. Made once per list; columns used
/// here may be strings, numbers, times and uuids, null or not (null comes last in either direction).
/// </summary>
/// <example><code>
/// private static readonly SortKeys&lt;ApiKey&gt; Sorts = SortKeys.For&lt;ApiKey, Guid&gt;(k =&gt; k.Id, "-created_at")
///     .Add("created_at", k =&gt; k.CreatedAt).Add("name", k =&gt; k.Name);
/// </code></example>
internal abstract class SortKeys<T>
{
    private readonly Dictionary<string, SortKey<T>> _keys = new(StringComparer.Ordinal);
    private readonly string _default;

    protected SortKeys(string defaultSort) => _default = defaultSort;

    /// <summary>Adds a field under its API name.</summary>
    public SortKeys<T> Add<TKey>(string name, Expression<Func<T, TKey>> column)
    {
        _keys.Add(name, Make(column));
        return this;
    }

    /// <summary>Reads a <c>sort</c> parameter.</summary>
    /// <exception cref="ProblemException">400 when the list has no such field.</exception>
    public (string Text, SortKey<T> Key, bool Descending) Read(string? sort)
    {
        var text = string.IsNullOrEmpty(sort) ? _default : sort;
        var descending = text.StartsWith('-');
        var name = descending ? text[1..] : text;
        if (!_keys.TryGetValue(name, out var key))
        {
            var allowed = _keys.Keys.Order().ToArray();
            throw Problems.Field("sort", "not_allowed", $"must be one of {string.Join(", ", allowed)}, with '-' in front to sort downwards",
                new Dictionary<string, object?> { ["allowed"] = allowed });
        }

        return (text, key, descending);
    }

    protected abstract SortKey<T> Make<TKey>(Expression<Func<T, TKey>> column);
}

internal static class SortKeys
{
    /// <param name="tie">A unique column, usually the id.</param>
    /// <param name="defaultSort">The order when the caller names none, such as "-created_at".</param>
    public static SortKeys<T> For<T, TTie>(Expression<Func<T, TTie>> tie, string defaultSort) =>
        new Keys<T, TTie>(tie, defaultSort);

    private sealed class Keys<T, TTie>(Expression<Func<T, TTie>> tie, string defaultSort) : SortKeys<T>(defaultSort)
    {
        protected override SortKey<T> Make<TKey>(Expression<Func<T, TKey>> column) => new SortKey<T, TKey, TTie>(column, tie);
    }
}
