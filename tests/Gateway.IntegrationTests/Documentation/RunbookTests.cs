using System.Text.RegularExpressions;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Documentation;

/// <summary>The runbook quotes what the server says; a text that nothing says any more helps nobody.</summary>
public sealed partial class RunbookTests
{
    private const int FewestQuotes = 10;

    [Fact]
    public void Quotes_OfLogLinesAndRefusals_AreSaidByTheServer()
    {
        var said = string.Join('\n', Directory.GetFiles(Repository.File("src/Gateway"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var quotes = QuotePattern().Matches(File.ReadAllText(Repository.File("docs/runbook.md")))
            .Select(m => m.Groups["text"].Value)
            .Where(quote => quote.Count(c => c == ' ') >= 4)
            .ToList();
        Assert.True(quotes.Count >= FewestQuotes, "the runbook quotes nothing");

        // "…" stands for what differs; of a refusal the setting's name comes from elsewhere.
        foreach (var part in quotes.SelectMany(q => SettingPrefix().Replace(q, "").Split('…', StringSplitOptions.TrimEntries)).Where(p => p.Length >= 12))
        {
            Assert.True(said.Contains(part, StringComparison.Ordinal), $"nothing says: {part}");
        }
    }

    [GeneratedRegex("(?<!`)`(?<text>[^`\n]+)`(?!`)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotePattern();

    [GeneratedRegex("^[A-Z_]+: ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingPrefix();
}
