using AIHigress.Gateway.Data.Secrets;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Hosting.Startup;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Data;

/// <summary>The database, the encryption of stored secrets, the audit log and the change feed.</summary>
internal static class DataFeature
{
    /// <param name="builder">The host.</param>
    /// <param name="database">Parsed before the host is built: it decides which context is registered.</param>
    public static IHostApplicationBuilder AddData(this IHostApplicationBuilder builder, DatabaseUrl database)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IDesignTime, DesignTime>();
        services.AddSingleton(database);
        if (database.Kind == DatabaseKind.Sqlite)
        {
            services.AddDbContextPool<GatewayDbContext, SqliteDbContext>(options =>
                options.UseSqlite(database.ConnectionString).AddInterceptors(new SqlitePragmas()));
        }
        else
        {
            services.AddDbContextPool<GatewayDbContext, PostgresDbContext>(options => options.UseNpgsql(database.ConnectionString));
        }

        services.AddScoped<DatabaseStartup>();
        services.AddScoped<RingCheck>();
        services.AddSingleton<SecretKeyFile>();
        services.AddSingleton<SecretProtector>();
        services.AddSingleton<AuditWriter>();
        services.AddSingleton<ChangeWriter>();
        services.AddSingleton<ChangeFeed>();
        services.AddDataProtection().SetApplicationName("aihigress").PersistKeysToDbContext<GatewayDbContext>().DisableAutomaticKeyGeneration();
        services.AddSingleton<RingUpkeep>();
        services.AddSingleton<IStartupStep>(provider => provider.GetRequiredService<RingUpkeep>());
        services.AddHostedService(provider => provider.GetRequiredService<RingUpkeep>());
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlEncryptor = new RingEncryptor(provider.GetRequiredService<SecretKeyFile>())));
        return builder;
    }
}
