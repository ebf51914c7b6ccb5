using AIHigress.Load.Scenarios;

namespace AIHigress.Load.Targets;

/// <summary>
/// The gateway as people run it: Release build, SQLite, key check, routing over two providers, metering, one log line
/// per request, written to a file. Its settings come from here only, not from the environment of whoever runs the bench.
/// </summary>
internal sealed class GatewayServer(string folder, string name = "gateway")
{
    public const string Owner = "bench@example.com";

    /// <summary>The administrator's.</summary>
    public string Password { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Its SQLite file, once it has started.</summary>
    public string Database { get; } = Path.Combine(folder, "data", "aihigress.db");

    /// <param name="providers">The two that serve.</param>
    /// <param name="scenarios">Whose models it must know.</param>
    /// <param name="more">Further providers to declare, of the same kind and address.</param>
    public async Task<ServerProcess> StartAsync(IReadOnlyList<ServerProcess> providers, IReadOnlyList<Scenario> scenarios, IReadOnlyList<string>? more = null)
    {
        var address = ServerProcess.FreeAddress();
        // Away from the log and the data: the server watches the folder that its configuration is in.
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "configuration")).FullName, "gateway.yaml");
        await File.WriteAllTextAsync(file, Configuration(providers, scenarios, more ?? []));
        var environment = new Dictionary<string, string>
        {
            ["CONFIG_FILE"] = file,
            ["DATA_DIR"] = Path.Combine(folder, "data"),
            ["LOG_FORMAT"] = "json",
            ["LOG_LEVEL"] = "INFO",
            ["DEFAULT_ADMIN_EMAIL"] = Owner,
            ["DEFAULT_ADMIN_PASSWORD"] = Password,
            ["MANAGEMENT_LIMIT"] = "100000/60",
            ["BENCH_API_KEY"] = ServerFleet.ApiKey,
            ["BENCH_PROVIDER_KEY"] = "sk-provider-0123456789abcdef",
        };
        return await ServerProcess.StartAsync(name, address, folder, environment, "dotnet", Repository.GatewayAssembly, "--urls", $"http://{address}");
    }

    private static string Configuration(IReadOnlyList<ServerProcess> providers, IReadOnlyList<Scenario> scenarios, IReadOnlyList<string> more)
    {
        var models = scenarios.DistinctBy(s => s.Model).ToList();
        List<string> lines = ["providers:"];
        foreach (var (id, provider) in providers.Select(p => (p.Name, p)).Concat(more.Select(id => (id, providers[0]))))
        {
            lines.Add($"  - id: {id}");
            lines.Add("    kind: openai");
            lines.Add($"    base_url: http://{provider.Address}/v1");
            lines.Add("    keys: [{ label: main, key: env:BENCH_PROVIDER_KEY }]");
            lines.Add($"    models: [{string.Join(", ", models.Select(m => m.UpstreamModel))}]");
        }

        lines.Add("logical_models:");
        foreach (var model in models)
        {
            lines.Add($"  - id: {model.Model}");
            lines.Add("    strategy: balanced");
            lines.Add("    upstreams:");
            lines.AddRange(providers.Select(p => $"      - {{ provider: {p.Name}, model: {model.UpstreamModel}, weight: 1 }}"));
        }

        lines.Add("api_keys:");
        lines.Add($"  - {{ name: bench, key: env:BENCH_API_KEY, user: {Owner} }}");
        return string.Join('\n', lines) + "\n";
    }
}
