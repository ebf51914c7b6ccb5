using AIHigress.Gateway.Data;
using AIHigress.Gateway.Hosting.Redis;

namespace AIHigress.Gateway.Hosting.Snapshots;

/// <summary>
/// Carries the word that something changed from the replica that committed it to the others, so that a revoked key is
/// refused everywhere within a second. Without Redis, or when the word is lost, their own look finds it later.
/// </summary>
internal sealed class ChangeNews(ChangeFeed feed, RedisLink redis) : IHostedService
{
    private const string Channel = "changes";

    /// <summary>Tells our own word from that of others.</summary>
    private readonly string _self = Guid.NewGuid().ToString("N");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (redis.IsConfigured)
        {
            redis.Subscribe(Channel, sender =>
            {
                if (sender != _self)
                {
                    feed.Wake();
                }
            });
            redis.OnChange(isUp =>
            {
                // What was said meanwhile was not heard.
                if (isUp)
                {
                    feed.Wake();
                }
            });
            feed.Signaled = () => redis.Publish(Channel, _self);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        feed.Signaled = null;
        return Task.CompletedTask;
    }
}
