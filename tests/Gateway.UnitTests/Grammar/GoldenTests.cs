using System.Text;
using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.UnitTests.Grammar;

/// <summary>The golden exchanges are what the protocols publish: every checker accepts them, and both forms of an answer say the same.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Files() => [.. Names("*.*")];

    public static TheoryData<string> Streams() => Streams("");

    public static TheoryData<string> Pairs() => [.. Names("*.sse").Where(n => File.Exists(Path.Combine(Golden.Folder, Path.ChangeExtension(n, ".json"))))];

    /// <summary>Those of one protocol.</summary>
    internal static TheoryData<string> Streams(string protocol) => [.. Names("*.sse").Where(n => n.StartsWith(protocol, StringComparison.Ordinal))];

    [Fact]
    public void Folder_HoldsExchangesOfEveryProtocol() => Assert.All(
        ["chat", "messages", "responses", "gemini"],
        protocol => Assert.InRange(Names("*.*").Count(n => n.StartsWith(protocol + "/", StringComparison.Ordinal)), 14, 40));

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_Golden_IsAccepted(string name)
    {
        var seen = Golden.Read(name, Golden.Load(name).Bytes);

        Assert.NotEqual(seen.EndedProperly, seen.Error is not null);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Read_BothForms_SeeTheSameAnswer(string stream)
    {
        var plain = Path.ChangeExtension(stream, ".json");

        var streamed = Golden.Read(stream, Golden.Load(stream).Bytes);
        var whole = Golden.Read(plain, Golden.Load(plain).Bytes);

        Assert.Equal(whole.Content, streamed.Content);
        Assert.Equal((whole.Id, whole.Model), (streamed.Id, streamed.Model));
        if (streamed.Usage.Count > 0)
        {
            AssertSameUsage(whole, streamed);
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Read_CarriageReturnsAndComments_ChangeNothing(string name)
    {
        var golden = Golden.Load(name);
        var text = ": keep-alive\n\n" + Encoding.UTF8.GetString(golden.Bytes).Replace("\n\n", "\n\n: ping\n\n", StringComparison.Ordinal);

        var seen = Golden.Read(name, Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));

        Assert.Equal(Golden.Read(name, golden.Bytes), seen);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Read_StreamCutBetweenEvents_IsRefused(string name)
    {
        var golden = Golden.Load(name);
        for (var kept = 0; kept < golden.Events.Count; kept++)
        {
            var body = golden.Cut(kept).Bytes;
            var isWholeAnyway = name.StartsWith("chat/error", StringComparison.Ordinal) && kept == golden.Events.Count - 1 && kept > 0;
            if (!isWholeAnyway)
            {
                Assert.Throws<GrammarException>(() => Golden.Read(name, body));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Read_StreamCutInsideAnEvent_IsRefused(string name)
    {
        var body = Golden.Load(name).Bytes;

        var refusal = Assert.Throws<GrammarException>(() => Golden.Read(name, body[..^1]));

        Assert.Equal("sse-cut", refusal.Rule);
    }

    private static void AssertSameUsage(SeenAnswer whole, SeenAnswer streamed)
    {
        Assert.Equal(whole.Usage.OrderBy(u => u.Key, StringComparer.Ordinal), streamed.Usage.OrderBy(u => u.Key, StringComparer.Ordinal));
        Assert.Equal(whole, streamed);
    }

    private static IEnumerable<string> Names(string pattern) => Directory
        .EnumerateFiles(Golden.Folder, pattern, SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Golden.Folder, f))
        .Order(StringComparer.Ordinal);
}
