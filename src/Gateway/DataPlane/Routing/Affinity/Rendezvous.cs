using System.Runtime.InteropServices;
using AIHigress.Gateway.DataPlane.Routing.Strategies;

namespace AIHigress.Gateway.DataPlane.Routing.Affinity;

/// <summary>
/// Weighted rendezvous hashing: every upstream ranks itself for a digest by its own name alone. All replicas and restarts
/// agree without talking, and an upstream that comes or goes moves only the digests that are its own. Given weights count,
/// dynamic ones do not: they would move prompts away from the caches that hold them.
/// </summary>
internal static class Rendezvous
{
    public static void Rank(in CandidatePool pool, ulong digest)
    {
        for (var i = 0; i < pool.Count; i++)
        {
            pool[i].Rank = RankOf(pool[i].Upstream.Key, pool[i].Upstream.Weight, digest);
        }
    }

    /// <summary>Positive; the highest wins, with a chance in proportion to the weight. Weight 0 ranks last.</summary>
    public static double RankOf(string key, double weight, ulong digest)
    {
        var hash = Mix(digest ^ Mix(HashOf(key)));
        // 53 bits make a double in (0, 1).
        var unit = ((hash >> 11) + 0.5) * (1d / (1UL << 53));
        return Math.Max(weight, 1e-9) / -Math.Log(unit);
    }

    // FNV-1a: the same in every process, unlike string.GetHashCode.
    private static ulong HashOf(string key)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in MemoryMarshal.AsBytes(key.AsSpan()))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }

    // The finalizer of SplitMix64: every bit of the input moves half of the output.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
