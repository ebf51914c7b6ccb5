using AIHigress.Gateway.Features.Administration.Configuration.Applying;
using AIHigress.Gateway.Hosting;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.Gateway.Hosting.Startup;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>Applies gateway.yaml before the first request: the server never serves a state that the file does not allow.</summary>
internal sealed class ConfigurationStartup(IOptions<ServerOptions> server, IServiceScopeFactory scopes) : IStartupStep
{
    /// <exception cref="SettingException">CONFIG_FILE with every fault and its line.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(server.Value.ConfigFile))
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<ConfigurationApplier>().ApplyAsync(ConfigurationText.Read(server.Value.ConfigFile), cancellationToken);
        }
        catch (ConfigurationException e)
        {
            throw new SettingException("CONFIG_FILE", e.Message);
        }
    }
}
