using AIHigress.Gateway.Features.Identity.Budgets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>A key for the AI endpoints (scope inference) or the management API; the token itself is never stored.</summary>
public sealed class ApiKey
{
    public const string InferenceScope = "inference";
    public const string ManagementScope = "management";
    public const string BridgeScope = "bridge";

    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid? UserId { get; set; }
    public required string Name { get; set; }

    /// <summary>SHA-256 of the whole token; cleared when the key is deleted.</summary>
    public byte[]? Digest { get; set; }
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the token before the last rotation; good until <see cref="GraceUntil"/>.</summary>
    public byte[]? OldDigest { get; set; }
    public DateTimeOffset? GraceUntil { get; set; }
    public string[] Scopes { get; set; } = [InferenceScope];

    /// <summary>With scope management: what the key may do, at most; its owner's permissions bound it too.</summary>
    public string[] Permissions { get; set; } = [];
    public string[] AllowedModels { get; set; } = [];
    public string[] AllowedProviderIds { get; set; } = [];

    /// <summary>With scope bridge: the agents the key may reach; empty = all of its owner's.</summary>
    public string[] BridgeAgentIds { get; set; } = [];

    /// <summary>Addresses and networks in CIDR form that requests may come from; empty = all.</summary>
    public string[] IpAllow { get; set; } = [];
    public Dictionary<string, string> Tags { get; set; } = [];

    /// <summary>Bodies of this key's requests are kept, where the server allows it.</summary>
    public bool LogBodies { get; set; }

    /// <summary>What charges are multiplied by, in ten-thousandths; null = 1.</summary>
    public int? MultiplierBp { get; set; }
    public int? Rpm { get; set; }
    public long? Tpm { get; set; }
    public int? Concurrency { get; set; }

    /// <summary>With <see cref="BudgetPeriod"/>; millionths of a credit.</summary>
    public long? BudgetAmountMicro { get; set; }
    public BudgetPeriod? BudgetPeriod { get; set; }
    public DateTimeOffset? BudgetResetAt { get; set; }
    public ApiKeyStatus Status { get; set; }
    public string? DisabledReason { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public string? LastUsedIp { get; set; }

    /// <summary>The e-mail of a declared key's owner; the key is inactive until that user exists.</summary>
    public string? DeclaredUser { get; set; }

    /// <summary>"configuration" when gateway.yaml declares it; null when it was made over the API.</summary>
    public string? ManagedBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }

    internal RequestLimits? Limits
    {
        get => RequestLimits.Of(Rpm, Tpm, Concurrency);
        set => (Rpm, Tpm, Concurrency) = (value?.Rpm, value?.Tpm, value?.Concurrency);
    }

    internal KeyBudget? Budget
    {
        get => BudgetAmountMicro is { } amount && BudgetPeriod is { } period ? new KeyBudget(amount, period) : null;
        set => (BudgetAmountMicro, BudgetPeriod) = (value?.AmountMicro, value?.Period);
    }
}

public enum ApiKeyStatus
{
    Active,
    Disabled,
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.HasOne<User>().WithMany().HasForeignKey(k => k.UserId);
        builder.HasIndex(k => k.Digest).IsUnique();
        builder.HasIndex(k => k.OldDigest).IsUnique();
        builder.Property(k => k.Tags).HasDefaultValueSql("'{}'");
        builder.HasIndex(k => new { k.UserId, k.Name }).IsUnique().HasFilter("deleted_at IS NULL");
        builder.HasIndex(k => new { k.Status, k.ExpiresAt });
        builder.Property(k => k.Name).HasMaxLength(100);
        builder.Ignore(k => k.Limits);
        builder.Ignore(k => k.Budget);
    }
}
