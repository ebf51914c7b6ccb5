using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class ChatRequestRefusalTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("  \n", 3)]
    [InlineData("{", 1)]
    [InlineData("""{"model":"m" "n":1}""", 13)]
    [InlineData("""{"model":"m",}""", 13)]
    [InlineData("""{"model":"m"}x""", 13)]
    [InlineData("""{"model":"m"} {}""", 14)]
    [InlineData("{\n\n \"model\": \"m\",\n \"n\": ?\n}", 24)]
    [InlineData("{\"model\":\"a\nb\"}", 11)]
    [InlineData("""{"model":"a\qb"}""", 12)]
    [InlineData("""{"model":"m", // no comments""", 14)]
    [InlineData("""{"x":01,"model":"m"}""", 6)]
    [InlineData("""{"x":tru,"model":"m"}""", 8)]
    [InlineData("""{'model':"m"}""", 1)]
    [InlineData("""{"model":"m","x":"unfinished""", 28)]
    [InlineData("""{"é":"é","model":"m",,}""", 23)]
    public void Scan_NotJson_GivesTheByteOfTheFault(string body, int position)
    {
        var refusal = Refusal(body);

        Assert.Equal("invalid_json", refusal.Code);
        Assert.Equal(position, refusal.Position);
        Assert.Null(refusal.Param);
        Assert.StartsWith("The body is ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_NotJson_SaysWhere() =>
        Assert.Equal("The body is not valid JSON: unexpected character at byte 13.", Refusal("""{"model":"m" "n":1}""").Message);

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("\"x\"", "a string")]
    [InlineData("null", "null")]
    [InlineData("1", "a number")]
    public void Scan_RootIsNoObject_IsRefused(string body, string actual)
    {
        var refusal = Refusal(body);

        Assert.Equal("invalid_request", refusal.Code);
        Assert.Equal(0, refusal.Position);
        Assert.Contains(actual, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"model":null}""")]
    [InlineData("""{"model":""}""")]
    [InlineData("""{"Model":"m"}""")]
    [InlineData("""{"x":{"model":"m"}}""")]
    public void Scan_ModelMissingNullOrEmpty_NamesModel(string body)
    {
        var refusal = Refusal(body);

        Assert.Equal("invalid_request", refusal.Code);
        Assert.Equal("model", refusal.Param);
    }

    [Theory]
    [InlineData("""{"model":"m","model":"m"}""", "model")]
    [InlineData("""{"model":"m","Model":"x"}""", "model")]
    [InlineData("""{"MODEL":"x","model":"m"}""", "model")]
    [InlineData("""{"model":"m","\u006dodel":"x"}""", "model")]
    [InlineData("""{"model":"m","\u004dodel":"x"}""", "model")]
    [InlineData("""{"model":"m","stream":true,"STREAM":false}""", "stream")]
    [InlineData("""{"model":"m","Stream":true,"STREAM":false}""", "stream")]
    [InlineData("""{"model":"m","stream":true,"ſtream":false}""", "stream")]
    [InlineData("""{"model":"m","max_tokens":1,"max_to\u212aens":2}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":1,"Max_Tokens":2}""", "max_tokens")]
    [InlineData("""{"model":"m","max_completion_tokens":1,"max_completion_tokens":2}""", "max_completion_tokens")]
    [InlineData("""{"model":"m","messages":[],"messages":[]}""", "messages")]
    [InlineData("""{"model":"m","tools":[],"tools":[]}""", "tools")]
    [InlineData("""{"model":"m","functions":[],"functions":[]}""", "functions")]
    [InlineData("""{"model":"m","response_format":{},"Response_format":{}}""", "response_format")]
    [InlineData("""{"model":"m","n":1,"N":2}""", "n")]
    [InlineData("""{"model":"m","user":"a","User":"b"}""", "user")]
    [InlineData("""{"model":"m","metadata":{},"metadata":{}}""", "metadata")]
    [InlineData("""{"model":"m","prompt_cache_key":"a","prompt_cache_key":"b"}""", "prompt_cache_key")]
    [InlineData("""{"model":"m","reasoning":{},"Reasoning":{}}""", "reasoning")]
    [InlineData("""{"model":"m","reasoning_effort":"low","reasoning_effort":"high"}""", "reasoning_effort")]
    [InlineData("""{"model":"m","stream_options":{},"Stream_Options":{}}""", "stream_options")]
    [InlineData("""{"model":"m","stream_options":{"include_usage":true,"Include_Usage":false}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","stream_options":{"Include_Usage":true,"include_usage":false}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","metadata":{"user_id":"a","user_id":"b"}}""", "metadata.user_id")]
    [InlineData("""{"model":"m","response_format":{"type":"text","type":"json_schema"}}""", "response_format.type")]
    public void Scan_ScannedMemberTwice_NamesIt(string body, string param)
    {
        var refusal = Refusal(body);

        Assert.Equal("invalid_request", refusal.Code);
        Assert.Equal(param, refusal.Param);
        Assert.Contains("more than once", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.Position!.Value, 1, body.Length);
    }

    [Theory]
    [InlineData("""{"model":7}""", "model", "a string", 9)]
    [InlineData("""{"model":["m"]}""", "model", "a string", 9)]
    [InlineData("""{"stream":"true","model":"m"}""", "stream", "true, false or null", 10)]
    [InlineData("""{"stream":1,"model":"m"}""", "stream", "true, false or null", 10)]
    [InlineData("""{"stream_options":[],"model":"m"}""", "stream_options", "an object or null", 18)]
    [InlineData("""{"stream_options":{"include_usage":"yes"},"model":"m"}""", "stream_options.include_usage", "true, false or null", 35)]
    [InlineData("""{"stream_options":{"include_usage":{}},"model":"m"}""", "stream_options.include_usage", "true, false or null", 35)]
    [InlineData("""{"max_tokens":"5","model":"m"}""", "max_tokens", "an integer or null", 14)]
    [InlineData("""{"max_tokens":1.5,"model":"m"}""", "max_tokens", "an integer or null", 14)]
    [InlineData("""{"max_tokens":1e400,"model":"m"}""", "max_tokens", "an integer or null", 14)]
    [InlineData("""{"max_completion_tokens":99999999999999999999,"model":"m"}""", "max_completion_tokens", "an integer or null", 25)]
    [InlineData("""{"tools":{},"model":"m"}""", "tools", "an array or null", 9)]
    [InlineData("""{"functions":"f","model":"m"}""", "functions", "an array or null", 13)]
    [InlineData("""{"messages":"hi","model":"m"}""", "messages", "an array", 12)]
    [InlineData("""{"messages":null,"model":"m"}""", "messages", "an array", 12)]
    [InlineData("""{"response_format":"json","model":"m"}""", "response_format", "an object or null", 19)]
    [InlineData("""{"response_format":{"type":1},"model":"m"}""", "response_format.type", "a string", 27)]
    [InlineData("""{"n":0,"model":"m"}""", "n", "at least 1", 5)]
    [InlineData("""{"n":3000000000,"model":"m"}""", "n", "at least 1", 5)]
    [InlineData("""{"n":true,"model":"m"}""", "n", "an integer", 5)]
    [InlineData("""{"prompt_cache_key":1,"model":"m"}""", "prompt_cache_key", "a string or null", 20)]
    [InlineData("""{"user":{},"model":"m"}""", "user", "a string or null", 8)]
    [InlineData("""{"metadata":[],"model":"m"}""", "metadata", "an object or null", 12)]
    [InlineData("""{"metadata":{"user_id":5},"model":"m"}""", "metadata.user_id", "a string or null", 23)]
    public void Scan_WrongType_NamesMemberAndExpectedType(string body, string param, string expected, int position)
    {
        var refusal = Refusal(body);

        Assert.Equal("invalid_request", refusal.Code);
        Assert.Equal(param, refusal.Param);
        Assert.Equal(position, refusal.Position);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"\ud800"}""")]
    [InlineData("""{"model":"a\udc00b"}""")]
    [InlineData("""{"model":"\ud83dx"}""")]
    public void Scan_LoneSurrogateInModel_IsRefused(string body)
    {
        var refusal = Refusal(body);

        Assert.Equal("invalid_request", refusal.Code);
        Assert.Equal("model", refusal.Param);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF }, 10)]
    [InlineData(new byte[] { 0xC3 }, 10)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 10)]
    [InlineData(new byte[] { (byte)'a', 0xC0, 0xAF }, 11)]
    [InlineData(new byte[] { 0xC3, 0xA9, 0xF5, 0x80, 0x80, 0x80 }, 12)]
    public void Scan_InvalidUtf8_GivesTheByte(byte[] bad, int position)
    {
        byte[] body = [.. "{\"model\":\""u8, .. bad, .. "\"}"u8];

        var refusal = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(body));

        Assert.Equal("invalid_json", refusal.Code);
        Assert.Equal(position, refusal.Position);
        Assert.Contains("UTF-8", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_InvalidUtf8FarInAnUnknownMember_GivesTheByte()
    {
        var filler = Encoding.UTF8.GetBytes($"{{\"x\":\"{new string('é', 5000)}");
        byte[] body = [.. filler, 0x80, .. "\",\"model\":\"m\"}"u8];

        var refusal = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(body));

        Assert.Equal(filler.Length, refusal.Position);
    }

    [Fact]
    public void Scan_ByteOrderMark_IsRefusedInClearWords()
    {
        var refusal = Refusal("\uFEFF{\"model\":\"m\"}");

        Assert.Equal("invalid_json", refusal.Code);
        Assert.Equal(0, refusal.Position);
        Assert.Contains("byte order mark", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model\":\"m\",\"x\":", "[", 17 + 63)]
    [InlineData("{\"model\":\"m\",\"messages\":", "[", 24 + 63)]
    [InlineData("{\"model\":\"m\",\"x\":", "{\"a\":", 17 + (63 * 5))]
    [InlineData("", "[", 0)]
    public void Scan_TenThousandDeep_IsRefusedAtTheLimit(string start, string level, int position)
    {
        var body = start + string.Concat(Enumerable.Repeat(level, 10_000));

        var refusal = Refusal(body);

        Assert.Equal(position, refusal.Position);
        Assert.True(start.Length == 0 || refusal is { Code: "invalid_json" } && refusal.Message.Contains("64 levels", StringComparison.Ordinal));
    }

    [Fact]
    public void Scan_AnyControlByteInserted_GivesItsPlace()
    {
        var good = Encoding.UTF8.GetBytes("{ \"model\" : \"m\\n\" ,\r\n \"x\" : [ 1.5e3 , true , { \"é\" : null } ] }");
        for (var at = 0; at <= good.Length; at++)
        {
            byte[] body = [.. good.AsSpan(0, at), 0x01, .. good.AsSpan(at)];
            if (IsInsideSequence(good, at))
            {
                continue;
            }

            var refusal = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(body));

            Assert.Equal("invalid_json", refusal.Code);
            Assert.Equal(at, refusal.Position);
        }
    }

    [Fact]
    public void Scan_AnyPrefixOfABody_IsRefusedWithoutALaterPosition()
    {
        var good = Encoding.UTF8.GetBytes("""{"model":"m\u00e9","stream_options":{"include_usage":false},"messages":[{"content":[{"type":"text","text":"x"}]}],"n":1}""");
        for (var length = 0; length < good.Length; length++)
        {
            var body = good.AsSpan(0, length).ToArray();

            var refusal = Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(body));

            Assert.Equal("invalid_json", refusal.Code);
            Assert.InRange(refusal.Position!.Value, 0, length);
        }
    }

    // Inside a multi-byte character the UTF-8 check speaks first; that has its own test.
    private static bool IsInsideSequence(byte[] text, int at) => at < text.Length && (text[at] & 0xC0) == 0x80;

    private static WireFormatException Refusal(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return Assert.Throws<WireFormatException>(() => ChatRequestScanner.Scan(bytes));
    }
}
