using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.Features.Usage.Journal;

namespace AIHigress.Gateway.UnitTests.Usage;

public sealed class RecentRecordsTests
{
    private readonly RecentRecords _recent = new();

    [Fact]
    public void Take_UnbrokenRun_GivesItInOrderAndOnce()
    {
        Add(1, 2, 3, 4, 5);

        Assert.Equal([2, 3, 4], Take(after: 1, limit: 3));
        Assert.Equal([5], Take(after: 4, limit: 3));
        Assert.Empty(Take(after: 5, limit: 3));
    }

    [Fact]
    public void Take_TheNextOneIsNotHere_GivesNothingSoThatTheFileIsRead()
    {
        Add(10, 11);

        Assert.Empty(Take(after: 7, limit: 10));
        Assert.Equal([10, 11], Take(after: 9, limit: 10));
    }

    [Fact]
    public void Take_GapInTheNumbers_StopsBeforeIt()
    {
        Add(1, 2, 4);

        Assert.Equal([1, 2], Take(after: 0, limit: 10));
    }

    [Fact]
    public void Take_BatchThatTheDatabaseRefused_IsNotSkipped()
    {
        Add(1, 2, 3);
        Take(after: 0, limit: 2);

        // The drain asks for the same again: what it took is gone from memory, and nothing later may come in its place.
        Assert.Empty(Take(after: 0, limit: 2));
    }

    private void Add(params long[] numbers)
    {
        foreach (var number in numbers)
        {
            _recent.Add(number, new UsageRecord { RequestId = Guid.CreateVersion7(), StartedAt = number, Endpoint = "/v1/chat/completions", Protocol = "openai_chat" });
        }
    }

    private List<long> Take(long after, int limit) => _recent.Take(after, limit).ConvertAll(row =>
    {
        Assert.Equal(row.Seq, row.Record.StartedAt);
        return row.Seq;
    });
}
