using System.Text;
using AIHigress.MockUpstream.Control;
using Microsoft.AspNetCore.Http;

namespace AIHigress.MockUpstream.Traffic;

/// <summary>What was asked, in the order it came; the oldest give way beyond <see cref="Capacity"/>.</summary>
internal sealed class Journal
{
    public const int Capacity = 20_000;

    private readonly Queue<JournalEntry> _entries = new();
    private readonly Lock _access = new();

    public void Add(JournalEntry entry)
    {
        lock (_access)
        {
            if (_entries.Count == Capacity)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(entry);
        }
    }

    public void Clear()
    {
        lock (_access)
        {
            _entries.Clear();
        }
    }

    /// <summary>The last <paramref name="limit"/> requests, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests(string? model, int limit)
    {
        lock (_access)
        {
            return [.. _entries
                .Where(e => model is null || e.Model == model)
                .OrderBy(e => e.Order)
                .TakeLast(limit)
                .Select(e => e.ToRecord())];
        }
    }
}

/// <summary>One request while it is answered, and after.</summary>
internal sealed class JournalEntry(HttpRequest request, long order, string? key, byte[] body)
{
    private readonly Dictionary<string, string> _headers = request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
    private readonly string _method = request.Method;
    private readonly string _path = request.Path.Value + request.QueryString.Value;
    private readonly string _connection = request.HttpContext.Connection.Id;
    private int _eventsSent;
    private volatile bool _canceled;
    private volatile bool _finished;

    public long Order => order;

    public string? Model { get; set; }

    public bool Canceled { set => _canceled = value; }

    public bool Finished { set => _finished = value; }

    public int EventsSent { set => Volatile.Write(ref _eventsSent, value); }

    public RecordedRequest ToRecord() => new()
    {
        Order = order,
        Method = _method,
        Path = _path,
        Connection = _connection,
        Model = Model,
        Key = key,
        Headers = _headers,
        BodyBase64 = body,
        BodyText = Encoding.UTF8.GetString(body),
        EventsSent = Volatile.Read(ref _eventsSent),
        Canceled = _canceled,
        Finished = _finished,
    };
}
