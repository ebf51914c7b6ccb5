using AIHigress.Gateway.Hosting.Settings;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AIHigress.Gateway.Data.Startup;

internal enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>DATABASE_URL, understood.</summary>
/// <param name="Kind">Which database.</param>
/// <param name="ConnectionString">For the driver; holds the password.</param>
/// <param name="Display">For people; never holds the password.</param>
/// <param name="SqliteFile">Absolute path of the file, for SQLite.</param>
internal sealed record DatabaseUrl(DatabaseKind Kind, string ConnectionString, string Display, string? SqliteFile)
{
    public const string Setting = "DATABASE_URL";
    private const int DefaultPostgresPort = 5432;
    private static readonly string[] PostgresSchemes = ["postgres://", "postgresql://", "postgresql+psycopg://", "postgresql+psycopg2://", "postgresql+asyncpg://"];
    private static readonly string[] SqliteSchemes = ["sqlite://", "sqlite+aiosqlite://"];

    /// <param name="url">Null or empty = the SQLite file aihigress.db in <paramref name="dataDir"/>.</param>
    /// <param name="dataDir">DATA_DIR.</param>
    /// <param name="poolSize">The most PostgreSQL connections.</param>
    /// <exception cref="SettingException">It is not a database URL; the message hides the password.</exception>
    public static DatabaseUrl Parse(string? url, string dataDir, int poolSize)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            return Sqlite(Path.Combine(dataDir, "aihigress.db"));
        }

        foreach (var scheme in SqliteSchemes)
        {
            if (url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return ParseSqlite(url, url[scheme.Length..]);
            }
        }

        foreach (var scheme in PostgresSchemes)
        {
            if (url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return ParsePostgres(url, url[scheme.Length..], poolSize);
            }
        }

        throw Bad(url, "must begin with sqlite:/// or postgres://");
    }

    /// <summary>The URL with its password replaced by ***.</summary>
    public static string HidePassword(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        start = start < 0 ? 0 : start + 3;
        var end = url.IndexOfAny(['?', '#'], start);
        var at = url.LastIndexOf('@', (end < 0 ? url.Length : end) - 1);
        var colon = at < start ? -1 : url.IndexOf(':', start, at - start);
        var shown = colon < 0 ? url : string.Concat(url.AsSpan(0, colon + 1), "***", url.AsSpan(at));
        var query = shown.IndexOf('?', StringComparison.Ordinal);
        return query >= 0 && shown.Contains("password=", StringComparison.OrdinalIgnoreCase) ? shown[..query] + "?***" : shown;
    }

    private static DatabaseUrl ParseSqlite(string url, string rest)
    {
        // sqlite:///relative and sqlite:////absolute: the third slash only ends the empty host.
        if (!rest.StartsWith('/'))
        {
            throw Bad(url, "has no host: write sqlite:///relative/path or sqlite:////absolute/path");
        }

        var path = Decode(url, rest[1..].Split('?')[0]);
        if (path.Length == 0 || path == ":memory:")
        {
            throw Bad(url, "must name a file; a database in memory would forget everything at the next start");
        }

        return Sqlite(path);
    }

    private static DatabaseUrl Sqlite(string path)
    {
        var file = Path.GetFullPath(path);
        var connection = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 30 };
        return new DatabaseUrl(DatabaseKind.Sqlite, connection.ConnectionString, $"SQLite file {file}", file);
    }

    private static DatabaseUrl ParsePostgres(string url, string rest, int poolSize)
    {
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, name) = Cut(beforeQuery, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = Cut(at < 0 ? "" : authority[..at], ':');
        var (host, port) = SplitPort(url, authority[(at + 1)..]);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = host.Length == 0 ? "localhost" : Decode(url, host),
            Port = port,
            Database = Decode(url, name),
            Username = user.Length == 0 ? null : Decode(url, user),
            Password = password.Length == 0 ? null : Decode(url, password),
            MaxPoolSize = poolSize,
            Timeout = 5,
            ApplicationName = "aihigress",
        };
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            Apply(url, connection, parameter);
        }

        if (string.IsNullOrEmpty(connection.Database))
        {
            throw Bad(url, "must end with the name of the database, as in postgres://user:password@host:5432/name");
        }

        var display = $"PostgreSQL {connection.Username}@{connection.Host}:{connection.Port}/{connection.Database}";
        return new DatabaseUrl(DatabaseKind.Postgres, connection.ConnectionString, display, null);
    }

    /// <summary>Takes over one ?name=value: libpq's names, or the driver's own.</summary>
    private static void Apply(string url, NpgsqlConnectionStringBuilder connection, string parameter)
    {
        var (name, value) = Cut(parameter, '=');
        var keyword = name.ToLowerInvariant() switch
        {
            "sslmode" => "SSL Mode",
            "sslrootcert" => "Root Certificate",
            "sslcert" => "SSL Certificate",
            "sslkey" => "SSL Key",
            "connect_timeout" => "Timeout",
            "application_name" => "Application Name",
            "target_session_attrs" => "Target Session Attributes",
            "dbname" => "Database",
            "user" => "Username",
            _ => name.Replace('_', ' '),
        };
        try
        {
            connection[keyword] = Decode(url, value).Replace("-", keyword == "SSL Mode" ? "" : "-", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            throw Bad(url, $"has an unknown or wrong parameter '{name}'");
        }
    }

    private static (string Host, int Port) SplitPort(string url, string text)
    {
        var bracket = text.LastIndexOf(']');
        var colon = text.LastIndexOf(':');
        if (colon <= bracket)
        {
            return (text.Trim('[', ']'), DefaultPostgresPort);
        }

        return int.TryParse(text.AsSpan(colon + 1), out var port) && port is > 0 and <= 65535
            ? (text[..colon].Trim('[', ']'), port)
            : throw Bad(url, "has a port that is not a number of 1 to 65535");
    }

    private static (string Before, string After) Cut(string text, char separator)
    {
        var index = text.IndexOf(separator, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }

    private static string Decode(string url, string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                throw Bad(url, "has a '%' that is not followed by two hexadecimal digits; write %25 for the character itself");
            }
        }

        return Uri.UnescapeDataString(text);
    }

    private static SettingException Bad(string url, string rule) => new(Setting, $"the value '{HidePassword(url)}' {rule}");
}
