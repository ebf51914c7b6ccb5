using System.Text;
using System.Text.Json;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>Makes bad input out of good: bytes changed anywhere, JSON values and members changed so that the JSON stays valid, events moved about.</summary>
internal static class Mutation
{
    private static readonly string[] Tokens =
    [
        "null", "true", "false", "0", "-1", "1e400", "-1e-400", "12345678901234567890", "2.5", "\"\"", "\"\\ud800\"", "\"\\udc00\\ud83d\"", "\"a\\u0000b\"", "{}", "[]", "[{}]", "[null]", "[[]]", "[\"x\"]",
        "{\"type\":1}", "{\"type\":\"x\"}", "{\"\\ud800\":1}", "{\"type\":\"text\",\"text\":null}", "{\"role\":[]}",
    ];

    public static byte[] Json(Dice dice, byte[] json)
    {
        for (var left = dice.Below(5); left > 0; left--)
        {
            json = dice.Percent(30) ? Bytes(dice, json) : Token(dice, json);
        }

        return json;
    }

    public static byte[] Stream(Dice dice, byte[] stream)
    {
        var events = Encoding.UTF8.GetString(stream).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).ToList();
        for (var left = dice.Below(5); left > 0 && events.Count > 0; left--)
        {
            ChangeEvents(dice, events);
        }

        var lineEnd = dice.OneOf("\n", "\n", "\r\n", "\r");
        var mutated = Encoding.UTF8.GetBytes(string.Concat(events.Select(e => e.Replace("\n", lineEnd, StringComparison.Ordinal) + lineEnd + lineEnd)));
        return dice.Percent(20) ? Bytes(dice, mutated) : mutated;
    }

    public static byte[] Noise(Dice dice) => dice.Below(3) switch
    {
        0 => [.. dice.Many(0, 80, () => (byte)dice.Below(256))],
        1 => [.. dice.Many(0, 80, () => dice.OneOf("{}[]\",:\\ud8n0eE+-.t\r\n a"u8))],
        _ => Encoding.UTF8.GetBytes(dice.OneOf<string>(Tokens)),
    };

    private static void ChangeEvents(Dice dice, List<string> events)
    {
        var at = dice.Below(events.Count);
        switch (dice.Below(6))
        {
            case 0:
                events.RemoveAt(at);
                break;
            case 1:
                events.Insert(dice.Below(events.Count + 1), events[at]);
                break;
            case 2:
                var other = dice.Below(events.Count);
                (events[at], events[other]) = (events[other], events[at]);
                break;
            default:
                var data = events[at].IndexOf("data: ", StringComparison.Ordinal);
                if (data >= 0)
                {
                    events[at] = string.Concat(events[at].AsSpan(0, data + 6), Encoding.UTF8.GetString(Token(dice, Encoding.UTF8.GetBytes(events[at][(data + 6)..]))));
                }

                break;
        }
    }

    // Replaces one value, or takes one out, or doubles a piece.
    private static byte[] Token(Dice dice, byte[] json)
    {
        var places = Values(json);
        if (places.Count == 0)
        {
            return Bytes(dice, json);
        }

        var (start, end) = places[dice.Below(places.Count)];
        var (otherStart, otherEnd) = places[dice.Below(places.Count)];
        ReadOnlySpan<byte> value = dice.Below(20) switch
        {
            0 => Large(dice),
            < 5 => json.AsSpan(otherStart, otherEnd - otherStart),
            _ => Encoding.UTF8.GetBytes(dice.OneOf<string>(Tokens)),
        };
        return [.. json.AsSpan(0, start), .. value, .. json.AsSpan(end)];
    }

    private static byte[] Large(Dice dice)
    {
        var times = dice.OneOf(40, 4_000, 20_000);
        return Encoding.UTF8.GetBytes(dice.Below(6) switch
        {
            0 => $"\"{new string('a', times)}\"",
            1 => $"\"{string.Concat(Enumerable.Repeat("\\u00e9", times / 4))}\"",
            2 => $"\"{string.Concat(Enumerable.Repeat("😀", times / 4))}\"",
            3 => new string('[', times / 40) + new string(']', times / 40),
            4 => $"[{string.Join(",", Enumerable.Repeat("{}", times / 4))}]",
            _ => $"{{{string.Join(",", Enumerable.Range(0, times / 8).Select(i => $"\"x{i}\":1"))}}}",
        });
    }

    private static byte[] Bytes(Dice dice, byte[] bytes)
    {
        var at = dice.Below(bytes.Length + 1);
        var length = Math.Min(dice.Below(12), bytes.Length - at);
        var value = dice.Percent(50) ? (byte)dice.Below(256) : dice.OneOf("{}[]\",:\\u0dn\r\n "u8);
        return dice.Below(4) switch
        {
            0 => [.. bytes[..at], value, .. bytes[at..]],
            1 => [.. bytes[..at], .. bytes[(at + length)..]],
            2 => [.. bytes[..(at + length)], .. bytes[at..]],
            _ => [.. bytes[..at], value, .. bytes[Math.Min(at + 1, bytes.Length)..]],
        };
    }

    /// <summary>Where each value of a JSON text stands; none when it is not JSON.</summary>
    private static List<(int Start, int End)> Values(byte[] json)
    {
        var places = new List<(int Start, int End)>();
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((int)reader.TokenStartIndex);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        places.Add((open.Pop(), (int)reader.BytesConsumed));
                        break;
                    case not JsonTokenType.PropertyName:
                        places.Add(((int)reader.TokenStartIndex, (int)reader.BytesConsumed));
                        break;
                }
            }

            return places;
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
