using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire.Translation.Answers;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Upstream;

public sealed class UpstreamVerdictTests
{
    private static readonly ProviderKeyRoute Key = new() { Id = Guid.NewGuid(), Label = "k", Hint = "", Secret = "sk-secret-1" };

    private static readonly ProviderRoute Provider = new()
    {
        Id = "p",
        Kind = ProviderKinds.OpenAI,
        BaseUrl = new Uri("https://api.upstream.example:8443/v1"),
        RetryableStatusCodes = FrozenSet.Create(418),
    };

    private static readonly UpstreamAdapter Adapter = UpstreamAdapters.Of(Provider);

    [Theory]
    [InlineData(400, nameof(FailureKind.Rejected))]
    [InlineData(401, nameof(FailureKind.Auth))]
    [InlineData(402, nameof(FailureKind.Auth))]
    [InlineData(403, nameof(FailureKind.Auth))]
    [InlineData(404, nameof(FailureKind.Rejected))]
    [InlineData(408, nameof(FailureKind.UpstreamError))]
    [InlineData(409, nameof(FailureKind.UpstreamError))]
    [InlineData(413, nameof(FailureKind.Rejected))]
    [InlineData(418, nameof(FailureKind.UpstreamError))]
    [InlineData(422, nameof(FailureKind.Rejected))]
    [InlineData(425, nameof(FailureKind.UpstreamError))]
    [InlineData(429, nameof(FailureKind.RateLimited))]
    [InlineData(500, nameof(FailureKind.UpstreamError))]
    [InlineData(529, nameof(FailureKind.UpstreamError))]
    [InlineData(301, nameof(FailureKind.Malformed))]
    public void Of_Status_SaysWhoseFaultItIs(int status, string kind)
    {
        var failure = UpstreamVerdict.Of(status, "{}"u8, Adapter, null, Provider, Key);

        Assert.Equal((kind, status), (failure.Kind.ToString(), failure.Status!.Value));
    }

    [Theory]
    [InlineData("This model does not support tools")]
    [InlineData("Unsupported parameter: 'response_format'")]
    [InlineData("image input is not supported")]
    public void Of_400AboutACapability_MovesOn(string message)
    {
        Assert.Equal(FailureKind.Unsupported, UpstreamVerdict.Of(400, Body(message), Adapter, null, Provider, Key).Kind);
        Assert.Equal(FailureKind.Unsupported, UpstreamVerdict.Of(422, Body(message), Adapter, null, Provider, Key).Kind);
        Assert.Equal(FailureKind.Rejected, UpstreamVerdict.Of(404, Body(message), Adapter, null, Provider, Key).Kind);
    }

    [Theory]
    [InlineData(null, nameof(FailureKind.UpstreamError))]
    [InlineData(429, nameof(FailureKind.RateLimited))]
    [InlineData(401, nameof(FailureKind.Auth))]
    [InlineData(400, nameof(FailureKind.Rejected))]
    public void OfErrorInside_NamedStatus_CountsLikeIt(int? status, string kind)
    {
        Assert.Equal(kind, UpstreamVerdict.OfErrorInside(new AnswerError(status, "no"), Provider, Key).Kind.ToString());
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("0", 0)]
    [InlineData("86400", 600)]
    [InlineData("Tue, 24 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Tue, 24 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("soon", null)]
    public void ReadRetryAfter_SecondsOrDate_IsATimeUpToTenMinutes(string value, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

        var wait = UpstreamVerdict.ReadRetryAfter(response.Headers, time);

        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, wait);
    }

    [Theory]
    [InlineData("the key sk-secret-1 is wrong", "the key [key] is wrong")]
    [InlineData("see https://api.upstream.example:8443/v1/chat/completions", "see [upstream]/chat/completions")]
    [InlineData("API.UPSTREAM.EXAMPLE:8443 and api.upstream.example", "[upstream] and [upstream]")]
    [InlineData("two\r\nlines\t\u0007", "two  lines  ")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void Clean_Text_HasNoKeyAddressOrControlCharacter(string text, string clean)
    {
        Assert.Equal(clean, Scrubber.Clean(text, Provider, Key));
    }

    [Fact]
    public void Clean_LongText_IsClipped()
    {
        Assert.Equal(501, Scrubber.Clean(new string('x', 2000), Provider, null).Length);
    }

    [Fact]
    public void Clean_KeyAcrossTheClip_IsNotShown()
    {
        Assert.DoesNotContain("sk-se", Scrubber.Clean(new string('x', 495) + "sk-secret-1", Provider, Key), StringComparison.Ordinal);
    }

    private static byte[] Body(string message) => Encoding.UTF8.GetBytes("{\"error\":{\"message\":\"" + message + "\"}}");
}
