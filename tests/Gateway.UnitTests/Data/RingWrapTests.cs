using System.Security.Cryptography;
using System.Xml.Linq;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Secrets;

namespace AIHigress.Gateway.UnitTests.Data;

public sealed class RingWrapTests
{
    private static readonly SecretKey Key = SecretKey.From("k", "k3yForTests-0123456789-abcdefghijklmnopqrstuvwxyz");
    private static readonly SecretKey Other = SecretKey.From("k", "an0ther-One_9876543210-zyxwvutsrqponmlkjihgfedcba");

    [Fact]
    public void Wrap_ThenUnwrap_GivesTheTextBackAndHidesIt()
    {
        var wrapped = RingWrap.Wrap(Key, "<masterKey>canary</masterKey>");

        Assert.DoesNotContain("canary", wrapped.ToString(), StringComparison.Ordinal);
        Assert.Equal(Key.Fingerprint, RingWrap.Fingerprint(wrapped));
        Assert.Equal("<masterKey>canary</masterKey>", RingWrap.Unwrap(Key, wrapped));
        Assert.NotEqual(wrapped.Value, RingWrap.Wrap(Key, "<masterKey>canary</masterKey>").Value);
    }

    [Fact]
    public void Unwrap_OtherKeyOrAlteredOrRelabelled_Refuses()
    {
        var wrapped = RingWrap.Wrap(Key, "text");
        var box = Convert.FromBase64String(wrapped.Value);
        box[15] ^= 1;
        var altered = new XElement(wrapped) { Value = Convert.ToBase64String(box) };

        Assert.ThrowsAny<CryptographicException>(() => RingWrap.Unwrap(Other, wrapped));
        Assert.ThrowsAny<CryptographicException>(() => RingWrap.Unwrap(Key, altered));
        Assert.ThrowsAny<CryptographicException>(() => RingWrap.Unwrap(Key, new XElement(wrapped) { Value = "AAAA" }));
    }

    [Fact]
    public void Fingerprint_SaysWhichKeyWithoutBeingIt()
    {
        Assert.NotEqual(Key.Fingerprint, Other.Fingerprint);
        Assert.Matches("^[0-9a-f]{16}$", Key.Fingerprint);
        Assert.False(Convert.ToHexStringLower(Key.WrappingKey).StartsWith(Key.Fingerprint, StringComparison.Ordinal));
    }
}
