using System.Net;
using System.Net.Http.Headers;
using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.DataPlane.Conversion;
using AIHigress.Wire.Translation.Requests;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Conversion;

/// <summary>Images and files by address, over a transport of the test's own.</summary>
public sealed class MediaFetcherTests
{
    private const string Address = "https://pictures.example.com/a.png";

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Resolve_Addresses_BecomeBytesWhereverTheyStand()
    {
        using var web = new Web(_ => Answer("image/png", [1, 2, 3]));
        var request = Request(
            new TextPart("look"),
            new ImagePart(new MediaSource { Url = Address }),
            new FilePart(new MediaSource { Url = Address + "?file", MediaType = "application/pdf" }),
            new ToolResultPart("c", [new ImagePart(new MediaSource { Url = Address + "?result" })]),
            new ImagePart(new MediaSource { Data = "AAAA", MediaType = "image/gif" }));

        var parts = (await Fetcher(web).ResolveAsync(request, TestContext.Current.CancellationToken)).Messages[0].Parts;

        Assert.Equal(("image/png", "AQID", null), Facts(((ImagePart)parts[1]).Source));
        Assert.Equal(("application/pdf", "AQID", null), Facts(((FilePart)parts[2]).Source));
        Assert.Equal(("image/png", "AQID", null), Facts(((ImagePart)((ToolResultPart)parts[3]).Content[0]).Source));
        Assert.Equal(("image/gif", "AAAA", null), Facts(((ImagePart)parts[4]).Source));
        Assert.Equal(3, web.Asked.Count);
    }

    [Fact]
    public async Task Resolve_NoAddress_AsksNobody()
    {
        using var web = new Web(_ => Answer("image/png", [1]));
        var request = Request(new TextPart("look"));

        Assert.Same(request, await Fetcher(web).ResolveAsync(request, TestContext.Current.CancellationToken));
        Assert.Empty(web.Asked);
    }

    [Fact]
    public async Task Resolve_SameAddressTwice_IsFetchedOnce()
    {
        using var web = new Web(_ => Answer("image/png", [1]));

        var parts = (await Fetcher(web).ResolveAsync(Request(Image(Address), Image(Address)), TestContext.Current.CancellationToken)).Messages[0].Parts;

        Assert.Single(web.Asked);
        Assert.All(parts, p => Assert.Equal("AQ==", ((ImagePart)p).Source.Data));
    }

