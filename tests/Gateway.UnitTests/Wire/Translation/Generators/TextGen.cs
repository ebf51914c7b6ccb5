namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>Texts, names, ids and JSON as requests and answers hold them, with what breaks careless escaping.</summary>
internal static class TextGen
{
    private static readonly string[] Pieces =
    [
        "a", "word ", "Zeile", "é", "日本", "😀", "👩‍👩‍👧", "\n", "\r\n", "\t", "\"", "\\", "'", "{", "}", "[", ",", ":", "</b>", "&", "\u0001", "\u007f", "\u2028", "\\u0041",
        "data: x\n\n", "[DONE]", "{\"a\":1}", "\ufeff", " ",
    ];

    private static readonly string[] Members =
    [
        "\"city\":\"Köln\"", "\"n\":1.50", "\"big\":12345678901234567890", "\"e\":1e-7", "\"t\":true", "\"z\":null", "\"s\":\"a\\\"b\\\\c\\n\"", "\"u\":\"\\ud83d\\ude00\"",
        "\"list\":[1,[2],{\"x\":\"}\"}]", "\"o\":{\"input\":\"{\"}", "\"\":\"\"", "\"input\":\"free\"",
    ];

    /// <summary>Never empty.</summary>
    public static string Text(Dice dice) => string.Concat(dice.Many(1, 8, () => dice.OneOf<string>(Pieces)));

    /// <summary>Text that no trimming, joining or dropping of blanks changes: for names of files and the like.</summary>
    public static string Plain(Dice dice) => string.Concat(dice.Many(1, 3, () => dice.OneOf("a", "word", "é", "日本", "😀", "\"", "\\")));

    /// <summary>Of the alphabet that every protocol takes.</summary>
    public static string Id(Dice dice, string prefix) => prefix + string.Concat(dice.Many(6, 10, () => dice.OneOf('a', 'B', '7', 'x', '0', '_', '-')));

    public static string ToolName(Dice dice) => dice.OneOf("get_weather", "search", "f", "Do-It_2", "mcp__files__read");

    /// <summary>A JSON object as a model writes it, compact or with blanks.</summary>
    public static string JsonObject(Dice dice)
    {
        var members = dice.Many(0, 4, () => dice.OneOf<string>(Members)).Distinct();
        return dice.Percent(20) ? $"{{ {string.Join(", ", members)} }}" : $"{{{string.Join(",", members)}}}";
    }

    public static string Schema(Dice dice) => dice.OneOf(
        """{"type":"object","properties":{"city":{"type":"string","description":"Größe \"x\""}},"required":["city"],"additionalProperties":false}""",
        """{"type":"object","properties":{"a":{"type":["integer","null"],"minimum":1e0},"b":{"enum":["x",null,2]}}}""",
        """{ "type": "object", "$defs": {"t":{"type":"array","items":{"$ref":"#/$defs/t"}}}, "properties": {"t":{"$ref":"#/$defs/t"}} }""");

    public static string Base64(Dice dice) => Convert.ToBase64String([.. dice.Many(1, 12, () => (byte)dice.Below(256))]);
}
