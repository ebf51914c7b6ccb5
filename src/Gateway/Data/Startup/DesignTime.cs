using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AIHigress.Gateway.Data.Startup;

/// <summary>Tells whether a build tool runs Program.cs only to look at it: then nothing outside is touched.</summary>
internal interface IDesignTime
{
    bool IsActive { get; }
}

internal sealed class DesignTime : IDesignTime
{
    public static readonly bool IsCurrent = EF.IsDesignTime || Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider";

    public bool IsActive => IsCurrent;

    /// <summary>Takes out everything that works in the background, when a build tool only looks. Called when all services are registered.</summary>
    public static void KeepStill(IServiceCollection services)
    {
        if (IsCurrent)
        {
            services.RemoveAll<IHostedService>();
        }
    }
}

/// <summary>For dotnet-ef: makes the SQLite migrations.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteDbContext>
{
    public SqliteDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteDbContext>().UseSqlite("Data Source=design-time.db").Options);
}

/// <summary>For dotnet-ef: makes the PostgreSQL migrations.</summary>
internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresDbContext>
{
    public PostgresDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresDbContext>().UseNpgsql("Host=design-time").Options);
}
