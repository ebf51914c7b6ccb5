using System.Buffers;
using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Responses.Stored;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Responses;

public sealed class ResponsesItemsTests
{
    [Fact]
    public void ReadInput_Text_IsAUserMessage()
    {
        var item = Assert.Single(Input("""{"model":"m","input":"say \"hi\""}"""));

        Assert.Equal("msg_5eedi00", item.Id);
        Assert.Equal("""{"id":"msg_5eedi00","type":"message","role":"user","content":[{"type":"input_text","text":"say \"hi\""}]}""", item.Json);
    }

    [Fact]
    public void ReadInput_Items_KeepTheirIdsOrGetOne()
    {
        var items = Input("""{"model":"m","input":[{"role":"assistant","content":"x"},{"type":"function_call_output","call_id":"c","output":"o"},{"type":"message","id":"msg_own","role":"user","content":[]},{"type":"item_reference","id":"msg_far"}]}""");

        Assert.Equal(["msg_5eedi00", "fco_5eedi01", "msg_own"], items.Select(i => i.Id));
        Assert.Equal("""{"id":"msg_5eedi00","type":"message","role":"assistant","content":[{"type":"output_text","text":"x"}]}""", items[0].Json);
        Assert.Equal("""{"id":"fco_5eedi01","type":"function_call_output","call_id":"c","output":"o"}""", items[1].Json);
    }

    [Fact]
    public void Compose_FollowUp_IsTheWholeConversation()
    {
        var history = Input("""{"model":"m","input":"one"}""").Concat(ResponsesItems.ReadOutput(
            Encoding.UTF8.GetBytes("""{"output":[{"id":"msg_a","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"two"}]}]}"""), "5eed")).ToList();
        var output = new ArrayBufferWriter<byte>();

        ResponsesItems.Compose(Encoding.UTF8.GetBytes("""{"model":"m","previous_response_id":"resp_1","input":[{"type":"item_reference","id":"msg_a"},{"role":"user","content":"three"}],"top_p":1}"""), history, output);

        var body = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.DoesNotContain("previous_response_id", body, StringComparison.Ordinal);
        Assert.DoesNotContain("item_reference", body, StringComparison.Ordinal);
        var request = Wiretap.Read(body);
        Assert.Equal(["one", "two", "three"], request.Messages.Select(m => ((TextPart)Assert.Single(m.Parts)).Text));
        Assert.Equal(1, request.TopP);
    }

    [Fact]
    public void Compose_TextInput_IsTheLastMessage()
    {
        var output = new ArrayBufferWriter<byte>();

        ResponsesItems.Compose(Encoding.UTF8.GetBytes("""{"input":"next","model":"m"}"""), Input("""{"input":"first"}"""), output);

        Assert.Equal(["first", "next"], Wiretap.Read(Encoding.UTF8.GetString(output.WrittenSpan)).Messages.Select(m => ((TextPart)m.Parts[0]).Text));
    }

    [Fact]
    public void WriteList_AndDeleted_HaveTheApisShape()
    {
        Assert.Equal(
            """{"object":"list","data":[{"id":"a"},{"id":"b"}],"first_id":"a","last_id":"b","has_more":true}""",
            Written(o => ResponsesItems.WriteList([new StoredItem("a", """{"id":"a"}"""), new StoredItem("b", """{"id":"b"}""")], hasMore: true, o)));
        Assert.Equal("""{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}""", Written(o => ResponsesItems.WriteList([], hasMore: false, o)));
        Assert.Equal("""{"id":"resp_1","object":"response","deleted":true}""", Written(o => ResponsesItems.WriteDeleted("resp_1", o)));
    }

    [Fact]
    public void ReadInput_OfAWrongType_IsRefused() => Assert.Throws<WireFormatException>(() => Input("""{"input":[1]}"""));

    private static IReadOnlyList<StoredItem> Input(string body) => ResponsesItems.ReadInput(Encoding.UTF8.GetBytes(body), "5eed");

    private static string Written(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
