using System.Globalization;
using AIHigress.Gateway.Hosting.Settings;
using StackExchange.Redis;

namespace AIHigress.Gateway.Hosting.Redis;

/// <summary>Reads REDIS_URL.</summary>
internal static class RedisUrl
{
    public const string Setting = "REDIS_URL";
    private const int DefaultPort = 6379;

    /// <exception cref="SettingException">Says what is wrong with the URL; never repeats it, since it may hold a password.</exception>
    public static ConfigurationOptions Parse(string url, string? password)
    {
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0)
        {
            throw Bad("must look like redis://host:6379/0 (or rediss:// for TLS)");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw Bad("takes no parameters after the number of the database; a '?' or '#' in the password is written %3F or %23");
        }

        if (uri.Port == 0)
        {
            throw Bad("has a port that is not a number of 1 to 65535");
        }

        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ConnectRetry = 1,
            ConnectTimeout = 2000,
            AsyncTimeout = 1000,
            SyncTimeout = 1000,
            DefaultDatabase = Database(uri.AbsolutePath.Trim('/')),
            Ssl = uri.Scheme == "rediss",
            ClientName = "aihigress",
            // What can't be asked now is answered without Redis, at once: nothing queues up for later.
            BacklogPolicy = BacklogPolicy.FailFast,
            ReconnectRetryPolicy = new LinearRetry(500),
            KeepAlive = 10,
        };
        options.EndPoints.Add(uri.DnsSafeHost, uri.Port < 0 ? DefaultPort : uri.Port);
        var (user, fromUrl) = Split(uri.UserInfo);
        if (user is { Length: > 0 })
        {
            options.User = user;
        }

        options.Password = fromUrl is { Length: > 0 } ? fromUrl : password;
        return options;
    }

    private static int Database(string path)
    {
        var database = 0;
        return path.Length == 0 || int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out database)
            ? database
            : throw Bad("must end with the number of a database, as in redis://host:6379/0");
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

    private static SettingException Bad(string rule) => new(Setting, $"the value (hidden) {rule}");
}
