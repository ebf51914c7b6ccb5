using System.Buffers;
using System.Text;
using AIHigress.Wire.OpenAI.Responses.Stored;

namespace AIHigress.Gateway.UnitTests.Wire.Responses;

public sealed class StoredResponseTests
{
    private static readonly Dictionary<string, string?> Nothing = [];

    [Fact]
    public void Rewrite_Members_AreReplacedLeftOutAndAdded()
    {
        var output = new ArrayBufferWriter<byte>();

        var done = ObjectRewrite.Write(
            Utf8("""{"a":{"x":1.0},"background":true,"id":"up"}"""), new Dictionary<string, string?> { ["background"] = null, ["id"] = "\"ours\"", ["stream"] = "true" }, output);

        Assert.True(done);
        Assert.Equal("""{"a":{"x":1.0},"id":"ours","stream":true}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.False(ObjectRewrite.Write(Utf8("[1]"), Nothing, output));
    }

    [Fact]
    public void Event_Taken_HasItsNewNumberAndIdOnOneLine()
    {
        var taken = ResponseEvent.From(
            Utf8("{\"type\":\"response.completed\",\"sequence_number\":9,\"response\":{\"id\":\"up\",\n\"output\":[]}}"), 4, new Dictionary<string, string?> { ["id"] = "\"ours\"" });

        Assert.NotNull(taken);
        Assert.True(taken.IsLast);
        Assert.Equal("""{"id":"ours","output":[]}""", Encoding.UTF8.GetString(taken.Response));
        Assert.Equal(
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":4,\"response\":{\"id\":\"ours\",\"output\":[]}}\n\n", Encoding.UTF8.GetString(taken.Bytes));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"sequence_number\":1}")]
    public void Event_OfNoType_IsNone(string data) => Assert.Null(ResponseEvent.From(Utf8(data), 0, Nothing));

    [Fact]
    public void FinalResponse_OfAStreamsEnd_IsTheLastEvents()
    {
        var end = Encoding.UTF8.GetBytes(
            "event: response.output_item.done\ndata: {\"type\":\"response.output_item.done\"}\n\nevent: response.incomplete\ndata: {\"type\":\"response.incomplete\",\"response\":{\"id\":\"r\"}}\n\n");

        Assert.Equal("""{"id":"r"}""", Encoding.UTF8.GetString(ResponseEvent.FinalResponse(end).Span));
        Assert.True(ResponseEvent.FinalResponse("event: error\ndata: {\"type\":\"error\"}\n\n"u8).IsEmpty);
        Assert.True(ResponseEvent.FinalResponse(default).IsEmpty);
    }

    [Fact]
    public void Items_StoredAndRead_AreTheSame()
    {
        IReadOnlyList<StoredItem> items = [new("msg_1", """{"id":"msg_1","type":"message"}"""), new("fc_1", """{"id":"fc_1","arguments":"{\"a\":1.0}"}""")];
        var output = new ArrayBufferWriter<byte>();

        StoredItems.Write(items, output);

        Assert.Equal(items, StoredItems.Read(output.WrittenMemory));
    }

    [Theory]
    [InlineData("""{"id":"rs_1","type":"reasoning","summary":[]}""", true)]
    [InlineData("""{"id":"rs_1","type":"reasoning","encrypted_content":"x"}""", false)]
    [InlineData("""{"id":"msg_1","type":"message","content":[{"type":"input_text","text":"\"reasoning\""}]}""", false)]
    public void Reasoning_WithoutItsSeal_IsFound(string item, bool found) =>
        Assert.Equal(found, StoredItems.HasUnsealedReasoning([new StoredItem("x", item)]));

    [Theory]
    [InlineData("""{"id":"resp_1","status":"incomplete"}""", "resp_1")]
    [InlineData("""{"id":"resp 1"}""", null)]
    [InlineData("""{"object":"response"}""", null)]
    [InlineData("nonsense", null)]
    public void Head_OfAResponse_HasAnIdToStoreUnder(string body, string? id) => Assert.Equal(id, ResponseHead.Read(Utf8(body))?.Id);

    [Theory]
    [InlineData("""{"error":{"code":"model_not_found","message":"No \"x\".","type":"t"}}""", """{"code":"model_not_found","message":"No \"x\"."}""")]
    [InlineData("""{"type":"error","code":"shutting_down","message":"Stops."}""", """{"code":"shutting_down","message":"Stops."}""")]
    [InlineData("", """{"code":"server_error","message":"The response failed."}""")]
    public void Error_OfABody_HasCodeAndMessage(string body, string expected) => Assert.Equal(expected, ResponseHead.ErrorOf(Utf8(body)));

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
