using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using AIHigress.Gateway.Features.Administration.Configuration.Applying;
using AIHigress.Gateway.Hosting;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>
/// Reloads gateway.yaml when it changes. What counts is the content: an editor's rename, a swapped symlink and a
/// file system without change events all end in other bytes, which a look every second finds at the latest.
/// </summary>
internal sealed partial class ConfigurationWatcher(
    IOptions<ServerOptions> server, IServiceScopeFactory scopes, TimeProvider time, ILogger<ConfigurationWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (server.Value.ConfigFile is not { Length: > 0 } file)
        {
            return;
        }

        using var watcher = Watch(file);
        var seen = Fingerprint(file);
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(stoppingToken);
            var present = Fingerprint(file);
            if (present is null || present == seen || stoppingToken.IsCancellationRequested)
            {
                continue;
            }

            if (await ReloadAsync(file, stoppingToken))
            {
                seen = present;
            }
            else
            {
                await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>True when the file was applied or refused; false when that could not be found out and is to be tried again.</summary>
    private async Task<bool> ReloadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var declared = ConfigurationText.Read(file);
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ConfigurationApplier>().ApplyAsync(declared, cancellationToken);
            ConfigurationReloaded(file, declared.Providers.Count, declared.LogicalModels.Count, declared.ApiKeys.Count);
            return true;
        }
        catch (ConfigurationException e)
        {
            foreach (var fault in e.Faults)
            {
                ConfigurationRefused(fault);
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception e)
        {
            // The database may be away; what runs must go on running.
            ConfigurationNotApplied(file, e);
            return false;
        }
    }

    /// <summary>A digest of the file and of the files its secrets are in; null while it can't be read.</summary>
    private static string? Fingerprint(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            if (text.Contains("file:", StringComparison.Ordinal) && ConfigurationReader.Read(file, text).Declared is { } declared)
            {
                var secrets = new SecretResolver(file);
                hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', secrets.ResolveAll(declared).Select(f => f.Rule))));
                hash.AppendData(secrets.Digest());
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Between two versions of the file, or not for this user: the state stays.
            return null;
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Poll, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _signal.Reader.ReadAsync(either.Token);
            await Task.Delay(Settle, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Time for a look, or the server stops.
        }
    }

    private FileSystemWatcher? Watch(string file)
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(Path.GetFullPath(file))!) { EnableRaisingEvents = true };
            watcher.Changed += (_, _) => _signal.Writer.TryWrite(true);
            watcher.Created += (_, _) => _signal.Writer.TryWrite(true);
            watcher.Renamed += (_, _) => _signal.Writer.TryWrite(true);
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or PlatformNotSupportedException)
        {
            // No change events here (out of watches, a strange file system): the look every second does it alone.
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} was reloaded: {Providers} providers, {Models} logical models, {Keys} API keys")]
    private partial void ConfigurationReloaded(string file, int providers, int models, int keys);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed configuration is refused and the running state stays: {Fault}")]
    private partial void ConfigurationRefused(string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} could not be applied yet; the running state stays")]
    private partial void ConfigurationNotApplied(string file, Exception exception);
}
