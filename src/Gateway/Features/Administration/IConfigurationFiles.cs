namespace AIHigress.Gateway.Features.Administration;

/// <summary>gateway.yaml as the commands <c>config validate</c> and <c>config export</c> use it.</summary>
internal interface IConfigurationFiles
{
    /// <summary>Every fault as "FILE:LINE: path: rule"; empty when the file is good. Needs no database.</summary>
    Task<IReadOnlyList<string>> ValidateAsync(string path, CancellationToken cancellationToken);

    /// <summary>The present state as YAML; secrets only as references.</summary>
    Task<string> ExportAsync(CancellationToken cancellationToken);
}
