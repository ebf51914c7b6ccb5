using System.Text.Json;
using System.Text.Json.Serialization;
using AIHigress.Gateway.Hosting.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Models.Policies;

/// <summary>One version of the routing policy. The highest is in force; none is ever changed or deleted.</summary>
public sealed class StoredRoutingPolicy
{
    // What a newer release wrote must not stop an older one from starting.
    private static readonly JsonSerializerOptions Lenient = new(JsonSetup.Management) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    public int Version { get; set; }

    /// <summary>The policy as JSON.</summary>
    public required string Body { get; set; }
    public Guid? MadeById { get; set; }
    public required string MadeBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    public static string Write(RoutingPolicy policy) => JsonSerializer.Serialize(policy, JsonSetup.Management);

    public RoutingPolicy Read() => JsonSerializer.Deserialize<RoutingPolicy>(Body, Lenient)!;
}

internal sealed class StoredRoutingPolicyConfiguration : IEntityTypeConfiguration<StoredRoutingPolicy>
{
    public void Configure(EntityTypeBuilder<StoredRoutingPolicy> builder)
    {
        builder.ToTable("routing_policies");
        builder.HasKey(p => p.Version);
        builder.Property(p => p.Version).ValueGeneratedNever();
        builder.Property(p => p.MadeBy).HasMaxLength(200);
    }
}
