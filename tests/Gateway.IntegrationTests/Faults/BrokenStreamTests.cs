using System.Text.Json;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Once content was sent there is no way back: the stream ends with the protocol's error event, never as if it were whole.</summary>
public sealed class BrokenStreamTests(SharedWorlds worlds) : FaultTests(worlds)
{
    public static TheoryData<string> Breaks => [.. BrokenStream.All.Select(b => b.Name)];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Stream_BreaksAfterContent_EndsWithTheErrorEvent(string name)
    {
        var broken = BrokenStream.Named(name);

        var reply = await World.Client.AskAsync(broken.Model, stream: true);

        Assert.Equal(200, reply.Status);
        Assert.Equal("1", reply.Attempts);
        Assert.Equal($"{broken.Model}/{broken.Behaviour}", reply.ServedBy);
        Assert.DoesNotContain("[DONE]", reply.Events);
        Assert.Equal(string.Concat(Words.Pieces(new Behaviour()).Take(broken.Words)), reply.StreamText);
        using var last = JsonDocument.Parse(reply.Events[^1]);
        var error = last.RootElement.GetProperty("error");
        Assert.Equal(broken.Code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.EndsWith("\n\n", reply.Body, StringComparison.Ordinal);
        Assert.All(reply.Events.SkipLast(1), e => Assert.DoesNotContain("\"error\"", e, StringComparison.Ordinal));
        Secrecy.AssertKept(reply, World.FaultyMock.BaseAddress);

        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([(broken.Model, broken.Category)], row.Attempts);
        Assert.Equal((200, broken.Code, false), (row.Status, row.ErrorCode, row.Ok));
        // Without the upstream's own count, what was generated until then is counted here.
        Assert.Equal(broken.Name != "no-finish", row.TokensEstimated);
        Assert.True(row.OutputTokens >= broken.Words);
        Assert.Empty(await World.HealthyMock.Control.RequestsAsync(broken.Untouched));
    }
}
