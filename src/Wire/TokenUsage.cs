using System.Runtime.InteropServices;

namespace AIHigress.Wire;

/// <summary>
/// Tokens of one exchange as five counts that do not overlap, whatever the upstream's own counting was. Readers in this assembly
/// never make a negative count, and a count the upstream reported as 0 is 0.
/// </summary>
/// <param name="Input">Prompt tokens that were neither read from nor written to the upstream's prompt cache.</param>
/// <param name="CachedInput">Prompt tokens read from the upstream's prompt cache.</param>
/// <param name="CacheWrite">Prompt tokens written to the upstream's prompt cache.</param>
/// <param name="Output">Generated tokens that the client sees.</param>
/// <param name="Reasoning">Generated tokens spent on thinking.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenUsage(long Input, long CachedInput, long CacheWrite, long Output, long Reasoning)
{
    /// <summary>All five counts together; stops at <see cref="long.MaxValue"/> instead of overflowing.</summary>
    public long Total
    {
        get
        {
            var sum = (Int128)Input + CachedInput + CacheWrite + Output + Reasoning;
            return sum > long.MaxValue ? long.MaxValue : (long)sum;
        }
    }
}
