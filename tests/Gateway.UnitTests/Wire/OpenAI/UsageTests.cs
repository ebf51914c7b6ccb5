using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class UsageTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{"cached_tokens":30},"completion_tokens_details":{"reasoning_tokens":20}}""", 70, 30, 0, 30, 20)]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""", 0, 0, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":8,"total_tokens":8}""", 8, 0, 0, 0, 0)]
    [InlineData("""{"completion_tokens":3,"total_tokens":8}""", 5, 0, 0, 3, 0)]
    [InlineData("""{"prompt_tokens":null,"completion_tokens":3}""", 0, 0, 0, 3, 0)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":null,"completion_tokens_details":null}""", 10, 0, 0, 1, 0)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":1,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}""", 6, 4, 0, 1, 0)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":1,"cached_tokens":4}""", 6, 4, 0, 1, 0)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":2,"cache_write_tokens":5}}""", 3, 2, 5, 1, 0)]
    [InlineData("""{"input_tokens":10,"output_tokens":4,"input_tokens_details":{"cached_tokens":1},"output_tokens_details":{"reasoning_tokens":1}}""", 9, 1, 0, 3, 1)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":9}}""", 10, 0, 0, 0, 4)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":4,"total_tokens":23,"completion_tokens_details":{"reasoning_tokens":9}}""", 10, 0, 0, 4, 9)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":99}}""", 0, 10, 0, 4, 0)]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":-1,"prompt_tokens_details":{"cached_tokens":-3}}""", 0, 0, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":12.0,"completion_tokens":3.9}""", 12, 0, 0, 3, 0)]
    [InlineData("""{"prompt_tokens":1,"prompt_tokens":2,"completion_tokens":0}""", 2, 0, 0, 0, 0)]
    [InlineData("""{"prompt_\u0074okens":2,"completion_tokens":0}""", 2, 0, 0, 0, 0)]
    public void Read_Usage_TakesThePartsOutOfTheWholes(string usage, long input, long cached, long cacheWrite, long output, long reasoning) =>
        Assert.Equal(new TokenUsage(input, cached, cacheWrite, output, reasoning), Read(usage));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("""{"prompt_tokens":null,"prompt_tokens_details":{"cached_tokens":0}}""")]
    public void Read_NoCounts_IsNoUsage(string usage) => Assert.Null(Read(usage));

    [Fact]
    public void Read_UsageTwice_TheLastWins()
    {
        var data = """{"usage":{"prompt_tokens":1,"completion_tokens":1},"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":8}}"""u8;

        Assert.Equal(new TokenUsage(7, 0, 0, 8, 0), ChatChunkReader.Read(data, null).Usage);
    }

    [Fact]
    public void Read_AnyCounts_AreNeverNegativeAndSumToTheWholes() =>
        Gen.Select(Count, Count, Count, Count, Count).Sample(
            (prompt, cached, write, completion, reasoning) =>
            {
                var usage = Read($$$"""{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}},"prompt_tokens_details":{"cached_tokens":{{{cached}}},"cache_write_tokens":{{{write}}}},"completion_tokens_details":{"reasoning_tokens":{{{reasoning}}}}}""")!.Value;

                Assert.True(usage is { Input: >= 0, CachedInput: >= 0, CacheWrite: >= 0, Output: >= 0, Reasoning: >= 0 });
                Assert.Equal(Whole(prompt), usage.Input + usage.CachedInput + usage.CacheWrite);
                Assert.Equal(Whole(completion), usage.Output + usage.Reasoning);
                Assert.Equal(Whole(prompt) + Whole(completion), usage.Total);
                Assert.Equal(Math.Min(Whole(cached), Whole(prompt)), usage.CachedInput);
                Assert.Equal(Math.Min(Whole(reasoning), Whole(completion)), usage.Reasoning);
            },
            iter: 5_000,
            threads: 1);

    [Fact]
    public void Read_AnyPairOfUsages_TheLastWins() =>
        Gen.Select(Count, Count, Count, Count).Sample(
            (first, second, third, fourth) =>
            {
                var chunk = Encoding.UTF8.GetBytes($$$"""{"usage":{"prompt_tokens":{{{first}}},"completion_tokens":{{{second}}}},"usage":{"prompt_tokens":{{{third}}},"completion_tokens":{{{fourth}}}}}""");

                Assert.Equal(new TokenUsage(Whole(third), 0, 0, Whole(fourth), 0), ChatChunkReader.Read(chunk, null).Usage);
            },
            iter: 1_000,
            threads: 1);

    [Fact]
    public void Total_HugeCounts_StopsAtTheMaximum() =>
        Assert.Equal(long.MaxValue, new TokenUsage(long.MaxValue, long.MaxValue, 1, 2, 3).Total);

    private static readonly Gen<long> Count = Gen.OneOf(Gen.Long[0, 1_000], Gen.Long[-10, 10], Gen.Long, Gen.OneOf(0L, long.MaxValue, long.MinValue));

    private static long Whole(long count) => Math.Clamp(count, 0, long.MaxValue / 8);

    private static TokenUsage? Read(string usage) => ChatChunkReader.Read(Encoding.UTF8.GetBytes($$"""{"usage":{{usage}}}"""), null).Usage;
}
