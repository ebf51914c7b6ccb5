namespace AIHigress.Gateway.Hosting.Redis;

internal static class RedisFeature
{
    /// <exception cref="Settings.SettingException">REDIS_URL breaks its rules: found out before anything is written.</exception>
    public static void AddRedis(this IServiceCollection services, RedisOptions options)
    {
        if (options.Url is { Length: > 0 } url)
        {
            RedisUrl.Parse(url, options.Password);
        }

        services.AddSingleton<RedisLink>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisLink>());
    }
}
