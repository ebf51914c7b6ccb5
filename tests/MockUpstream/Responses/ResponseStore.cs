using System.Collections.Concurrent;

namespace AIHigress.MockUpstream.Responses;

/// <summary>The responses that this mock keeps; no other mock knows them. The oldest give way.</summary>
internal sealed class ResponseStore
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, StoredResponse> _responses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _items = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<StoredResponse> _order = new();

    public StoredResponse? Find(string id) => _responses.GetValueOrDefault(id);

    /// <summary>Whether an item of this id is part of a response that is kept.</summary>
    public bool KnowsItem(string id) => _items.ContainsKey(id);

    public void Add(StoredResponse response)
    {
        _responses[response.Id] = response;
        foreach (var id in response.ItemIds)
        {
            _items[id] = true;
        }

        _order.Enqueue(response);
        if (_order.Count > Capacity && _order.TryDequeue(out var oldest))
        {
            Remove(oldest.Id);
        }
    }

    public bool Remove(string id)
    {
        if (!_responses.TryRemove(id, out var response))
        {
            return false;
        }

        foreach (var item in response.ItemIds)
        {
            _items.TryRemove(item, out _);
        }

        return true;
    }
}
