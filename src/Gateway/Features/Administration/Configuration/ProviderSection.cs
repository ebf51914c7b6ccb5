using System.Net;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Features.Providers.Keys;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>The <c>providers:</c> section, by the very rules of the API.</summary>
internal sealed class ProviderSection(List<ConfigFault> faults)
{
    public List<DeclaredProvider> Read(IReadOnlyList<MapReader> items)
    {
        var providers = new List<DeclaredProvider>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var fields = Fields(item);
            item.Finish();
            var errors = new FieldErrors();
            if (fields.Id is null)
            {
                errors.Required("id");
            }
            else if (!seen.Add(fields.Id))
            {
                errors.Add("id", "duplicate", "is declared twice");
            }

            ProviderRules.Id(fields.Id, errors);
            ProviderRules.Check(fields, errors);
            References(fields, errors);
            var uri = BaseUrl.Parse(fields.BaseUrl, fields.Kind ?? ProviderKinds.OpenAI, errors);
            if (uri is not null && IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && AddressClass.Of(address) == AddressReach.Forbidden)
            {
                errors.Add("base_url", "forbidden_host", "names a link-local or metadata address, which is never called");
            }

            faults.AddRange(errors.All.Select(e => new ConfigFault(ConfigPaths.LineOf(item.Map, e.Path), item.PathOf(e.Path), e.Problem.Message)));
            if (!errors.Any)
            {
                providers.Add(new DeclaredProvider(fields, uri!, new Place(item.Map.Line, item.PathOf("").TrimEnd('.'))));
            }
        }

        return providers;
    }

    private static CreateProvider Fields(MapReader item)
    {
        var id = item.Text("id");
        var models = item.Texts("models");
        return new CreateProvider
        {
            Id = id,
            Name = item.Text("name") ?? id ?? "unnamed",
            Description = item.Text("description"),
            Tags = item.Texts("tags"),
            Region = item.Text("region"),
            Kind = item.Text("kind"),
            BaseUrl = item.Text("base_url"),
            Keys = Keys(item),
            Weight = item.Int("weight"),
            MaxQps = item.Int("max_qps"),
            MaxConcurrency = item.Int("max_concurrency"),
            Timeouts = Timeouts(item),
            Auth = Auth(item),
            Headers = item.TextMap("headers"),
            Query = item.TextMap("query"),
            Paths = item.TextMap("paths"),
            Proxy = item.Text("proxy"),
            ProxyRequired = item.Bool("proxy_required"),
            RetryableStatusCodes = item.Ints("retryable_status_codes"),
            Probe = Probe(item),
            Models = models,
            Discovery = models is null ? ModelDiscovery.Auto : ModelDiscovery.Off,
        };
    }

    private static NewProviderKey[] Keys(MapReader item)
    {
        var keys = new List<NewProviderKey>();
        foreach (var key in item.Inners("keys"))
        {
            keys.Add(new NewProviderKey
            {
                Label = key.Text("label") ?? $"key-{keys.Count + 1}",
                Key = key.Text("key"),
                Weight = key.Number("weight"),
                MaxQps = key.Int("max_qps"),
                Rpm = key.Int("rpm"),
                Tpm = key.Long("tpm"),
                MaxConcurrency = key.Int("max_concurrency"),
            });
            key.Finish();
        }

        return [.. keys];
    }

    private static ProviderTimeouts? Timeouts(MapReader item)
    {
        var map = item.Inner("timeouts");
        var timeouts = map is null ? null : new ProviderTimeouts(map.Int("connect_ms"), map.Int("ttft_ms"), map.Int("idle_ms"), map.Int("total_ms"));
        map?.Finish();
        return timeouts;
    }

    private static ProbeSettings? Probe(MapReader item)
    {
        if (item.Inner("probe") is not { } map)
        {
            return null;
        }

        var probe = new ProbeSettings
        {
            Enabled = map.Bool("enabled"),
            IntervalSeconds = map.Int("interval_seconds"),
            Model = map.Text("model"),
            Prompt = map.Text("prompt"),
            AutoPause = map.Bool("auto_pause"),
        };
        map.Finish();
        return probe;
    }

    private static ProviderAuth? Auth(MapReader item)
    {
        if (item.Inner("auth") is not { } map)
        {
            return null;
        }

        var (style, name) = (map.Text("style"), map.Text("name"));
        map.Finish();
        foreach (var known in Enum.GetValues<ProviderAuthStyle>())
        {
            if (style is not null && EnumFilter.Name(known) == style)
            {
                return new ProviderAuth(known, name);
            }
        }

        map.Fault("style", "must be bearer, header, query or none");
        return null;
    }

    private static void References(CreateProvider fields, FieldErrors errors)
    {
        KeyRules.Check(fields.Keys, errors);
        for (var i = 0; i < fields.Keys?.Length; i++)
        {
            if (fields.Keys[i].Key is { } reference && !SecretReference.IsValid(reference))
            {
                errors.Add($"keys[{i}].key", "reference", SecretReference.Rule);
            }
        }
    }
}
