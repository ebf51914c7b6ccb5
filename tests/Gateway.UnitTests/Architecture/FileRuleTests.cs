using AIHigress.TestKit;

namespace AIHigress.Gateway.UnitTests.Architecture;

/// <summary>Sizes that house-style.md promises.</summary>
public sealed class FileRuleTests
{
    private static readonly string[] Folders = ["src", "tests", "bench"];

    [Fact]
    public void Files_Source_AreShort()
    {
        var tooLong = SourceFiles().Where(f => Lines(f) > (IsTest(f) ? 800 : 500)).Select(f => $"{Relative(f)}: {Lines(f)} lines");

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Files_NineteenOfTwenty_AreAtMost300Lines()
    {
        var files = SourceFiles().Where(f => !IsTest(f)).ToList();

        Assert.True(files.Count(f => Lines(f) <= 300) >= files.Count * 0.95);
    }

    [Fact]
    public void Program_IsATableOfContents() => Assert.InRange(Lines(Repository.File("src/Gateway/Program.cs")), 1, 60);

    [Fact]
    public void Common_StaysSmall() =>
        Assert.InRange(Directory.GetFiles(Repository.File("src/Gateway/Common"), "*.cs", SearchOption.AllDirectories).Length, 1, 15);

    [Fact]
    public void Folders_HoldAtMost20SourceFiles()
    {
        var crowded = SourceFiles().GroupBy(Path.GetDirectoryName).Where(g => g.Count() > 20 && !IsTest(g.Key!)).Select(g => $"{Relative(g.Key!)}: {g.Count()}");

        Assert.Empty(crowded);
    }

    [Fact]
    public void Source_HasNoRegionsAndNoSuppressionsWithoutReason()
    {
        var faults =
            from file in SourceFiles()
            from line in File.ReadLines(file).Select((text, i) => (Text: text.Trim(), Number: i + 1))
            where line.Text.StartsWith("#region", StringComparison.Ordinal)
                || (line.Text.StartsWith("#pragma warning disable", StringComparison.Ordinal) && !line.Text.Contains("//", StringComparison.Ordinal))
            select $"{Relative(file)}:{line.Number}";

        Assert.Empty(faults);
    }

    private static IEnumerable<string> SourceFiles() => Folders
        .Select(Repository.File)
        .Where(Directory.Exists)
        .SelectMany(f => Directory.EnumerateFiles(f, "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/Migrations/", StringComparison.Ordinal));

    private static bool IsTest(string path) => Relative(path).StartsWith("tests/", StringComparison.Ordinal);

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path);

    private static int Lines(string path) => File.ReadLines(path).Count();
}
