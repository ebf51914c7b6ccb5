using AIHigress.Gateway.DataPlane.Upstream;

namespace AIHigress.Gateway.UnitTests.DataPlane.Upstream;

public sealed class FailureReportTests
{
    [Fact]
    public void OfAttempts_LastRejected_IsTheUpstreamsOwnRefusal()
    {
        var error = Report(Failure(FailureKind.UpstreamError, 500), new AttemptFailure(FailureKind.Rejected, 422, "too silly") { UpstreamParam = "messages" });

        Assert.Equal((422, "upstream_rejected", "too silly", "messages"), (error.Status, error.Code, error.Message, error.Param));
    }

    [Fact]
    public void OfAttempts_AllLimited_IsALimitWithTheEarliestRetry()
    {
        var error = Report(Limited(30), Limited(null), Limited(9));

        Assert.Equal((429, "upstream_rate_limited", TimeSpan.FromSeconds(9)), (error.Status, error.Code, error.RetryAfter));
        Assert.Equal(TimeSpan.FromSeconds(1), Report(Limited(null)).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(1), Report(Limited(0)).RetryAfter);
    }

    [Theory]
    [InlineData(new[] { FailureKind.Timeout }, 504, "upstream_timeout")]
    [InlineData(new[] { FailureKind.RateLimited, FailureKind.Timeout }, 504, "upstream_timeout")]
    [InlineData(new[] { FailureKind.Network }, 502, "upstream_failed")]
    [InlineData(new[] { FailureKind.Timeout, FailureKind.Network }, 502, "upstream_failed")]
    [InlineData(new[] { FailureKind.RateLimited, FailureKind.UpstreamError }, 502, "upstream_failed")]
    [InlineData(new[] { FailureKind.Auth }, 502, "upstream_failed")]
    [InlineData(new[] { FailureKind.Malformed, FailureKind.RateLimited }, 502, "upstream_failed")]
    [InlineData(new[] { FailureKind.Unsupported, FailureKind.Network }, 502, "upstream_failed")]
    [InlineData(new[] { FailureKind.Unsupported, FailureKind.Unsupported }, 400, "upstream_rejected")]
    [InlineData(new[] { FailureKind.Network, FailureKind.ServerEnding }, 503, "shutting_down")]
    public void OfAttempts_Kinds_MapToStatusAndCode(FailureKind[] kinds, int status, string code)
    {
        var error = Report([.. kinds.Select(k => Failure(k, k == FailureKind.Unsupported ? 400 : null))]);

        Assert.Equal((status, code), (error.Status, error.Code));
    }

    [Fact]
    public void OfAttempts_Several_SaysHowMany()
    {
        Assert.StartsWith("All 2 attempts", Report(Failure(FailureKind.Network), Failure(FailureKind.Network)).Message, StringComparison.Ordinal);
        Assert.StartsWith("The provider", Report(Failure(FailureKind.Network)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FailureKind.Network, "upstream_failed")]
    [InlineData(FailureKind.Malformed, "upstream_failed")]
    [InlineData(FailureKind.UpstreamError, "upstream_failed")]
    [InlineData(FailureKind.RateLimited, "upstream_failed")]
    [InlineData(FailureKind.Timeout, "upstream_timeout")]
    [InlineData(FailureKind.ServerEnding, "shutting_down")]
    public void OfBrokenStream_Kinds_MapToCodes(FailureKind kind, string code)
    {
        Assert.Equal(code, FailureReport.OfBrokenStream(Failure(kind)).Code);
    }

    [Fact]
    public void OfBrokenStream_ErrorEvent_TellsTheUpstreamsWords()
    {
        Assert.EndsWith("ran dry", FailureReport.OfBrokenStream(new AttemptFailure(FailureKind.UpstreamError, 200, "ran dry")).Message, StringComparison.Ordinal);
    }

    private static AIHigress.Gateway.DataPlane.GatewayError Report(params AttemptFailure[] failures) => FailureReport.OfAttempts(failures);

    private static AttemptFailure Failure(FailureKind kind, int? status = null) => new(kind, status, "why");

    private static AttemptFailure Limited(int? seconds) =>
        new(FailureKind.RateLimited, 429, "slow down", seconds is { } s ? TimeSpan.FromSeconds(s) : null);
}
