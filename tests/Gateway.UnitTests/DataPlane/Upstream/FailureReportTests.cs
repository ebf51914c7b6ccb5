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
    [InlineData(new[] { nameof(FailureKind.Timeout) }, 504, "upstream_timeout")]
    [InlineData(new[] { nameof(FailureKind.RateLimited), nameof(FailureKind.Timeout) }, 504, "upstream_timeout")]
    [InlineData(new[] { nameof(FailureKind.Network) }, 502, "upstream_failed")]
    [InlineData(new[] { nameof(FailureKind.Timeout), nameof(FailureKind.Network) }, 502, "upstream_failed")]
    [InlineData(new[] { nameof(FailureKind.RateLimited), nameof(FailureKind.UpstreamError) }, 502, "upstream_failed")]
    [InlineData(new[] { nameof(FailureKind.Auth) }, 502, "upstream_failed")]
    [InlineData(new[] { nameof(FailureKind.Malformed), nameof(FailureKind.RateLimited) }, 502, "upstream_failed")]
    [InlineData(new[] { nameof(FailureKind.Unsupported), nameof(FailureKind.Network) }, 502, "upstream_failed")]
    [InlineData(new[] { nameof(FailureKind.Unsupported), nameof(FailureKind.Unsupported) }, 400, "upstream_rejected")]
    [InlineData(new[] { nameof(FailureKind.Network), nameof(FailureKind.ServerEnding) }, 503, "shutting_down")]
    public void OfAttempts_Kinds_MapToStatusAndCode(string[] kinds, int status, string code)
    {
        var error = Report([.. kinds.Select(Enum.Parse<FailureKind>).Select(k => Failure(k, k == FailureKind.Unsupported ? 400 : null))]);

        Assert.Equal((status, code), (error.Status, error.Code));
    }

    [Fact]
    public void OfAttempts_Several_SaysHowMany()
    {
        Assert.StartsWith("All 2 attempts", Report(Failure(FailureKind.Network), Failure(FailureKind.Network)).Message, StringComparison.Ordinal);
        Assert.StartsWith("The provider", Report(Failure(FailureKind.Network)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(FailureKind.Network), "upstream_failed")]
    [InlineData(nameof(FailureKind.Malformed), "upstream_failed")]
    [InlineData(nameof(FailureKind.UpstreamError), "upstream_failed")]
    [InlineData(nameof(FailureKind.RateLimited), "upstream_failed")]
    [InlineData(nameof(FailureKind.Timeout), "upstream_timeout")]
    [InlineData(nameof(FailureKind.ServerEnding), "shutting_down")]
    public void OfBrokenStream_Kinds_MapToCodes(string kind, string code)
    {
        Assert.Equal(code, FailureReport.OfBrokenStream(Failure(Enum.Parse<FailureKind>(kind))).Code);
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
