using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Features.Administration.Configuration.Yaml;

namespace AIHigress.Gateway.Features.Administration.Configuration.Applying;

/// <summary>The declared references with the secrets they mean; made once per application of the file.</summary>
internal sealed class SecretResolver(string file)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);

    /// <summary>Opens every reference of the file; one that is missing is a fault.</summary>
    public IReadOnlyList<ConfigFault> ResolveAll(DeclaredConfiguration declared)
    {
        var faults = new List<ConfigFault>();
        foreach (var provider in declared.Providers)
        {
            var keys = provider.Fields.Keys ?? [];
            for (var i = 0; i < keys.Length; i++)
            {
                Resolve(keys[i].Key!, provider.Place, $"keys[{i}].key", faults);
            }

            var distinct = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < keys.Length; i++)
            {
                if (_secrets.TryGetValue(keys[i].Key!, out var secret) && !distinct.Add(secret))
                {
                    faults.Add(provider.Place.Fault($"keys[{i}].key", "is the same secret as that of another key of this provider"));
                }
            }
        }

        foreach (var key in declared.ApiKeys)
        {
            Resolve(key.Reference, key.Place, "key", faults);
            if (_secrets.TryGetValue(key.Reference, out var secret) && (secret.Length is < 24 or > 512 || secret.Any(c => c is <= ' ' or > '~')))
            {
                faults.Add(key.Place.Fault("key", "must have 24 to 512 printable ASCII characters without spaces"));
            }
        }

        foreach (var setting in declared.Settings.Where(s => s.IsReference))
        {
            Resolve(setting.Value, setting.Place, "", faults);
        }

        return faults;
    }

    public string Of(string reference) => _secrets[reference];

    /// <summary>Tells whether any of the secrets changed, without keeping them.</summary>
    public byte[] Digest() =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', _secrets.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"))));

    private void Resolve(string reference, Place place, string field, List<ConfigFault> faults)
    {
        if (_secrets.ContainsKey(reference))
        {
            return;
        }

        if (SecretReference.Resolve(reference, _folder, out var fault) is { } secret)
        {
            _secrets[reference] = secret;
        }
        else
        {
            faults.Add(place.Fault(field, fault!));
        }
    }
}
