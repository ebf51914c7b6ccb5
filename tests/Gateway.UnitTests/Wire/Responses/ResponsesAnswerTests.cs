using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Responses;
using AIHigress.Wire.OpenAI.Responses.Stored;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Responses;

public sealed class ResponsesAnswerTests
{
    [Fact]
    public void Write_Answer_EchoesTheRequestAndItsDefaults()
    {
        var context = Wiretap.Context() with
        {
            RequestBody = Encoding.UTF8.GetBytes("""{"model":"m","input":"x","instructions":"be","tools":[{"type":"web_search"}],"text":{"verbosity":"low"},"metadata":{"a":"b"},"store":false,"temperature":null}"""),
            ResponseId = "resp_kept",
        };

        var answer = Wiretap.WriteAnswer(new ModelAnswer { Id = "x", Model = "up", Choices = [new AnswerChoice(0, [new TextPart("hi")], FinishReason.Stop)] }, context);

        Assert.Equal("resp_kept", answer.GetProperty("id").GetString());
        Assert.Equal("completed", answer.GetProperty("status").GetString());
        Assert.Equal("""[{"type":"web_search"}]""", answer.GetProperty("tools").GetRawText());
        Assert.Equal("""{"format":{"type":"text"},"verbosity":"low"}""", answer.GetProperty("text").GetRawText());
        Assert.Equal("1.0", answer.GetProperty("temperature").GetRawText());
        Assert.False(answer.GetProperty("store").GetBoolean());
        Assert.Equal(1_700_000_000, answer.GetProperty("created_at").GetInt64());
        Assert.All(
            ["error", "incomplete_details", "previous_response_id", "max_output_tokens", "usage"],
            name => Assert.Equal(JsonValueKind.Null, answer.GetProperty(name).ValueKind));
    }

    [Fact]
    public void Write_WithoutTheBody_EchoesFromTheRequest()
    {
        var context = Wiretap.Context(new FunctionTool("f") { Parameters = "{}" });

        var answer = Wiretap.WriteAnswer(new ModelAnswer { Id = "", Model = "", Choices = [] }, context with { Request = context.Request with { Temperature = 0.5 } });

        Assert.Equal("""[{"type":"function","name":"f","parameters":{},"strict":false}]""", answer.GetProperty("tools").GetRawText());
        Assert.Equal(0.5, answer.GetProperty("temperature").GetDouble());
        Assert.True(answer.GetProperty("store").GetBoolean());
        Assert.Equal("logical", answer.GetProperty("model").GetString());
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var answer = new ModelAnswer
        {
            Id = "resp_1",
            Model = "up",
            Created = 5,
            Choices = [new AnswerChoice(0, [new ReasoningPart("a") { Id = "rs_1" }, new TextPart("x"), new RefusalPart("no"), new ToolCallPart("c", "f", "{}"), new ToolCallPart("d", "p", "free") { IsCustom = true }], FinishReason.ToolCalls)],
            Usage = new TokenUsage(0, 1, 2, 0, 3),
        };
        var output = new ArrayBufferWriter<byte>();
        ResponsesCodec.Instance.WriteAnswer(answer, Wiretap.Context(), output);

        var read = ResponsesCodec.Instance.ReadAnswer(output.WrittenMemory).Answer!;

        Assert.Equal(answer.Choices[0].Parts, read.Choices[0].Parts);
        Assert.Equal((answer.Id, answer.Model, answer.Created, answer.Usage, FinishReason.ToolCalls), (read.Id, read.Model, read.Created, read.Usage, read.Choices[0].Finish));
    }

    [Fact]
    public void Write_StreamAndPlain_HaveTheSameOutput()
    {
        var answer = new ModelAnswer
        {
            Id = "resp_1",
            Model = "up",
            Created = 5,
            Choices = [new AnswerChoice(0, [new TextPart("x"), new TextPart("y"), new ReasoningPart("z"), new TextPart(""), new ToolCallPart("", "patch", """{"input":"p"}""")], FinishReason.Length)],
        };
        var context = Wiretap.Context(new CustomTool("patch"));

        var plain = Wiretap.WriteAnswer(answer, context);
        var last = Wiretap.Events(Wiretap.Encode(context, e =>
        {
            AnswerReplay.Into(answer, e);
            e.WriteEnd();
        }))[^1];

        Assert.Equal(plain.GetRawText(), last.GetProperty("response").GetRawText());
    }

    [Theory]
    [InlineData("""{"error":{"message":"no","type":"invalid_request_error","code":null}}""", 400, "no")]
    [InlineData("""{"id":"resp_1","status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"},"output":[]}""", 429, "slow")]
    public void Read_ErrorInA200_IsAnError(string body, int status, string message)
    {
        var read = ResponsesCodec.Instance.ReadAnswer(Encoding.UTF8.GetBytes(body));

        Assert.Equal((status, message), (read.Error!.Status, read.Error.Message));
        Assert.Null(read.Answer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("""{"choices":[]}""")]
    public void Read_OtherThings_AreMalformed(string body) => Assert.True(ResponsesCodec.Instance.ReadAnswer(Encoding.UTF8.GetBytes(body)).IsMalformed);

    [Fact]
    public void WriteError_HasOpenAIsShape()
    {
        var output = new ArrayBufferWriter<byte>();

        ResponsesCodec.Instance.WriteError(new ClientError(429, "rate_limit_exceeded", "Slow down.") { Param = "p" }, output);

        Assert.Equal("""{"error":{"message":"Slow down.","type":"rate_limit_error","param":"p","code":"rate_limit_exceeded"}}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(429, ResponsesCodec.Instance.ReadError(output.WrittenSpan)!.Status);
    }

    [Theory]
    [InlineData(ResponseStatus.Queued, "queued")]
    [InlineData(ResponseStatus.InProgress, "in_progress")]
    [InlineData(ResponseStatus.Cancelled, "cancelled")]
    [InlineData(ResponseStatus.Failed, "failed")]
    public void Write_Envelope_HasTheStatus(ResponseStatus status, string word)
    {
        var output = new ArrayBufferWriter<byte>();

        ResponseEnvelope.Write(Wiretap.Context() with { ResponseId = "resp_bg" }, status, output, status == ResponseStatus.Failed ? new ClientError(500, "server_error", "x") : null);

        var response = JsonDocument.Parse(output.WrittenMemory).RootElement;
        Assert.Equal(("resp_bg", word), (response.GetProperty("id").GetString(), response.GetProperty("status").GetString()));
        Assert.Equal(status == ResponseStatus.Failed, response.GetProperty("error").ValueKind == JsonValueKind.Object);
    }
}
