using System.Text;

namespace AIHigress.MockUpstream.Scripting;

/// <summary>What the mock says, piece by piece: <c>token1 token2 …</c> unless the script has its own text.</summary>
public static class Words
{
    private const int OrdinaryChunks = 8;
    private const int Mebibyte = 1024 * 1024;

    /// <summary>The whole text of an answer with this behaviour.</summary>
    public static string Text(Behaviour behaviour) => string.Concat(Pieces(behaviour));

    /// <summary>The content of each chunk.</summary>
    public static IReadOnlyList<string> Pieces(Behaviour behaviour)
    {
        if (behaviour.Huge is { } size)
        {
            return [new string('x', size * Mebibyte)];
        }

        if (behaviour.Text is { } text)
        {
            return behaviour.Chunks is { } chunks ? Cut(text, chunks) : ByWord(text);
        }

        var word = behaviour.SplitUtf8 == true ? "tökén😀" : "token";
        return [.. Enumerable.Range(1, behaviour.Chunks ?? OrdinaryChunks).Select(i => Pad((i == 1 ? "" : " ") + word + i, behaviour.ChunkBytes))];
    }

    /// <summary>The reasoning, piece by piece.</summary>
    internal static IReadOnlyList<string> Thoughts(Behaviour behaviour) =>
        [.. Enumerable.Range(1, behaviour.Reasoning ?? 0).Select(i => i == 1 ? "thought1" : $" thought{i}")];

    private static string Pad(string piece, int? bytes) =>
        bytes is { } wanted && Encoding.UTF8.GetByteCount(piece) is var has && has < wanted ? piece + new string('x', wanted - has) : piece;

    /// <summary>Words with the space before them.</summary>
    private static List<string> ByWord(string text)
    {
        var pieces = new List<string>();
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == ' ')
            {
                pieces.Add(text[start..i]);
                start = i;
            }
        }

        pieces.Add(text[start..]);
        return pieces;
    }

    /// <summary>Pieces of nearly equal length, never cut inside a character.</summary>
    private static List<string> Cut(string text, int count)
    {
        var runes = text.EnumerateRunes().Select(r => r.ToString()).ToArray();
        return [.. Enumerable.Range(0, count).Select(i =>
            string.Concat(runes[(int)((long)runes.Length * i / count)..(int)((long)runes.Length * (i + 1) / count)]))];
    }
}
