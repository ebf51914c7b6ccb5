using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// Remembers which provider and key made what only its maker can read (signatures, encrypted thoughts), so that a conversation that
/// carries such a thing goes back to where it can be read. Kept in memory, the newest only, and shared with the other replicas; a digest is kept,
/// never the thing itself.
/// </summary>
internal sealed class SealMakers(SharedSealMakers shared)
{
    private const int MostPerGeneration = 50_000;

    private ConcurrentDictionary<UInt128, SealMaker> _young = new();
    private ConcurrentDictionary<UInt128, SealMaker> _old = new();

    public void Note(IReadOnlyList<Seal> seals, string provider, Guid? key)
    {
        if (seals.Count == 0)
        {
            return;
        }

        var digests = seals.Select(s => Digest(s.Value)).ToList();
        foreach (var digest in digests)
        {
            if (_young.Count >= MostPerGeneration)
            {
                // Two requests may both turn the page; then some are forgotten early.
                (_old, _young) = (_young, new());
            }

            _young[digest] = new SealMaker(provider, key, IsForeign: false);
        }

        shared.Note(digests, provider, key);
    }

    /// <summary>Who made the newest such thing in a request; null when there is none, or nobody remembers.</summary>
    public async ValueTask<SealMaker?> FindAsync(InboundCall call)
    {
        var seals = SealScanner.Find(call.Protocol, call.Body.Span);
        var (unknown, known) = (new List<UInt128>(), default(SealMaker));
        for (var i = seals.Count - 1; i >= 0 && known is null; i--)
        {
            var seal = seals[i];
            if (seal.Maker != call.Protocol)
            {
                if (seal.Provider is { } provider)
                {
                    known = new SealMaker(provider, null, IsForeign: true);
                }
            }
            else if (Digest(seal.Value) is var digest && !_young.TryGetValue(digest, out known) && !_old.TryGetValue(digest, out known))
            {
                unknown.Add(digest);
            }
        }

        // What is newer than what is known here may have been made through another replica, or before the start.
        return (unknown.Count > 0 ? await shared.FindAsync(unknown) : null) ?? known;
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
