using System.Globalization;
using StackExchange.Redis;

namespace AIHigress.Gateway.Hosting.Redis;

/// <summary>Reads REDIS_URL.</summary>
internal static class RedisUrl
{
    /// <exception cref="FormatException">Says what is wrong with the URL; never repeats it.</exception>
    public static ConfigurationOptions Parse(string url, string? password)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0)
        {
            throw new FormatException("REDIS_URL must look like redis://host:6379/0 (or rediss:// for TLS).");
        }

        var database = 0;
        var path = uri.AbsolutePath.Trim('/');
        if (path.Length > 0 && !int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out database))
        {
            throw new FormatException("The path of REDIS_URL must be the number of a database, as in redis://host:6379/0.");
        }

        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ConnectTimeout = 2000,
            AsyncTimeout = 1000,
            SyncTimeout = 1000,
            DefaultDatabase = database,
            Ssl = uri.Scheme == "rediss",
            ClientName = "aihigress",
            // What can't be asked now is answered without Redis, at once: nothing queues up for later.
            BacklogPolicy = BacklogPolicy.FailFast,
            ReconnectRetryPolicy = new LinearRetry(500),
            KeepAlive = 10,
        };
        options.EndPoints.Add(uri.Host, uri.IsDefaultPort || uri.Port < 0 ? 6379 : uri.Port);
        var (user, fromUrl) = Split(uri.UserInfo);
        if (user is { Length: > 0 })
        {
            options.User = user;
        }

        options.Password = fromUrl ?? password;
        return options;
    }

    private static (string? User, string? Password) Split(string userInfo)
    {
        if (userInfo.Length == 0)
        {
            return (null, null);
        }

        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? (Uri.UnescapeDataString(userInfo), null)
            : (Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]));
    }
}