    [Fact]
    public async Task Resolve_Redirect_IsNotFollowed()
    {
        using var web = new Web(_ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://169.254.169.254/") } });

        Assert.Contains("status 302", await RefusalAsync(web, Address), StringComparison.Ordinal);
        Assert.Equal([Address], web.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.PartialContent)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task Resolve_OtherStatus_IsRefused(HttpStatusCode status)
    {
        using var web = new Web(_ => new HttpResponseMessage(status));

        Assert.Contains($"status {(int)status}", await RefusalAsync(web, Address), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task Resolve_NoMedia_IsRefused(string? type)
    {
        using var web = new Web(_ => Answer(type, [1]));

        Assert.Contains("neither an image", await RefusalAsync(web, Address), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/pdf")]
    public async Task Resolve_ImageThatIsNone_IsRefused(string type)
    {
        using var web = new Web(_ => Answer(type, [1]));

        Assert.Contains("sent for an image is " + type, await RefusalAsync(web, Address), StringComparison.Ordinal);
        var file = Request(new FilePart(new MediaSource { Url = Address }));
        var source = ((FilePart)(await Fetcher(web).ResolveAsync(file, TestContext.Current.CancellationToken)).Messages[0].Parts[0]).Source;
        Assert.Equal((type, "AQ==", null), Facts(source));
    }

    [Fact]
    public async Task Resolve_TooLarge_IsRefusedBeforeItIsRead()
    {
        var endless = new Endless();
        using var web = new Web(_ => new HttpResponseMessage { Content = Typed(new StreamContent(endless), "image/png") });

        Assert.Contains("larger than 20 MiB", await RefusalAsync(web, Address), StringComparison.Ordinal);
        Assert.InRange(endless.Taken, 20 * 1024 * 1024, 40 * 1024 * 1024);
    }

    [Fact]
    public async Task Resolve_NoAnswer_IsRefusedWhenTheTimeIsOver()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var web = new Web(async (_, cancellation) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            throw new InvalidOperationException();
        });

        var refusal = RefusalAsync(web, Address);
        await asked.Task.WaitAsync(TestKit.Timeouts.Wait, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(refusal.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("took longer", await refusal.WaitAsync(TestKit.Timeouts.Wait, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_ClientLeaves_IsCanceled()
    {
        using var leaving = new CancellationTokenSource();
        using var web = new Web(async (_, cancellation) =>
        {
            await leaving.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            throw new InvalidOperationException();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fetcher(web).ResolveAsync(Request(Image(Address)), leaving.Token).AsTask());
    }

    [Fact]
    public async Task Resolve_ConnectionBreaks_IsRefusedWithoutTellingWhy()
    {
        using var web = new Web(_ => throw new HttpRequestException("10.1.2.3:80 refused"));

        var refusal = await RefusalAsync(web, Address);

        Assert.Contains("could not be fetched", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.2.3", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_TwentyAddresses_AreTheMost()
    {
        using var web = new Web(_ => Answer("image/png", [1]));
        var twenty = Enumerable.Range(0, 20).Select(i => Image($"{Address}?{i}")).ToArray();

        await Fetcher(web).ResolveAsync(Request(twenty), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<GatewayErrorException>(() =>
            Fetcher(web).ResolveAsync(Request([.. twenty, Image(Address)]), TestContext.Current.CancellationToken).AsTask());

        Assert.Equal((20, 400), (web.Asked.Count, error.Error.Status));
        Assert.Contains("at most 20", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/a.png")]
    [InlineData("/relative.png")]
    [InlineData("gopher://example.com")]
    public async Task Resolve_OtherSchemes_AreRefused(string address)
    {
        using var web = new Web(_ => Answer("image/png", [1]));

        Assert.Contains("not an http or https address", await RefusalAsync(web, address), StringComparison.Ordinal);
        Assert.Empty(web.Asked);
    }

    private MediaFetcher Fetcher(Web web) => new(web.Invoker, _time);

    private async Task<string> RefusalAsync(Web web, string address)
    {
        var error = await Assert.ThrowsAsync<GatewayErrorException>(() =>
            Fetcher(web).ResolveAsync(Request(Image(address)), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal((400, "invalid_request"), (error.Error.Status, error.Error.Code));
        return error.Message;
    }

    private static (string?, string?, string?) Facts(MediaSource source) => (source.MediaType, source.Data, source.Url);

    private static ImagePart Image(string address) => new(new MediaSource { Url = address });

    private static ModelRequest Request(params Part[] parts) => new() { Model = "m", Messages = [new Message(Role.User, parts)] };

    private static HttpResponseMessage Answer(string? type, byte[] body) => new() { Content = Typed(new ByteArrayContent(body), type) };

    private static HttpContent Typed(HttpContent content, string? type)
    {
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return content;
    }

    /// <summary>The web as a test wants it.</summary>
    private sealed class Web : IDisposable
    {
        public Web(Func<HttpRequestMessage, HttpResponseMessage> answer)
            : this((request, _) => Task.FromResult(answer(request)))
        {
        }

        public Web(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => Invoker = new HttpMessageInvoker(new Handler(this, answer));

        public HttpMessageInvoker Invoker { get; }

        public List<string> Asked { get; } = [];

        public void Dispose() => Invoker.Dispose();

        private sealed class Handler(Web web, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                Assert.Null(request.Headers.Authorization);
                web.Asked.Add(request.RequestUri!.AbsoluteUri);
                return answer(request, cancellationToken);
            }
        }
    }

    /// <summary>A body that never ends, and tells how much of it was read.</summary>
    private sealed class Endless : Stream
    {
        public long Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Taken; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        private int ReadSome(int count)
        {
            Taken += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => ReadSome(count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(ReadSome(buffer.Length));

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
