using System.Text;

namespace AIHigress.Wire.Json;

/// <summary>Compares member names the way the loosest parser behind us might.</summary>
internal static class JsonKeys
{
    /// <summary>Room for the longest name, in escaped bytes, that can still be one of ours (every character written as \uXXXX).</summary>
    public const int ScratchBytes = 192;

    /// <summary>True when <paramref name="key"/> is <paramref name="name"/> (lower case) but for letter case; <paramref name="exact"/>: the case is right too.</summary>
    public static bool Matches(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name, out bool exact)
    {
        Span<byte> scratch = stackalloc byte[ScratchBytes];
        exact = key.SequenceEqual(name);
        return exact || Ascii.EqualsIgnoreCase(Fold(key, scratch), name);
    }

    /// <summary>
    /// The key with the two non-ASCII characters replaced that parsers which ignore letter case by Unicode's rules (Go's among them)
    /// take for ASCII letters: the long s (U+017F) and the Kelvin sign (U+212A). Other keys come back as they are.
    /// </summary>
    public static ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> key, Span<byte> scratch)
    {
        if (Ascii.IsValid(key) || key.Length > scratch.Length)
        {
            return key;
        }

        var written = 0;
        while (!key.IsEmpty)
        {
            var width = 1;
            if (key.StartsWith("\u017F"u8))
            {
                scratch[written++] = (byte)'s';
                width = 2;
            }
            else if (key.StartsWith("\u212A"u8))
            {
                scratch[written++] = (byte)'k';
                width = 3;
            }
            else
            {
                scratch[written++] = key[0];
            }

            key = key[width..];
        }

        return scratch[..written];
    }
}
