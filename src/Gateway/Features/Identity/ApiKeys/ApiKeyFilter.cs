using System.ComponentModel;
using AIHigress.Gateway.Common;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>The filters of the list of keys.</summary>
public sealed record ApiKeyFilter
{
    [FromQuery(Name = "user_id")]
    public Guid? UserId { get; init; }

    [FromQuery(Name = "status")]
    [Description("active, disabled or expired.")]
    public string? Status { get; init; }

    [FromQuery(Name = "expires_before")]
    public DateTimeOffset? ExpiresBefore { get; init; }

    [FromQuery(Name = "unused_since")]
    public DateTimeOffset? UnusedSince { get; init; }

    internal IQueryable<ApiKey> Apply(IQueryable<ApiKey> query, DateTimeOffset now)
    {
        query = UserId is { } user ? query.Where(k => k.UserId == user) : query;
        query = EnumFilter.Read<ApiKeyState>("status", Status) switch
        {
            ApiKeyState.Active => query.Where(k => k.Status == ApiKeyStatus.Active && (k.ExpiresAt == null || k.ExpiresAt > now)),
            ApiKeyState.Disabled => query.Where(k => k.Status == ApiKeyStatus.Disabled),
            ApiKeyState.Expired => query.Where(k => k.Status == ApiKeyStatus.Active && k.ExpiresAt <= now),
            _ => query,
        };
        var expiresBefore = ExpiresBefore?.ToUniversalTime();
        query = expiresBefore is null ? query : query.Where(k => k.ExpiresAt < expiresBefore);
        var unusedSince = UnusedSince?.ToUniversalTime();
        return unusedSince is null ? query : query.Where(k => k.LastUsedAt == null || k.LastUsedAt < unusedSince);
    }
}
