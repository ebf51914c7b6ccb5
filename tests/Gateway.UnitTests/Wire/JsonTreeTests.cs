using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Chat;

namespace AIHigress.Gateway.UnitTests.Wire;

/// <summary>Small objects cost more memory than their bytes: their number is bounded.</summary>
public sealed class JsonTreeTests
{
    private const int Most = 1_000_000;

    [Fact]
    public void ReadRequest_MoreThanAMillionObjects_IsRefusedAsTooManyValues()
    {
        var refusal = Assert.Throws<WireFormatException>(() => ChatCodec.Instance.ReadRequest(Request(Most)));

        Assert.Equal(WireFormatException.InvalidRequest, refusal.Code);
        Assert.Contains("too many values", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindFields_MoreThanAMillionArrays_IsRefusedAsTooManyValues() =>
        Assert.Contains("too many values", Assert.Throws<WireFormatException>(() => ChatCodec.Instance.Fields.Find(Request(Most, "[]"))).Message, StringComparison.Ordinal);

    [Fact]
    public void FindFields_AsManyAsAreAllowed_AreRead() =>
        Assert.Contains(ChatCodec.Instance.Fields.Find(Request(Most - 10)).Rules, r => r.Path == "metadata");

    [Fact]
    public void ReadError_MoreThanAMillionObjects_IsNoError() =>
        Assert.Null(AIHigress.Wire.Gemini.GeminiCodec.Instance.ReadError(Encoding.UTF8.GetBytes($$$"""{"error":{"message":"m","x":[{{{Many(Most, "{}")}}}]}}""")));

    private static byte[] Request(int count, string value = "{}") =>
        Encoding.UTF8.GetBytes($$$"""{"model":"m","messages":[{"role":"user","content":"x"}],"metadata":{"k":[{{{Many(count - 5, value)}}},{},{},{}]}}""");

    private static string Many(int count, string value) => string.Join(',', Enumerable.Repeat(value, count));
}
