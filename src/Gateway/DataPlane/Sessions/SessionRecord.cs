using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>A session of one user with one logical model, and the upstream that answered it last.</summary>
internal sealed record SessionRecord
{
    public required string Key { get; init; }
    public required Guid UserId { get; init; }
    public required string SessionId { get; init; }
    public required string Model { get; init; }

    /// <summary><see cref="Features.Models.UpstreamRoute.Key"/>.</summary>
    public required string Upstream { get; init; }
    public required string ProviderId { get; init; }
    public required string UpstreamModel { get; init; }
    public Guid? ProviderKeyId { get; init; }
    public long Requests { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long LastUsedAt { get; init; }

    /// <summary>Its conversation is kept, which may be for longer than the binding holds.</summary>
    public bool HasContext { get; init; }

    public DateTimeOffset BoundUntil(SessionTimes times) => DateTimeOffset.FromUnixTimeMilliseconds(LastUsedAt) + times.Binding;

    /// <summary>How long it is worth keeping after its last use.</summary>
    public TimeSpan Life(SessionTimes times) => HasContext ? times.Longest : times.Binding;

    /// <summary>The name under which a session is kept: two users, or two models, never share one.</summary>
    public static string KeyOf(Guid userId, string model, string sessionId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        // A session id has no line feed, so no two triples make one text.
        SHA256.HashData(Encoding.UTF8.GetBytes($"{userId:N}\n{sessionId}\n{model}"), hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    public static bool IsKey(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SessionRecord))]
internal sealed partial class SessionJson : JsonSerializerContext;
