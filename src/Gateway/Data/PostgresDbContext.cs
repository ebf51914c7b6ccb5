using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data;

/// <summary>The scaled-out database. Times are timestamptz, dictionaries jsonb.</summary>
public sealed class PostgresDbContext(DbContextOptions<PostgresDbContext> options) : GatewayDbContext(options);
