using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AIHigress.Gateway.Data.Mapping;

/// <summary>Small string maps (headers, paths, query) are one JSON object in one column, on both databases.</summary>
internal sealed class JsonMapConverter() : ValueConverter<Dictionary<string, string>, string>(
    map => JsonSerializer.Serialize(map, JsonSerializerOptions.Default),
    text => JsonSerializer.Deserialize<Dictionary<string, string>>(text, JsonSerializerOptions.Default) ?? new());

internal sealed class JsonMapComparer() : ValueComparer<Dictionary<string, string>>(
    (a, b) => a == b || (a != null && b != null && a.Count == b.Count && !a.Except(b).Any()),
    map => map.Aggregate(0, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value)),
    map => new Dictionary<string, string>(map));
