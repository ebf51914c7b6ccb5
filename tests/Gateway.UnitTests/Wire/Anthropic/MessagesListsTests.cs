using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Translation.Answers;
using static AIHigress.Gateway.UnitTests.Wire.Anthropic.Run;

namespace AIHigress.Gateway.UnitTests.Wire.Anthropic;

public sealed class MessagesListsTests
{
    [Fact]
    public void ModelList_Written_IsReadAgain()
    {
        ModelListItem[] models = [new("fast", "Fast", 1700000000), new("slow", "Slow", 0)];

        var body = Text(o => ModelListWriter.Write(o, models, hasMore: true));

        Assert.Equal(
            """{"data":[{"type":"model","id":"fast","display_name":"Fast","created_at":"2023-11-14T22:13:20Z"},{"type":"model","id":"slow","display_name":"Slow","created_at":"1970-01-01T00:00:00Z"}],"has_more":true,"first_id":"fast","last_id":"slow"}""",
            body);
        var page = ModelListReader.Read(Encoding.UTF8.GetBytes(body));
        Assert.Equal(models, page.Models);
        Assert.Equal("slow", page.NextAfter);
    }

    [Fact]
    public void ModelList_Empty_HasNullIds() =>
        Assert.Equal("""{"data":[],"has_more":false,"first_id":null,"last_id":null}""", Text(o => ModelListWriter.Write(o, [])));

    [Theory]
    [InlineData("{}", "invalid_request")]
    [InlineData("[]", "invalid_request")]
    [InlineData("<html>", "invalid_json")]
    public void ModelList_NotOne_Throws(string body, string code) =>
        Assert.Equal(code, Assert.Throws<WireFormatException>(() => ModelListReader.Read(Encoding.UTF8.GetBytes(body))).Code);

    [Fact]
    public void CountTokens_RequestAndAnswer_AreReadAndWritten()
    {
        var request = MessagesCodec.ReadCountRequest("""{"model":"m","messages":[{"role":"user","content":"x"}]}"""u8.ToArray());

        Assert.Null(request.MaxTokens);
        Assert.Equal("""{"input_tokens":42}""", Text(o => TokenCount.Write(o, 42)));
        Assert.Equal(42, TokenCount.Read("""{"x":{"input_tokens":1},"input_tokens":42}"""u8));
        Assert.Null(TokenCount.Read("""{"error":{}}"""u8));
        Assert.Null(TokenCount.Read("nothing"u8));
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"not_found_error","message":"No"},"request_id":"r"}""", 404, "No", "not_found_error")]
    [InlineData("""{"error":"busy"}""", null, "busy", null)]
    public void ReadError_Body_IsRead(string body, int? status, string message, string? type) =>
        Assert.Equal(new AnswerError(status, message) { Type = type }, MessagesCodec.Instance.ReadError(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{}} x""")]
    public void ReadError_NoError_IsNull(string body) => Assert.Null(MessagesCodec.Instance.ReadError(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(402, "billing_error")]
    [InlineData(415, "invalid_request_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(502, "api_error")]
    [InlineData(504, "timeout_error")]
    [InlineData(529, "overloaded_error")]
    public void WriteError_Status_HasAnthropicsType(int status, string type) => Assert.Equal(
        "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"m\",\"details\":{\"error_code\":\"c\"}}}",
        Text(o => MessagesCodec.Instance.WriteError(new ClientError(status, "c", "m"), o)));

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Busy"}}""", false)]
    [InlineData("""{"choices":[]}""", true)]
    [InlineData("{", true)]
    [InlineData("7", true)]
    public void ReadAnswer_NoMessage_IsAnErrorOrMalformed(string body, bool isMalformed)
    {
        var read = MessagesCodec.Instance.ReadAnswer(Encoding.UTF8.GetBytes(body));

        Assert.Null(read.Answer);
        Assert.Equal(isMalformed, read.IsMalformed);
    }
}
