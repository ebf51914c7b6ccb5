using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data.Idempotency;
using AIHigress.Gateway.Data.Mapping;
using AIHigress.Gateway.Features.Administration;
using AIHigress.Gateway.Features.Administration.Proxies;
using AIHigress.Gateway.Features.Administration.Proxies.Sources;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.Features.Identity.External;
using AIHigress.Gateway.Features.Identity.Groups;
using AIHigress.Gateway.Features.Identity.Registration;
using AIHigress.Gateway.Features.Identity.Roles;
using AIHigress.Gateway.Features.Identity.TwoFactor;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Gateway.Features.Notifications;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.Features.Providers.Health.Traffic;
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
    public DbSet<UserGroup> Groups => Set<UserGroup>();
    public DbSet<Role> Roles => Set<Role>();
    public DbSet<RolePermission> RolePermissions => Set<RolePermission>();
    public DbSet<UserRole> UserRoles => Set<UserRole>();
    public DbSet<UserGrant> UserGrants => Set<UserGrant>();
    public DbSet<RegistrationWindow> RegistrationWindows => Set<RegistrationWindow>();
    public DbSet<IdentityProvider> IdentityProviders => Set<IdentityProvider>();
    public DbSet<ExternalLogin> ExternalLogins => Set<ExternalLogin>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<OneTimeToken> OneTimeTokens => Set<OneTimeToken>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<ApiKeySpending> ApiKeySpending => Set<ApiKeySpending>();
    public DbSet<Provider> Providers => Set<Provider>();
    public DbSet<ProviderKey> ProviderKeys => Set<ProviderKey>();
    public DbSet<ProviderShare> ProviderShares => Set<ProviderShare>();
    public DbSet<ProviderModel> ProviderModels => Set<ProviderModel>();
    public DbSet<ProviderHealthState> ProviderHealth => Set<ProviderHealthState>();
    public DbSet<ProviderProbe> ProviderProbes => Set<ProviderProbe>();
    public DbSet<ProviderEvent> ProviderEvents => Set<ProviderEvent>();
    public DbSet<ProviderUptime> ProviderUptime => Set<ProviderUptime>();
    public DbSet<TrafficMinute> ProviderTraffic => Set<TrafficMinute>();
    public DbSet<TtftHour> ProviderTtftHours => Set<TtftHour>();
    public DbSet<LogicalModel> LogicalModels => Set<LogicalModel>();
    public DbSet<ModelName> ModelNames => Set<ModelName>();
    public DbSet<StoredRoutingPolicy> RoutingPolicies => Set<StoredRoutingPolicy>();
    public DbSet<RequestLog> RequestLogs => Set<RequestLog>();
    public DbSet<StoredResponse> Responses => Set<StoredResponse>();
    public DbSet<StoredEvents> ResponseEvents => Set<StoredEvents>();
    public DbSet<UpstreamProxy> Proxies => Set<UpstreamProxy>();
    public DbSet<ProxySource> ProxySources => Set<ProxySource>();
    public DbSet<ProxyPoolConfig> ProxyConfigs => Set<ProxyPoolConfig>();
    public DbSet<Notification> Notifications => Set<Notification>();
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();
    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();
    public DbSet<StoredSetting> Settings => Set<StoredSetting>();
    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();
    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();
    public DbSet<Lease> Leases => Set<Lease>();
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
        modelBuilder.ApplyConfiguration(new UserGroupConfiguration());
        modelBuilder.ApplyConfiguration<Role>(new RoleConfiguration());
        modelBuilder.ApplyConfiguration<RolePermission>(new RoleConfiguration());
        modelBuilder.ApplyConfiguration<UserRole>(new RoleConfiguration());
        modelBuilder.ApplyConfiguration<UserGrant>(new RoleConfiguration());
        modelBuilder.ApplyConfiguration(new RegistrationWindowConfiguration());
        modelBuilder.ApplyConfiguration<IdentityProvider>(new ExternalConfiguration());
        modelBuilder.ApplyConfiguration<ExternalLogin>(new ExternalConfiguration());
        modelBuilder.ApplyConfiguration(new RecoveryCodeConfiguration());
        modelBuilder.ApplyConfiguration(new SessionConfiguration());
        modelBuilder.ApplyConfiguration(new OneTimeTokenConfiguration());
        modelBuilder.ApplyConfiguration(new SigningKeyConfiguration());
        modelBuilder.ApplyConfiguration(new ApiKeyConfiguration());
        modelBuilder.ApplyConfiguration(new ApiKeySpendingConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderKeyConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderShareConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderModelConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderHealthStateConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderProbeConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderEventConfiguration());
        modelBuilder.ApplyConfiguration(new ProviderUptimeConfiguration());
        modelBuilder.ApplyConfiguration(new TrafficMinuteConfiguration());
        modelBuilder.ApplyConfiguration(new TtftHourConfiguration());
        modelBuilder.ApplyConfiguration(new LogicalModelConfiguration());
        modelBuilder.ApplyConfiguration(new ModelNameConfiguration());
        modelBuilder.ApplyConfiguration(new StoredRoutingPolicyConfiguration());
        modelBuilder.ApplyConfiguration(new RequestLogConfiguration());
        modelBuilder.ApplyConfiguration(new StoredResponseConfiguration());
        modelBuilder.ApplyConfiguration(new StoredEventsConfiguration());
        modelBuilder.ApplyConfiguration(new UpstreamProxyConfiguration());
        modelBuilder.ApplyConfiguration(new ProxySourceConfiguration());
        modelBuilder.ApplyConfiguration(new ProxyPoolConfigConfiguration());
        modelBuilder.ApplyConfiguration(new NotificationConfiguration());
        modelBuilder.ApplyConfiguration(new OutboxMessageConfiguration());
        modelBuilder.ApplyConfiguration(new IdempotencyRecordConfiguration());
        modelBuilder.ApplyConfiguration(new StoredSettingConfiguration());
        modelBuilder.ApplyConfiguration(new AuditEntryConfiguration());
        modelBuilder.ApplyConfiguration(new AuditHeadConfiguration());
        modelBuilder.ApplyConfiguration(new LeaseConfiguration());
        modelBuilder.ApplyConfiguration(new ChangeVersionConfiguration());
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
        SnakeCaseNames.Apply(modelBuilder);
    }

    private sealed class ProtectedSecretConverter()
        : ValueConverter<ProtectedSecret, string>(secret => secret.Ciphertext, text => new ProtectedSecret(text));
}
