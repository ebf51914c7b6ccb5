using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Hosting.Settings;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>Writes the present state as a gateway.yaml: the platform's providers, logical models, API keys and stored settings. Secrets become references that the reader has to fill.</summary>
internal sealed class ConfigurationExporter(GatewayDbContext db, SettingsLayers layers)
{
    public async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        var yaml = new YamlText();
        yaml.Comment("The state of this server. Secrets are references: set the variables named env:… before you use the file.");
        await WriteProvidersAsync(yaml, cancellationToken);
        var models = await db.LogicalModels.AsNoTracking().OrderBy(m => m.Id).ToListAsync(cancellationToken);
        yaml.Section("logical_models", models, model => yaml.Item(() => Write(yaml, model)));
        await WriteApiKeysAsync(yaml, cancellationToken);
        WriteSettings(yaml);
        return yaml.ToString();
    }

    private async Task WriteProvidersAsync(YamlText yaml, CancellationToken cancellationToken)
    {
        var all = await db.Providers.AsNoTracking().Where(p => p.DeletedAt == null).OrderBy(p => p.Id).ToListAsync(cancellationToken);
        var keys = (await db.ProviderKeys.AsNoTracking().OrderBy(k => k.Id).ToListAsync(cancellationToken)).ToLookup(k => k.ProviderId);
        var models = (await db.ProviderModels.AsNoTracking().Where(m => m.Source == ProviderModelSource.Static).OrderBy(m => m.Model).ToListAsync(cancellationToken))
            .ToLookup(m => m.ProviderId, m => m.Model);
        var own = all.Where(p => p.OwnerId is null).ToList();
        if (all.Count > own.Count)
        {
            yaml.Comment($"{all.Count - own.Count} private providers of users are not part of this file.");
        }

        yaml.Section("providers", own, p => yaml.Item(() => Write(yaml, p, [.. keys[p.Id]], [.. models[p.Id]])));
    }

    private static void Write(YamlText yaml, Provider provider, List<ProviderKey> keys, List<string> models)
    {
        yaml.Field("id", provider.Id);
        yaml.Field("name", provider.Name == provider.Id ? null : provider.Name);
        yaml.Field("description", provider.Description);
        yaml.Field("tags", provider.Tags);
        yaml.Field("kind", provider.Kind);
        yaml.Field("base_url", provider.BaseUrl);
        yaml.Section("keys", keys, key => yaml.Item(() => Write(yaml, provider, key)));
        yaml.Field("weight", Unless(provider.Weight, 1));
        yaml.Field("max_qps", provider.MaxQps);
        yaml.Field("max_concurrency", provider.MaxConcurrency);
        Numbers(yaml, "timeouts",
            ("connect_ms", provider.ConnectTimeoutMs), ("ttft_ms", provider.TtftTimeoutMs), ("idle_ms", provider.IdleTimeoutMs), ("total_ms", provider.TotalTimeoutMs));
        if (new ProviderAuth(provider.AuthStyle, provider.AuthName) != ProviderKinds.UsualAuth(provider.Kind))
        {
            yaml.Section("auth", new (string, string?)[] { ("style", EnumFilter.Name(provider.AuthStyle)), ("name", provider.AuthName) }, f => yaml.Field(f.Item1, f.Item2));
        }

        yaml.Section("headers", provider.Headers, pair => yaml.Field(pair.Key, pair.Value));
        yaml.Section("query", provider.Query, pair => yaml.Field(pair.Key, pair.Value));
        yaml.Section("paths", provider.Paths, pair => yaml.Field(pair.Key, pair.Value));
        yaml.Section("retryable_status_codes", provider.RetryableStatusCodes, code => yaml.Item(() => yaml.Raw(code)));
        if (provider.Discovery == ModelDiscovery.Off)
        {
            yaml.Field("models", models);
        }
    }

    private static void Write(YamlText yaml, Provider provider, ProviderKey key)
    {
        yaml.Comment($"the key '{key.Label}' of {provider.Id}{(key.Hint.Length > 0 ? $", ending in {key.Hint}" : "")}");
        yaml.Field("label", key.Label);
        yaml.Field("key", $"env:{Variable($"{provider.Id}_{key.Label}_KEY")}");
        yaml.Field("weight", key.Weight == 1 ? null : key.Weight);
        yaml.Field("max_qps", key.MaxQps);
        yaml.Field("max_concurrency", key.MaxConcurrency);
    }

    private static void Write(YamlText yaml, LogicalModel model)
    {
        yaml.Field("id", model.Id);
        yaml.Field("display_name", model.DisplayName);
        yaml.Field("description", model.Description);
        yaml.Field("strategy", model.Strategy);
        yaml.Field("affinity", model.Affinity == PromptAffinity.None ? null : EnumFilter.Name(model.Affinity));
        yaml.Field("aliases", model.Aliases);
        yaml.Section("upstreams", model.Upstreams, upstream => yaml.Item(() =>
        {
            yaml.Field("provider", upstream.Provider);
            yaml.Field("model", upstream.Model);
            yaml.Field("weight", Unless(upstream.Weight, 1));
            yaml.Field("enabled", upstream.Enabled ? null : false);
        }));
        yaml.Field("fallbacks", model.Fallbacks);
        Numbers(yaml, "timeouts", ("ttft_ms", model.TtftTimeoutMs), ("idle_ms", model.IdleTimeoutMs), ("total_ms", model.TotalTimeoutMs));
        if (HedgeAfter.TryParse(model.HedgeAfter, out var hedge) && hedge.Fixed is { } wait)
        {
            yaml.Field("hedge_after", wait.TotalMilliseconds);
        }
        else
        {
            yaml.Field("hedge_after", model.HedgeAfter);
        }

        yaml.Section("throughput_guard", model.MinCharsPerSecond is { } least ? [least] : Array.Empty<double>(), speed => yaml.Field("min_chars_per_second", speed));
        yaml.Field("continuation", model.Continuation ? true : null);
        yaml.Field("bandit_reward", model.BanditReward == BanditReward.Success ? null : EnumFilter.Name(model.BanditReward));
        yaml.Field("enabled", model.Enabled ? null : false);
        yaml.Field("tags", model.Tags);
    }

    private async Task WriteApiKeysAsync(YamlText yaml, CancellationToken cancellationToken)
    {
        var users = await db.Users.AsNoTracking().Where(u => u.Email != null).ToDictionaryAsync(u => u.Id, u => u.Email!, cancellationToken);
        var keys = await db.ApiKeys.AsNoTracking().Where(k => k.DeletedAt == null && k.Status == ApiKeyStatus.Active).OrderBy(k => k.CreatedAt).ToListAsync(cancellationToken);
        var exported = (from key in keys
                        where key.Scopes is [ApiKey.InferenceScope]
                        let user = key.DeclaredUser ?? (key.UserId is { } id ? users.GetValueOrDefault(id) : null)
                        where user is not null
                        select (key, user)).ToList();
        yaml.Section("api_keys", exported, item => yaml.Item(() =>
        {
            yaml.Comment($"only its digest is stored: the key that starts with {item.key.Prefix}, or a new one");
            yaml.Field("name", item.key.Name);
            yaml.Field("key", $"env:{Variable($"{item.user}_{item.key.Name}_API_KEY")}");
            yaml.Field("user", item.user);
            yaml.Field("allowed_models", item.key.AllowedModels);
            yaml.Field("allowed_provider_ids", item.key.AllowedProviderIds);
        }));
    }

    private void WriteSettings(YamlText yaml)
    {
        var chosen = new List<(SettingDefinition Definition, string Value)>();
        foreach (var definition in SettingCatalogue.All)
        {
            if (layers.ConfigurationFile.TryGet(definition.Key, out var value) || layers.Console.TryGet(definition.Key, out value))
            {
                chosen.Add((definition, value ?? ""));
            }
        }

        yaml.Section("settings", chosen, s => yaml.Field(s.Definition.Name.ToLowerInvariant(), s.Definition.Setting.Secret ? $"env:{s.Definition.Name}" : s.Value));
    }

    private static void Numbers(YamlText yaml, string name, params (string Name, int? Value)[] fields) =>
        yaml.Section(name, fields.Where(f => f.Value is not null).ToList(), f => yaml.Field(f.Name, f.Value));

    private static double? Unless(int value, int usual) => value == usual ? null : value;

    private static string Variable(string text)
    {
        var name = new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_')]);
        return char.IsAsciiDigit(name[0]) ? $"_{name}" : name;
    }
}
