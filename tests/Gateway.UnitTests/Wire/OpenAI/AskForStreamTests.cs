using System.Text;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class AskForStreamTests
{
    [Theory]
    [InlineData("""{"model":"a"}""", """{"stream":true,"model":"a"}""")]
    [InlineData("""{ "model":"a", "stream" : null, "x":1e400}""", """{ "model":"a", "stream" : true, "x":1e400}""")]
    public void AskForStream_StreamAbsentOrNull_SetsOnlyThat(string body, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var asking = ChatRequestSplicer.AskForStream(bytes, ChatRequestScanner.Scan(bytes));

        Assert.Equal(expected, Encoding.UTF8.GetString(asking));
        Assert.True(ChatRequestScanner.Scan(asking).Stream);
    }
}
