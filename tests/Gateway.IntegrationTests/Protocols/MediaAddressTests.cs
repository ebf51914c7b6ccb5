namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Addresses in requests are fetched for upstreams that take none, and never from a private place, however it is written.</summary>
public sealed class MediaAddressTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    [Theory]
    [InlineData("http://127.0.0.1:PORT/picture.png")]
    [InlineData("http://localhost:PORT/picture.png")]
    [InlineData("http://2130706433:PORT/picture.png")]
    [InlineData("http://0x7f000001:PORT/picture.png")]
    [InlineData("http://0177.0.0.1:PORT/picture.png")]
    [InlineData("http://127.1:PORT/picture.png")]
    [InlineData("http://0.0.0.0:PORT/picture.png")]
    [InlineData("http://[::1]:PORT/picture.png")]
    [InlineData("http://[::]:PORT/picture.png")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/picture.png")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fd00:ec2::254]/latest/meta-data/")]
    [InlineData("http://10.0.0.1/picture.png")]
    [InlineData("http://172.16.0.1/picture.png")]
    [InlineData("http://192.168.1.1/picture.png")]
    [InlineData("http://100.64.0.1/picture.png")]
    public async Task Address_OfAPrivatePlace_IsRefusedForAnyClient(string address)
    {
        foreach (var protocol in (string[])["chat", "responses", "messages"])
        {
            var own = address.Replace("PORT", World.Mock.BaseAddress.Port.ToString(), StringComparison.Ordinal) + $"?by={protocol}";

            var reply = await World.Client.SendAsync(Conversation.WithAddress(protocol, "plain-over-gemini", own));

            Assert.True(reply.Status == 400, reply.Body);
            Assert.Contains("could not be fetched", reply.ErrorMessage, StringComparison.Ordinal);
            Assert.Equal("invalid_request", (await World.Logs.OneAsync(reply.RequestId)).ErrorCode);
        }

        Assert.DoesNotContain(await World.Mock.Control.RequestsAsync(), r => r.Path.Contains("picture.png", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/picture.png")]
    public async Task Address_OfAnotherScheme_IsRefused(string address)
    {
        var reply = await World.Client.SendAsync(Conversation.WithAddress("messages", "plain-over-gemini", address));

        Assert.True(reply.Status == 400, reply.Body);
    }

    [Fact]
    public async Task Address_InACount_IsRefusedToo()
    {
        using var request = new ProtocolClient("messages").Post(
            "/v1/messages/count_tokens",
            $$$"""{"model":"plain-over-gemini","messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"{{{World.Mock.BaseAddress}}}picture.png"}}]}]}""");

        Assert.Equal(400, (await World.Client.SendAsync(request)).Status);
    }
}
