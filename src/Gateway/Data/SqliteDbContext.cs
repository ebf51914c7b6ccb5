using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AIHigress.Gateway.Data;

/// <summary>The embedded database. Times are UTC microseconds since 1970 (INTEGER), so they sort and compare in SQL.</summary>
public sealed class SqliteDbContext(DbContextOptions<SqliteDbContext> options) : GatewayDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMicrosecondsConverter>();
    }

    private sealed class UnixMicrosecondsConverter()
        : ValueConverter<DateTimeOffset, long>(time => UnixMicroseconds.From(time), value => UnixMicroseconds.ToTime(value));
}
