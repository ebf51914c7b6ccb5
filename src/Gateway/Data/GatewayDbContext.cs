using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data.Mapping;
using AIHigress.Gateway.Features.Administration;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Responses;
using AIHigress.Gateway.Features.Usage;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AIHigress.Gateway.Data;

/// <summary>Every table of the gateway. SQLite and PostgreSQL each have a derived context with its own migrations.</summary>
public abstract class GatewayDbContext(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<User> Users => Set<User>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<OneTimeToken> OneTimeTokens => Set<OneTimeToken>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Provider> Providers => Set<Provider>();
    public DbSet<ProviderKey> ProviderKeys => Set<ProviderKey>();
    public DbSet<ProviderModel> ProviderModels => Set<ProviderModel>();
    public DbSet<LogicalModel> LogicalModels => Set<LogicalModel>();
    public DbSet<ModelName> ModelNames => Set<ModelName>();
    public DbSet<StoredRoutingPolicy> RoutingPolicies => Set<StoredRoutingPolicy>();
    public DbSet<RequestLog> RequestLogs => Set<RequestLog>();
    public DbSet<StoredResponse> Responses => Set<StoredResponse>();
    public DbSet<StoredEvents> ResponseEvents => Set<StoredEvents>();
    public DbSet<StoredSetting> Settings => Set<StoredSetting>();
    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();
    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();
    public DbSet<ChangeVersion> ChangeVersions => Set<ChangeVersion>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<ProtectedSecret>().HaveConversion<ProtectedSecretConverter>();
        configurationBuilder.Properties<Dictionary<string, string>>().HaveConversion<JsonMapConverter, JsonMapComparer>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(30);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new UserConfiguration());
        modelBuilder.ApplyConfiguration(new SessionConfiguration());
        modelBuilder.ApplyConfiguration(new OneTimeTokenConfiguration());
        modelBuilder.ApplyConfiguration(new SigningKeyConfiguration());
        modelBuilder.ApplyConfiguration(new ApiKeyConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderKeyConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderModelConfiguration());
        modelBuilder.ApplyConfiguration(new LogicalModelConfiguration());
        modelBuilder.ApplyConfiguration(new ModelNameConfiguration());
        modelBuilder.ApplyConfiguration(new StoredRoutingPolicyConfiguration());
        modelBuilder.ApplyConfiguration(new RequestLogConfiguration());
        modelBuilder.ApplyConfiguration(new StoredResponseConfiguration());
        modelBuilder.ApplyConfiguration(new StoredEventsConfiguration());
        modelBuilder.ApplyConfiguration(new StoredSettingConfiguration());
        modelBuilder.ApplyConfiguration(new AuditEntryConfiguration());
        modelBuilder.ApplyConfiguration(new AuditHeadConfiguration());
        modelBuilder.ApplyConfiguration(new ChangeVersionConfiguration());
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
        SnakeCaseNames.Apply(modelBuilder);
    }

    private sealed class ProtectedSecretConverter()
        : ValueConverter<ProtectedSecret, string>(secret => secret.Ciphertext, text => new ProtectedSecret(text));
}
