using AIHigress.Gateway.Data;
using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.Features.Administration;
using AIHigress.Gateway.Features.Administration.Configuration;
using AIHigress.Gateway.Features.Administration.Configuration.Applying;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.IntegrationTests.Administration;

public sealed class ConfigurationTests
{
    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task Start_WithFile_ItsStateIsServedAndLockedForTheApi(TestDatabase database)
    {
        await using var gateway = await ConfiguredGateway.StartAsync(database);

        (await gateway.ChatAsync("fast")).MustBe(200);
        (await gateway.ChatAsync("default")).MustBe(200);
        Assert.Equal("Bearer sk-upstream-key-0001", gateway.Upstream.Requests()[^1].Headers["authorization"]);
        var provider = await gateway.Admin.GetAsync("/api/v1/providers/declared");
        Assert.Equal(("configuration", "off", "public", 3), (provider.Text("managed_by"), provider.Text("discovery"), provider.Text("visibility"), provider["weight"].GetInt32()));
        var model = await gateway.Admin.GetAsync("/api/v1/logical-models/fast");
        Assert.Equal(("configuration", "configuration"), (model.Text("managed_by"), model.Text("origin")));

        const string locked = "managed_by_configuration";
        (await gateway.Admin.PatchAsync("/api/v1/providers/declared", new { weight = 1 }, provider.ETag())).MustBe(409, locked);
        (await gateway.Admin.DeleteAsync("/api/v1/providers/declared", provider.ETag())).MustBe(409, locked);
        (await gateway.Admin.PostAsync("/api/v1/providers/declared/keys", new { label = "x", key = "sk-x" })).MustBe(409, locked);
        (await gateway.Admin.PatchAsync("/api/v1/providers/declared/models/mock-ok", new { disabled = true }, "\"v1\"")).MustBe(409, locked);
        (await gateway.Admin.PatchAsync("/api/v1/logical-models/fast", new { enabled = false }, model.ETag())).MustBe(409, locked);
        (await gateway.Admin.DeleteAsync("/api/v1/logical-models/fast", model.ETag())).MustBe(409, locked);
        (await gateway.Admin.PostAsync("/api/v1/providers/declared/pause")).MustBe(200);
        Assert.Equal(4, gateway.Server.Services.GetRequiredService<IOptionsMonitor<DataPlaneOptions>>().CurrentValue.MaxAttempts);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task Reload_FileChanges_AppliedWholeAndWhatIsGoneIsRemoved(TestDatabase database)
    {
        await using var gateway = await ConfiguredGateway.StartAsync(database);

        await gateway.WriteAsync($$"""
            providers:
              - id: second
                base_url: {{gateway.Upstream.OpenAIBaseUrl}}
                keys: [{ key: "file:upstream-key" }]
                models: [mock-ok, model-2]
            logical_models:
              - id: default
                upstreams: [{ provider: second, model: model-2, weight: 9 }]
            api_keys:
              - { name: renamed, key: "file:api-key", user: {{IdentityGateway.AdminEmail}}, allowed_models: [default] }
            settings: { max_attempts: 3 }
            """);
        await Eventually.TrueAsync(() => gateway.Table.Providers.ContainsKey("second"), "the changed file is applied");

        Assert.False(gateway.Table.Providers.ContainsKey("declared"));
        Assert.Null(gateway.Table.Resolve("fast"));
        (await gateway.ChatAsync("default")).MustBe(200);
        (await gateway.ChatAsync("mock-ok")).MustBe(404);
        (await gateway.Admin.GetAsync("/api/v1/providers/declared")).MustBe(404);
        Assert.Equal(3, gateway.Server.Services.GetRequiredService<IOptionsMonitor<DataPlaneOptions>>().CurrentValue.MaxAttempts);

        // A declared id may be declared again: nobody else can have taken it.
        await gateway.WriteAsync(gateway.Usual);
        await Eventually.TrueAsync(() => gateway.Table.Providers.ContainsKey("declared"), "the first file is back");
        (await gateway.ChatAsync("fast")).MustBe(200);
    }

    [Fact]
    public async Task Probe_Declared_IsReadLockedAndExported()
    {
        await using var gateway = await ConfiguredGateway.StartAsync(TestDatabase.Sqlite, g => g.Usual.Replace(
            "weight: 3", "probe: { interval_seconds: 120, model: mock-small, prompt: \"Are you there?\", auto_pause: false }", StringComparison.Ordinal));

        var probe = await gateway.Admin.GetAsync("/api/v1/providers/declared/probe");

        Assert.Equal((true, 120, false), (probe["enabled"].GetBoolean(), probe["interval_seconds"].GetInt32(), probe["auto_pause"].GetBoolean()));
        Assert.Equal(("mock-small", "Are you there?"), (probe.Text("model"), probe.Text("prompt")));
        (await gateway.Admin.PatchAsync("/api/v1/providers/declared/probe", new { enabled = false }, probe.ETag())).MustBe(409, "managed_by_configuration");
        await using var scope = gateway.Server.Services.CreateAsyncScope();
        var yaml = await scope.ServiceProvider.GetRequiredService<ConfigurationExporter>().WriteAsync(CancellationToken.None);
        var written = yaml[yaml.IndexOf("    probe:", StringComparison.Ordinal)..];
        Assert.StartsWith("    probe:\n      interval_seconds: 120\n      model: mock-small\n      prompt: \"Are you there?\"\n      auto_pause: false\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_FaultyFile_RefusedWholeAndTheRunningStateStays()
    {
        await using var gateway = await ConfiguredGateway.StartAsync(TestDatabase.Sqlite);
        var before = await VersionAsync(gateway);

        await gateway.WriteAsync(gateway.Usual.Replace("weight: 3", "weight: 5000", StringComparison.Ordinal).Replace("fast", "slow", StringComparison.Ordinal));
        await gateway.WriteAsync(gateway.Usual.Replace("max_attempts: 4", "max_attempts: 2", StringComparison.Ordinal).Replace("file:api-key", "file:no-such-file", StringComparison.Ordinal));
        await gateway.WriteAsync(gateway.Usual.Replace("weight: 3", "weight: [", StringComparison.Ordinal));
        (await gateway.ChatAsync("fast")).MustBe(200);
        await gateway.WriteAsync(gateway.Usual.Replace("weight: 3", "weight: 6", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => gateway.Table.Providers["declared"].Weight == 6, "the good file is applied");

        // One change in all: none of the faulty files left anything behind.
        Assert.Equal(before + 1, await VersionAsync(gateway));
        Assert.NotNull(gateway.Table.Resolve("fast"));
    }

    [Fact]
    public async Task Reload_SecretFileChanges_NewSecretIsUsed()
    {
        await using var gateway = await ConfiguredGateway.StartAsync(TestDatabase.Sqlite);
        var key = gateway.Table.Providers["declared"].Keys[0];

        await File.WriteAllTextAsync(gateway.FileOf("upstream-key"), "sk-upstream-key-0002");
        await Eventually.TrueAsync(() => gateway.Table.Providers["declared"].Keys[0].Secret == "sk-upstream-key-0002", "the new secret is used");

        Assert.Equal(key.Id, gateway.Table.Providers["declared"].Keys[0].Id);
    }

    [Fact]
    public async Task Reload_SymlinkIsSwapped_Applied()
    {
        // As Kubernetes mounts a ConfigMap: gateway.yaml → ..data/gateway.yaml, ..data → a folder per version.
        await using var gateway = await ConfiguredGateway.StartAsync(TestDatabase.Sqlite);
        foreach (var version in (string[])["7", "8"])
        {
            var folder = Directory.CreateDirectory(gateway.FileOf($"..v{version}")).FullName;
            var secrets = gateway.FileOf("") + Path.DirectorySeparatorChar;
            await File.WriteAllTextAsync(Path.Combine(folder, "gateway.yaml"),
                gateway.Usual.Replace("weight: 3", $"weight: {version}", StringComparison.Ordinal).Replace("file:", $"file:{secrets}", StringComparison.Ordinal));
            if (Directory.Exists(gateway.FileOf("..data")))
            {
                Directory.Delete(gateway.FileOf("..data"));
            }

            Directory.CreateSymbolicLink(gateway.FileOf("..data"), folder);
            if (new FileInfo(gateway.Yaml).LinkTarget is null)
            {
                File.CreateSymbolicLink(gateway.FileOf("yaml_tmp"), Path.Combine("..data", "gateway.yaml"));
                File.Move(gateway.FileOf("yaml_tmp"), gateway.Yaml, overwrite: true);
            }

            await Eventually.TrueAsync(() => gateway.Table.Providers["declared"].Weight.ToString(System.Globalization.CultureInfo.InvariantCulture) == version, "the swapped file is applied");
        }
    }

    [Fact]
    public async Task Apply_SameFileAgain_ChangesNothing()
    {
        await using var gateway = await ConfiguredGateway.StartAsync(TestDatabase.Sqlite);
        var (before, etag) = (await VersionAsync(gateway), (await gateway.Admin.GetAsync("/api/v1/providers/declared")).ETag());

        await ApplyAsync(gateway);

        Assert.Equal(before, await VersionAsync(gateway));
        Assert.Equal(etag, (await gateway.Admin.GetAsync("/api/v1/providers/declared")).ETag());
    }

    [Fact]
    public async Task Apply_ClashWithWhatWasMadeOverTheApi_RefusedWholeAndNamed()
    {
        await using var gateway = await ConfiguredGateway.StartAsync(TestDatabase.Sqlite);
        (await gateway.Admin.PostAsync("/api/v1/providers", new { id = "by-hand", name = "x", base_url = "https://api.example.test", check = false })).MustBe(201);
        (await gateway.Admin.PostAsync("/api/v1/logical-models", new { id = "made", aliases = new[] { "name" } })).MustBe(201);
        (await gateway.Admin.PostAsync("/api/v1/api-keys", new { name = "manual" })).MustBe(201);
        await File.WriteAllTextAsync(gateway.Yaml, gateway.Usual
            .Replace("id: declared", "id: by-hand", StringComparison.Ordinal)
            .Replace("aliases: [default]", "aliases: [name]", StringComparison.Ordinal)
            .Replace("name: ci", "name: manual", StringComparison.Ordinal));

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => ApplyAsync(gateway));

        Assert.Equal(3, refusal.Faults.Count);
        Assert.StartsWith($"{gateway.Yaml}:2: providers[0].id: the id 'by-hand' belongs to a provider", refusal.Faults[0], StringComparison.Ordinal);
        Assert.StartsWith($"{gateway.Yaml}:10: logical_models[0].aliases: the name 'name' belongs to the model 'made'", refusal.Faults[1], StringComparison.Ordinal);
        Assert.StartsWith($"{gateway.Yaml}:15: api_keys[0].name: the user has a key named 'manual'", refusal.Faults[2], StringComparison.Ordinal);
        Assert.NotNull(gateway.Table.Resolve("fast"));
        Assert.True(gateway.Table.Providers.ContainsKey("declared"));
    }

    [Fact]
    public async Task Apply_SecretsSwapLabels_BothAreKept()
    {
        await using var gateway = await ConfiguredGateway.StartAsync(TestDatabase.Sqlite);
        await File.WriteAllTextAsync(gateway.FileOf("other-key"), "sk-upstream-key-0002");
        string With(string main, string spare) => gateway.Usual.Replace(
            "- { label: main, key: \"file:upstream-key\" }",
            $"- {{ label: main, key: \"file:{main}\" }}\n      - {{ label: spare, key: \"file:{spare}\" }}",
            StringComparison.Ordinal);

        await gateway.WriteAsync(With("upstream-key", "other-key"));
        await Eventually.TrueAsync(() => Secrets() == "main=sk-upstream-key-0001 spare=sk-upstream-key-0002", "two keys");
        await gateway.WriteAsync(With("other-key", "upstream-key"));
        await Eventually.TrueAsync(() => Secrets() == "main=sk-upstream-key-0002 spare=sk-upstream-key-0001", "swapped keys");

        string Secrets() => string.Join(' ', gateway.Table.Providers["declared"].Keys.OrderBy(k => k.Label, StringComparer.Ordinal).Select(k => $"{k.Label}={k.Secret}"));
    }

    [Fact]
    public async Task ApiKey_OfAUserWhoIsNotThere_WorksOnceTheUserExists()
    {
        await using var gateway = await ConfiguredGateway.StartAsync(
            TestDatabase.Sqlite, g => g.Usual.Replace(IdentityGateway.AdminEmail, "Later@example.test", StringComparison.Ordinal));
        (await gateway.ChatAsync("fast")).MustBe(403);

        await using (var scope = gateway.Server.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
            db.Users.Add(new() { Username = "later", NormalizedUsername = "LATER", Email = "later@example.test", NormalizedEmail = "LATER@EXAMPLE.TEST" });
            await scope.ServiceProvider.GetRequiredService<ChangeWriter>().SaveAsync(db, new Actor(null, "test"), [], CancellationToken.None);
        }

        await Eventually.TrueAsync(async () => (await gateway.ChatAsync("fast")).Status == 200, "the key works");
    }

    [Fact]
    public async Task Export_State_IsAGoodFileWithoutSecrets()
    {
        await using var gateway = await ConfiguredGateway.StartAsync(TestDatabase.Sqlite);
        (await gateway.Admin.PostAsync("/api/v1/providers", new
        {
            id = "by-hand",
            name = "By \"hand\": 100%",
            base_url = "https://api.example.test/v1",
            keys = new[] { new { label = "a b", key = "sk-by-hand-key-9999", weight = 0.5, rpm = 90, tpm = 4_000_000_000 } },
            auth = new { style = "header", name = "x-api-key" },
            headers = new Dictionary<string, string> { ["X-Team"] = "yes" },
            timeouts = new { ttft_ms = 1500 },
            retryable_status_codes = new[] { 430, 431 },
            proxy = "pool",
            proxy_required = true,
            check = false,
        })).MustBe(201);
        (await gateway.Admin.PostAsync("/api/v1/api-keys", new
        {
            name = "limited",
            limits = new { rpm = 60, tpm = 9_000_000_000 },
            budget = new { amount_micro = 2_500_000, period = "week" },
        })).MustBe(201);
        (await gateway.Admin.PostAsync("/api/v1/logical-models", new
        {
            id = "wishes",
            strategy = "bandit",
            affinity = "prefix",
            hedge_after = 800,
            throughput_guard = new { min_chars_per_second = 12.5 },
            continuation = true,
            bandit_reward = "both",
        })).MustBe(201);
        var files = gateway.Server.Services.GetRequiredService<IConfigurationFiles>();

        var yaml = await files.ExportAsync(CancellationToken.None);

        var exported = gateway.FileOf("exported.yaml");
        await File.WriteAllTextAsync(exported, yaml);
        Assert.Empty(await files.ValidateAsync(exported, CancellationToken.None));
        Assert.DoesNotContain("sk-by-hand", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain(ConfiguredGateway.ApiKey, yaml, StringComparison.Ordinal);
        var declared = ConfigurationReader.Read(exported, yaml).Declared!;
        var provider = Assert.Single(declared.Providers, p => p.Fields.Id == "by-hand").Fields;
        Assert.Equal(("By \"hand\": 100%", "env:BY_HAND_A_B_KEY", 0.5, "yes", 1500), (provider.Name, provider.Keys![0].Key, provider.Keys[0].Weight, provider.Headers!["X-Team"], provider.Timeouts!.TtftMs));
        Assert.Equal([430, 431], provider.RetryableStatusCodes!);
        Assert.Equal(("pool", true), (provider.Proxy, provider.ProxyRequired));
        Assert.Equal((90, 4_000_000_000L), (provider.Keys[0].Rpm, provider.Keys[0].Tpm));
        var limited = Assert.Single(declared.ApiKeys, k => k.Name == "limited");
        Assert.Equal((new RequestLimits(60, 9_000_000_000, null), new KeyBudget(2_500_000, BudgetPeriod.Week)), (limited.Limits, limited.Budget));
        Assert.Equal(["mock-ok"], Assert.Single(declared.Providers, p => p.Fields.Id == "declared").Fields.Models!);
        Assert.Equal(["default"], Assert.Single(declared.LogicalModels, m => m.Fields.Id == "fast").Fields.Aliases!);
        var wishes = Assert.Single(declared.LogicalModels, m => m.Fields.Id == "wishes").Fields;
        Assert.Equal(("bandit", "prefix", "800", 12.5, true, "both"),
            (wishes.Strategy, wishes.Affinity, wishes.HedgeAfter, wishes.ThroughputGuard?.MinCharsPerSecond, wishes.Continuation, wishes.BanditReward));
        Assert.Equal(("ci", IdentityGateway.AdminEmail), (declared.ApiKeys[0].Name, declared.ApiKeys[0].User));
        Assert.Contains(declared.Settings, s => s is { Name: "MAX_ATTEMPTS", Value: "4" });
    }

    private static async Task ApplyAsync(ConfiguredGateway gateway)
    {
        await using var scope = gateway.Server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ConfigurationApplier>().ApplyAsync(ConfigurationText.Read(gateway.Yaml), CancellationToken.None);
    }

    private static async Task<long> VersionAsync(ConfiguredGateway gateway)
    {
        await using var scope = gateway.Server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        return await db.ChangeVersions.Where(v => v.Name == ChangeVersion.Snapshots).Select(v => v.Version).SingleAsync();
    }
}
