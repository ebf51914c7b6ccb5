using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class OpenAIErrorTests
{
    [Fact]
    public void Write_Error_HasTheFourMembersInOrder()
    {
        var output = new ArrayBufferWriter<byte>();

        OpenAIError.Write(output, "Say \"what\" <now>\n", "invalid_request_error", null, "invalid_request");

        Assert.Equal(
            """{"error":{"message":"Say \"what\" <now>\n","type":"invalid_request_error","param":null,"code":"invalid_request"}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void WriteEvent_MessageWithLineEnds_IsOneDataLine()
    {
        var output = new ArrayBufferWriter<byte>();

        OpenAIError.WriteEvent(output, "a\r\nb\n\nc", "server_error", "p", "c");

        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.StartsWith("data: {", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Count(c => c is '\n' or '\r'));
        using var parsed = JsonDocument.Parse(text.AsMemory(6));
        Assert.Equal("a\r\nb\n\nc", parsed.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"t","param":"p","code":"c"}}""", "m", "t", "p", "c")]
    [InlineData("""{"error":{"message":"m","type":null,"param":null,"code":429}}""", "m", null, null, "429")]
    [InlineData("""{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[{"message":"x"}]}}""", "m", "INVALID_ARGUMENT", null, "400")]
    [InlineData("""[{"error":{"code":400,"message":"m"}}]""", "m", null, null, "400")]
    [InlineData("""{"error":"text"}""", "text", null, null, null)]
    [InlineData("""{"message":"m","type":"t","code":40001}""", "m", "t", null, "40001")]
    [InlineData("""{"object":"error","message":"m","type":"BadRequestError","param":null,"code":400}""", "m", "BadRequestError", null, "400")]
    [InlineData("""{"detail":"m"}""", "m", null, null, null)]
    [InlineData("""{"detail":[{"loc":["body","model"],"msg":"field required","type":"missing"},{"msg":"second"}]}""", "field required", null, null, null)]
    [InlineData("""{"message":"outer","error":{"message":"inner"}}""", "inner", null, null, null)]
    [InlineData("""{"error":{"message":"inner"},"message":"outer"}""", "inner", null, null, null)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"m"}}""", "m", "overloaded_error", null, null)]
    [InlineData("""{"error":{"code":"c"}}""", "", null, null, "c")]
    [InlineData("""{"error":{"message":"bad \ud800"}}""", "bad \uFFFD", null, null, null)]
    public void Read_UpstreamError_IsUnderstood(string body, string message, string? type, string? param, string? code) =>
        Assert.Equal(new OpenAIErrorInfo(message, type, param, code), Read(body));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("\"error\"")]
    [InlineData("<html>502</html>")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":""}""")]
    [InlineData("""{"message":{"a":1}}""")]
    [InlineData("""{"type":"t","code":"c","choices":[]}""")]
    [InlineData("""{"error":{"message":"cut""")]
    public void Read_NoError_IsNull(string body) => Assert.Null(Read(body));

    [Fact]
    public void Read_OurOwnError_ComesBack()
    {
        var output = new ArrayBufferWriter<byte>();
        OpenAIError.Write(output, "m", "t", "p", "c");

        Assert.Equal(new OpenAIErrorInfo("m", "t", "p", "c"), OpenAIError.Read(output.WrittenSpan));
    }

    private static OpenAIErrorInfo? Read(string body) => OpenAIError.Read(Encoding.UTF8.GetBytes(body));
}
