using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// Remembers which provider and key made what only its maker can read (signatures, encrypted thoughts), so that a conversation that
/// carries such a thing goes back to where it can be read. Kept in memory, the newest only; a digest is kept, never the thing itself.
/// </summary>
internal sealed class SealMakers
{
    private const int MostPerGeneration = 50_000;

    private ConcurrentDictionary<UInt128, SealMaker> _young = new();
    private ConcurrentDictionary<UInt128, SealMaker> _old = new();

    public void Note(IReadOnlyList<Seal> seals, string provider, Guid? key)
    {
        foreach (var seal in seals)
        {
            if (_young.Count >= MostPerGeneration)
            {
                // Two requests may both turn the page; then some are forgotten early.
                (_old, _young) = (_young, new());
            }

            _young[Digest(seal.Value)] = new SealMaker(provider, key, IsForeign: false);
        }
    }

    /// <summary>Who made the newest such thing in a request; null when there is none, or nobody remembers.</summary>
    public SealMaker? Find(InboundCall call)
    {
        var seals = SealScanner.Find(call.Protocol, call.Body.Span);
        for (var i = seals.Count - 1; i >= 0; i--)
        {
            var seal = seals[i];
            if (seal.Maker != call.Protocol)
            {
                if (seal.Provider is { } provider)
                {
                    return new SealMaker(provider, null, IsForeign: true);
                }
            }
            else if (_young.TryGetValue(Digest(seal.Value), out var maker) || _old.TryGetValue(Digest(seal.Value), out maker))
            {
                return maker;
            }
        }

        return null;
    }

    private static UInt128 Digest(string value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(value), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}

/// <summary>Where something was made that only its maker can read.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Key">Its key, if that is known.</param>
/// <param name="IsForeign">It was marked on its way through another protocol: it is left out for everybody else, so others may serve, too.</param>
internal sealed record SealMaker(string Provider, Guid? Key, bool IsForeign);
