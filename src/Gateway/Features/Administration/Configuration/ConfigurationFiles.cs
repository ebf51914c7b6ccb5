namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>gateway.yaml for the command line.</summary>
internal sealed class ConfigurationFiles(IServiceScopeFactory scopes) : IConfigurationFiles
{
    public Task<IReadOnlyList<string>> ValidateAsync(string path, CancellationToken cancellationToken)
    {
        var (_, faults) = ConfigurationText.Check(path);
        return Task.FromResult<IReadOnlyList<string>>([.. faults.Select(f => f.In(path))]);
    }

    public async Task<string> ExportAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ConfigurationExporter>().WriteAsync(cancellationToken);
    }
}
