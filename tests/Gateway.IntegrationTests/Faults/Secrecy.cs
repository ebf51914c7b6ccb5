using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>What no answer may tell: a provider's key or where it is.</summary>
internal static class Secrecy
{
    public static void AssertKept(ChatReply reply, Uri upstream)
    {
        var all = reply.Body + string.Join('\n', reply.Headers.Select(h => $"{h.Key}: {h.Value}"));
        Assert.DoesNotContain("canary", all, StringComparison.Ordinal);
        Assert.DoesNotContain(upstream.Authority, all, StringComparison.Ordinal);
        Assert.DoesNotContain(upstream.Host, all, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", all, StringComparison.Ordinal);
    }
}
