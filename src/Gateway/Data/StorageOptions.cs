using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Data;

/// <summary>Where records live and how the schema is upgraded.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    [Setting("DATABASE_URL", "sqlite:///path (four slashes = absolute) or postgres://user:password@host:port/name.", Secret = true, DefaultText = "sqlite file in DATA_DIR")]
    public string? DatabaseUrl { get; set; }

    [Setting("DATABASE_POOL_SIZE", "The most PostgreSQL connections this process opens.")]
    [Range(1, 1000)]
    public int DatabasePoolSize { get; set; } = 30;

    [Setting("AUTO_APPLY_DB_MIGRATIONS", "Upgrades a SQLite database at start, after a backup of the file.")]
    public bool AutoApplyDbMigrations { get; set; } = true;

    [Setting("ENABLE_AUTO_MIGRATION", "Lets a start upgrade an existing PostgreSQL database.")]
    public bool EnableAutoMigration { get; set; }
}
