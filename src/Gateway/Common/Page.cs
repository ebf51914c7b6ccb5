namespace AIHigress.Gateway.Common;

/// <summary>One page of a list: the items, and an opaque cursor for the next page (null at the end).</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, int? Total = null, bool? TotalCapped = null);
