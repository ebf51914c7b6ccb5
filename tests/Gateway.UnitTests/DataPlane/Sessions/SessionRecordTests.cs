using AIHigress.Gateway.DataPlane.Sessions;

namespace AIHigress.Gateway.UnitTests.DataPlane.Sessions;

public sealed class SessionRecordTests
{
    [Fact]
    public void Key_OtherUserModelOrId_IsAnother()
    {
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        string[] keys =
        [
            SessionRecord.KeyOf(one, "model", "id"), SessionRecord.KeyOf(two, "model", "id"), SessionRecord.KeyOf(one, "other", "id"),
            SessionRecord.KeyOf(one, "model", "id2"), SessionRecord.KeyOf(one, "el", "idmod"), SessionRecord.KeyOf(one, "d\nmodel", "i"),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, k => Assert.True(SessionRecord.IsKey(k)));
        Assert.Equal(keys[0], SessionRecord.KeyOf(one, "model", "id"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("abcdef0123456789abcdef012345678")]
    public void Key_AnythingElse_IsNone(string text) => Assert.False(SessionRecord.IsKey(text));
}
