using System.Text.RegularExpressions;
using AIHigress.Gateway.UnitTests.Wire.Translation;
using AIHigress.TestKit;
using AIHigress.Wire;

namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>
/// The fields that the makers of the protocols publish, against the tables: what no table knows would be dropped without anybody having
/// thought about it. The lists hold names only, one path a line, in the words of the rules; what stands below hosted tools and their
/// traces is left out.
/// </summary>
public sealed partial class PublishedFieldsTests
{
    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Table_EveryPublishedField_StandsInIt(WireProtocol protocol)
    {
        var table = new Node();
        foreach (var rule in CodecsUnderTest.Of(protocol).Fields.Rules.Where(r => r.When is null))
        {
            table.Add(Split(rule.Path));
        }

        var published = Published(protocol);

        Assert.True(published.Count > 90, $"Only {published.Count} fields are listed.");
        Assert.Empty(published.Where(path => !table.Has(Split(path))));
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Lists_EachField_StandsOnce(WireProtocol protocol) =>
        Assert.Empty(Published(protocol).GroupBy(p => p).Where(g => g.Count() > 1).Select(g => g.Key));

    private static List<string> Published(WireProtocol protocol) =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "Gateway.UnitTests", "Wire", "FieldWalk", "PublishedFields", $"{protocol}.txt"))
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    private static string[] Split(string path) => [.. Steps().Matches(path).Select(m => m.Value)];

    [GeneratedRegex(@"\[[^\]]*\]|[^.\[]+", RegexOptions.None, 1000)]
    private static partial Regex Steps();

    private sealed class Node
    {
        private readonly Dictionary<string, Node> _below = new(StringComparer.Ordinal);

        public void Add(ReadOnlySpan<string> steps)
        {
            if (steps.IsEmpty)
            {
                return;
            }

            if (!_below.TryGetValue(steps[0], out var next))
            {
                _below.Add(steps[0], next = new Node());
            }

            next.Add(steps[1..]);
        }

        /// <summary>A field below one without rules of its own goes with that one; an element of no kind that is named is any other.</summary>
        public bool Has(ReadOnlySpan<string> steps)
        {
            if (steps.IsEmpty || _below.Count == 0)
            {
                return true;
            }

            if (_below.TryGetValue(steps[0], out var next))
            {
                return next.Has(steps[1..]);
            }

            return steps[0][0] == '['
                ? _below.TryGetValue("[*]", out next) || _below.TryGetValue("[]", out next) ? next.Has(steps[1..]) : Has(steps[1..])
                : _below.TryGetValue("[]", out next) && next.Has(steps);
        }
    }
}
