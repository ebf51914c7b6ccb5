using System.Net;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.Features.Identity;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Limits;

public sealed class UnknownCallersTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly UnknownCallers _callers;

    public UnknownCallersTests() =>
        _callers = new UnknownCallers(new LimitKit.Fixed<ApiKeyOptions>(new ApiKeyOptions { UnknownKeyLimit = "5/10" }), new LimitKit(_time).Metrics, _time);

    [Fact]
    public void Refuse_TooManyFromOneAddress_OthersAreNotTouched()
    {
        var address = IPAddress.Parse("203.0.113.7");
        Assert.Equal(5, Enumerable.Range(0, 20).Count(_ => _callers.Refuse(address) is null));

        Assert.Equal(429, _callers.Refuse(address)!.Status);
        Assert.Equal(429, _callers.Refuse(address.MapToIPv6())!.Status);
        Assert.Null(_callers.Refuse(IPAddress.Parse("203.0.113.8")));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(_callers.Refuse(address));
    }

    [Fact]
    public void Refuse_AddressesOfOneIPv6Customer_CountTogether()
    {
        Assert.Equal(5, Enumerable.Range(0, 20).Count(i => _callers.Refuse(IPAddress.Parse($"2001:db8:1:2::{i + 1:x}")) is null));
        Assert.Null(_callers.Refuse(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void Refuse_MoreAddressesThanAnyTableHolds_NeedsNoMoreMemory()
    {
        var addresses = Enumerable.Range(0, 50_000).Select(i => new IPAddress(i)).ToArray();
        _callers.Refuse(addresses[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var address in addresses)
        {
            _callers.Refuse(address);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }
}
