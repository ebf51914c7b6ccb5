using System.Buffers;
using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class ModelListTests
{
    [Fact]
    public void Write_TwoModels_IsOpenAIsList()
    {
        var output = new ArrayBufferWriter<byte>();

        ModelListWriter.Write(output, [new ModelListItem("fast", 1700000000, "aihigress"), new ModelListItem("p/\"x\"", 0, "p")]);

        Assert.Equal(
            """{"object":"list","data":[{"id":"fast","object":"model","created":1700000000,"owned_by":"aihigress"},{"id":"p/\"x\"","object":"model","created":0,"owned_by":"p"}]}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(["fast", "p/\"x\""], ModelListReader.Read(output.WrittenSpan));
    }

    [Fact]
    public void WriteModel_One_IsOpenAIsModel()
    {
        var output = new ArrayBufferWriter<byte>();

        ModelListWriter.WriteModel(output, new ModelListItem("m", 5, "o"));

        Assert.Equal("""{"id":"m","object":"model","created":5,"owned_by":"o"}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""{"object":"list","data":[{"id":"a"},{"id":"b","name":"B"},{"id":"a"}]}""", "a,b")]
    [InlineData("""[{"id":"a"},{"name":"b"},"c"]""", "a,b,c")]
    [InlineData("""{"models":[{"name":"a","model":"x"},{"id":"b"}]}""", "a,b")]
    [InlineData("""{"models":[{"name":"a"}],"object":"list","data":[{"id":"a"},{"id":"c"}]}""", "a,c")]
    [InlineData("""{"data":[{"name":"Nice name","id":"a"},{"id":""},{"x":1},null,7]}""", "a")]
    [InlineData("""{"object":"list","data":null}""", "")]
    [InlineData("[]", "")]
    public void Read_ModelList_GivesIdsOnceInOrder(string body, string expected) =>
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries), ModelListReader.Read(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("{}", "invalid_request")]
    [InlineData("\"x\"", "invalid_request")]
    [InlineData("""{"data":{}}""", "invalid_request")]
    [InlineData("""{"error":{"message":"m"}}""", "invalid_request")]
    [InlineData("", "invalid_json")]
    [InlineData("<html>", "invalid_json")]
    [InlineData("""{"data":[{"id":"a"}""", "invalid_json")]
    [InlineData("""{"data":[]} x""", "invalid_json")]
    public void Read_NoModelList_Throws(string body, string code)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var refusal = Assert.Throws<WireFormatException>(() => ModelListReader.Read(bytes));

        Assert.Equal(code, refusal.Code);
        Assert.Contains("model list", refusal.Message, StringComparison.Ordinal);
    }
}
