using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire;

/// <summary>Generates JSON text, not values: odd white space, number forms and escapes are what the codecs must keep or survive.</summary>
internal static class JsonGen
{
    public static readonly Gen<string> Space = Gen.OneOf("", "", " ", "\n", "\t", "\r\n", "  \n ");

    public static readonly Gen<string> Number = Gen.OneOf("0", "-0", "1.50", "1e400", "-1E-7", "123456789012345678901234567890", "0.1e+5");

    /// <summary>A string token with its quotes.</summary>
    public static readonly Gen<string> StringToken = Gen
        .OneOf("a", "model", "é", "日本", "😀", "\\n", "\\u0041", "\\ud83d\\ude00", "\\ud800", "\\/", "\\\"", "\\\\", "{", ",", ":", " ")
        .Array[0, 6]
        .Select(pieces => $"\"{string.Concat(pieces)}\"");

    /// <summary>Any value, up to four levels deep.</summary>
    public static readonly Gen<string> Value = Nested(4);

    /// <summary>A member that no scanner knows: key token, colon and value with white space around them.</summary>
    public static readonly Gen<string> UnknownMember = Gen.Select(Gen.Int[0, 999], Space, Space, Value).Select((n, a, b, value) => $"\"x{n}\"{a}:{b}{value}");

    private static Gen<string> Nested(int depth)
    {
        var scalar = Gen.OneOf(Number, StringToken, Gen.OneOf("true", "false", "null"));
        if (depth == 0)
        {
            return scalar;
        }

        var inner = Nested(depth - 1);
        var array = Gen.Select(Space, Gen.Select(inner, Space).Select((value, space) => value + space).Array[0, 3])
            .Select((space, items) => $"[{space}{string.Join(",", items)}]");
        var member = Gen.Select(StringToken, Space, inner, Space).Select((key, a, value, b) => $"{key}{a}:{value}{b}");
        var obj = Gen.Select(Space, member.Array[0, 3]).Select((space, members) => $"{{{space}{string.Join(",", members)}}}");
        return Gen.Frequency((3, scalar), (1, array), (1, obj));
    }
}
