using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>Bodies that are not what they should be: each gets its own answer in OpenAI's shape, and never reaches an upstream.</summary>
public sealed class BadInputTests(SharedWorlds worlds) : ChatTests(worlds)
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";

    [Theory]
    [InlineData("", 400, "invalid_json", null)]
    [InlineData("{\"model\":\"plain\",", 400, "invalid_json", null)]
    [InlineData("{\"model\":\"plain\"} trailing", 400, "invalid_json", null)]
    [InlineData("{'model':'plain'}", 400, "invalid_json", null)]
    [InlineData("[]", 400, "invalid_request", null)]
    [InlineData("{" + Messages + "}", 400, "invalid_request", "model")]
    [InlineData("{\"model\":7," + Messages + "}", 400, "invalid_request", "model")]
    [InlineData("{\"model\":null," + Messages + "}", 400, "invalid_request", "model")]
    [InlineData("{\"model\":\"\"," + Messages + "}", 400, "invalid_request", "model")]
    [InlineData("{\"model\":\"plain\",\"model\":\"plain\"," + Messages + "}", 400, "invalid_request", "model")]
    [InlineData("{\"model\":\"plain\",\"Model\":\"odd\"," + Messages + "}", 400, "invalid_request", "model")]
    [InlineData("{\"model\":\"plain\",\"stream\":\"yes\"," + Messages + "}", 400, "invalid_request", "stream")]
    [InlineData("{\"model\":\"nobody-has-this\"," + Messages + "}", 404, "model_not_found", "model")]
    public async Task Chat_BadBody_IsRefusedNamingTheFault(string body, int status, string code, string? param)
    {
        var reply = await World.Client.SendAsync(body);

        Assert.Equal((status, code), (reply.Status, reply.ErrorCode));
        Assert.Equal(param, reply.Error.GetProperty("param").GetString());
        Assert.Equal("0", reply.Attempts);
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((status, code, 0), (row.Status, row.ErrorCode, row.AttemptCount));
    }

    [Fact]
    public async Task Chat_BrokenJson_IsToldThePosition()
    {
        var reply = await World.Client.SendAsync("{\"model\":\"plain\",,}");

        Assert.Contains("byte 17", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_UnknownModel_SaysTheSameAsForOneThatIsNotAllowed()
    {
        using var narrow = new ChatClient(World.Gateway.Address, ChatWorld.NarrowKey);

        var unknown = await narrow.AskAsync("nobody-has-this");
        var forbidden = await narrow.AskAsync("odd");

        Assert.Equal((404, "model_not_found"), (forbidden.Status, forbidden.ErrorCode));
        Assert.Equal(unknown.ErrorMessage.Replace("nobody-has-this", "odd", StringComparison.Ordinal), forbidden.ErrorMessage);
        Assert.Equal(200, (await narrow.AskAsync("crlf", stream: true)).Status);
    }

    [Fact]
    public async Task Chat_BytesThatAreNoUtf8_AreRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(ChatClient.Body("plain"));
        bytes[Array.IndexOf(bytes, (byte)'S')] = 0xFF;

        var reply = await SendBytesAsync(bytes, "application/json");

        Assert.Equal((400, "invalid_json"), (reply.Status, reply.ErrorCode));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public async Task Chat_TenThousandLevelsDeep_IsRefused(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 10_000)) + "1" + string.Concat(Enumerable.Repeat(close, 10_000));

        var reply = await World.Client.SendAsync($"{{\"model\":\"plain\",{Messages},\"deep\":{deep}}}");

        Assert.Equal(400, reply.Status);
        Assert.Contains("64", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Chat_OtherContentType_Is415(string? contentType)
    {
        var reply = await SendBytesAsync(Encoding.UTF8.GetBytes(ChatClient.Body("plain")), contentType);

        Assert.Equal((415, "unsupported_media_type"), (reply.Status, reply.ErrorCode));
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 413)]
    public async Task Chat_BodyAtTheLimit_IsTakenAndOneByteMoreRefused(int more, int status)
    {
        var reply = await World.Client.SendAsync(BodyOf((1024 * 1024) + more));

        Assert.Equal(status, reply.Status);
        if (status == 413)
        {
            Assert.Equal("body_too_large", reply.ErrorCode);
            Assert.Contains("1 MiB", reply.ErrorMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Chat_TooLargeBodyOfUntoldLength_Is413()
    {
        var request = ChatClient.Request("");
        request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(BodyOf(3 * 1024 * 1024))));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;

        Assert.Equal("body_too_large", (await World.Client.SendAsync(request)).ErrorCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("GZip")]
    [InlineData("identity")]
    public async Task Chat_CompressedBody_IsUnderstood(string encoding)
    {
        var marker = $"compressed {Guid.NewGuid()}";
        var body = Encoding.UTF8.GetBytes($$"""{"model":"same-name","messages":[{"role":"user","content":"{{marker}}"}]}""");

        var reply = await SendBytesAsync(Compress(body, encoding), "application/json", encoding);

        Assert.Equal(200, reply.Status);
        var received = Assert.Single(await World.Mock.Control.RequestsAsync("same-name"), r => r.BodyText.Contains(marker, StringComparison.Ordinal));
        Assert.Equal(body, received.BodyBase64);
        Assert.DoesNotContain("content-encoding", received.Headers.Keys);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Chat_CompressedBodyThatIsTooLargeInside_Is413(string encoding)
    {
        var bomb = Compress(Encoding.UTF8.GetBytes(BodyOf(64 * 1024 * 1024)), encoding);
        Assert.True(bomb.Length < 1024 * 1024, $"{bomb.Length} bytes pass the limit before they are decompressed");

        var reply = await SendBytesAsync(bomb, "application/json", encoding);

        Assert.Equal((413, "body_too_large"), (reply.Status, reply.ErrorCode));
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("br", false)]
    [InlineData("gzip", true)]
    [InlineData("br", true)]
    public async Task Chat_BrokenCompression_IsRefused(string encoding, bool cut)
    {
        var good = Compress(Encoding.UTF8.GetBytes(ChatClient.Body("plain")), encoding);
        var bad = cut ? good[..(good.Length / 2)] : Encoding.UTF8.GetBytes(ChatClient.Body("plain"));

        var reply = await SendBytesAsync(bad, "application/json", encoding);

        Assert.Equal((400, cut ? "invalid_json" : "invalid_request"), (reply.Status, reply.ErrorCode));
        Assert.Contains(cut ? "ends too early" : encoding, reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("deflate")]
    [InlineData("gzip, br")]
    public async Task Chat_OtherEncoding_Is415(string encoding)
    {
        var reply = await SendBytesAsync(Encoding.UTF8.GetBytes(ChatClient.Body("plain")), "application/json", encoding);

        Assert.Equal((415, "unsupported_media_type"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Chat_UnknownFields_PassThrough()
    {
        const string extra = ""","new_feature":{"level":"high","n":[1,2]},"$x":null""";
        var reply = await World.Client.AskAsync("same-name", extra: extra);

        Assert.Equal(200, reply.Status);
        Assert.Contains(await World.Mock.Control.RequestsAsync("same-name"), r => r.BodyText.EndsWith(extra + "}", StringComparison.Ordinal));
    }

    private static string BodyOf(int length)
    {
        var (start, end) = ("{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"content\":\"", "\"}]}");
        return start + new string('x', length - start.Length - end.Length) + end;
    }

    private static byte[] Compress(byte[] body, string encoding)
    {
        using var target = new MemoryStream();
        using (var compressor = encoding.ToLowerInvariant() switch
        {
            "gzip" => new GZipStream(target, CompressionLevel.Optimal),
            "br" => new BrotliStream(target, CompressionLevel.Fastest),
            _ => (Stream)target,
        })
        {
            compressor.Write(body);
        }

        return target.ToArray();
    }

    private async Task<ChatReply> SendBytesAsync(byte[] body, string? contentType, string? encoding = null)
    {
        var request = ChatClient.Request("");
        request.Content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        return await World.Client.SendAsync(request);
    }
}
