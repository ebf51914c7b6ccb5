using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>An AI provider: where it is, how to speak to it, how much traffic it may take. Owner null = the platform's.</summary>
public sealed class Provider
{
    /// <summary><see cref="StatusBy"/> of what its health did; the only status that is undone without a person.</summary>
    public const string ByHealth = "auto";

    public required string Id { get; set; }
    public required string Name { get; set; }
    public string? Description { get; set; }
    public string[] Tags { get; set; } = [];

    /// <summary>Where it is, in its owner's words; decisions can ask for one region only.</summary>
    public string? Region { get; set; }
    public string Kind { get; set; } = ProviderKinds.OpenAI;
    public required string BaseUrl { get; set; }
    public Dictionary<string, string> Paths { get; set; } = [];
    public ProviderAuthStyle AuthStyle { get; set; }
    public string? AuthName { get; set; }
    public Dictionary<string, string> Headers { get; set; } = [];
    public Dictionary<string, string> Query { get; set; } = [];

    /// <summary>True when an administrator or gateway.yaml named this host: then exactly its host and port may be private.</summary>
    public bool AllowPrivateHost { get; set; }

    /// <summary>default, direct, pool, or a proxy's id.</summary>
    public string Proxy { get; set; } = ProxyChoice.Default;
    public bool ProxyRequired { get; set; }
    public int Weight { get; set; } = 1;
    public int? MaxQps { get; set; }
    public int? MaxConcurrency { get; set; }
    public int? ConnectTimeoutMs { get; set; }
    public int? TtftTimeoutMs { get; set; }
    public int? IdleTimeoutMs { get; set; }
    public int? TotalTimeoutMs { get; set; }
    public int[] RetryableStatusCodes { get; set; } = [];
    public ModelDiscovery Discovery { get; set; }

    /// <summary>When the provider last told its models.</summary>
    public DateTimeOffset? DiscoveredAt { get; set; }

    /// <summary>Why the last look at its models failed; null after one that went well.</summary>
    public string? DiscoveryError { get; set; }

    /// <summary>When to look next; the replica that moves it forward is the one that looks.</summary>
    public DateTimeOffset DiscoveryDueAt { get; set; }
    public Guid? OwnerId { get; set; }
    public ProviderVisibility Visibility { get; set; }
    public OperationStatus OperationStatus { get; set; }

    /// <summary>Who set the status: "owner", "admin" or "auto"; an owner can't undo what an administrator did.</summary>
    public string? StatusBy { get; set; }
    public string? StatusReason { get; set; }
    public DateTimeOffset? StatusSince { get; set; }

    /// <summary>Only an approved public provider takes traffic; the platform's own start approved.</summary>
    public ReviewStatus ReviewStatus { get; set; } = ReviewStatus.Approved;

    /// <summary>Requests per second that a reviewer allows, besides <see cref="MaxQps"/>: the smaller one holds.</summary>
    public int? LimitQps { get; set; }

    /// <summary>Whether tiny chats are sent to see how it does.</summary>
    public bool ProbeEnabled { get; set; } = true;

    /// <summary>Null = PROVIDER_PROBE_INTERVAL_SECONDS.</summary>
    public int? ProbeIntervalSeconds { get; set; }

    /// <summary>Null = the cheapest chat model.</summary>
    public string? ProbeModel { get; set; }

    /// <summary>Null = PROBE_PROMPT.</summary>
    public string? ProbePrompt { get; set; }

    /// <summary>Whether it is paused when it has been down for ten minutes.</summary>
    public bool ProbeAutoPause { get; set; } = true;

    /// <summary>"configuration" when gateway.yaml declares it; then the API changes nothing of it.</summary>
    public string? ManagedBy { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Soft delete: the slug is never used again, its keys are destroyed.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

public enum ProviderAuthStyle
{
    Bearer,
    Header,
    Query,
    None,
}

public enum ModelDiscovery
{
    Auto,
    Off,
}

public enum ProviderVisibility
{
    Public,
    Private,
    Shared,
}

public enum OperationStatus
{
    Active,
    Paused,
    Offline,
}

public enum ReviewStatus
{
    None,
    Pending,
    Approved,

    /// <summary>Approved with a limit of its own.</summary>
    ApprovedLimited,
    ChangesRequested,
    Rejected,
}

/// <summary>The wire formats that a provider can speak; further kinds join with their adapters.</summary>
public static class ProviderKinds
{
    public const string OpenAI = "openai";
    public const string OpenAIResponses = "openai_responses";
    public const string Anthropic = "anthropic";
    public const string Gemini = "gemini";

    public static readonly IReadOnlyList<string> All = [OpenAI, OpenAIResponses, Anthropic, Gemini];

    /// <summary>The path that a base URL without one gets.</summary>
    public static string UsualPrefix(string kind) => kind == Gemini ? "/v1beta" : "/v1";

    /// <summary>How a provider of this kind takes its key, unless told otherwise.</summary>
    public static ProviderAuth UsualAuth(string kind) => kind switch
    {
        Anthropic => new ProviderAuth(ProviderAuthStyle.Header, "x-api-key"),
        Gemini => new ProviderAuth(ProviderAuthStyle.Header, "x-goog-api-key"),
        _ => new ProviderAuth(ProviderAuthStyle.Bearer),
    };
}

internal sealed class ProviderConfiguration : IEntityTypeConfiguration<Provider>
{
    public void Configure(EntityTypeBuilder<Provider> builder)
    {
        builder.ToTable("providers");
        builder.Property(p => p.Id).HasMaxLength(50);
        builder.Property(p => p.Proxy).HasMaxLength(36).HasDefaultValue(ProxyChoice.Default);
        builder.Property(p => p.Version).IsConcurrencyToken();

        // Those that were there before reviews were are approved.
        builder.Property(p => p.ReviewStatus).HasDefaultValue(ReviewStatus.Approved).HasSentinel(ReviewStatus.Approved);
        builder.Property(p => p.ProbeEnabled).HasDefaultValue(true).HasSentinel(true);
        builder.Property(p => p.ProbeAutoPause).HasDefaultValue(true).HasSentinel(true);
        builder.HasOne<Identity.User>().WithMany().HasForeignKey(p => p.OwnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(p => p.OwnerId);
        builder.HasIndex(p => p.DiscoveryDueAt);
        builder.HasIndex(p => new { p.Visibility, p.OperationStatus });
    }
}
