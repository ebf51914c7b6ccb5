namespace AIHigress.TestKit.Grammar.Messages;

/// <summary>The content blocks of a stream: dense indices, one open at a time.</summary>
internal sealed class MessageBlocks(int maxBlocks)
{
    private readonly List<SeenPart> _closed = [];
    private OpenBlock? _open;
    private Node? _unreadable;

    public bool IsOpen => _open is not null;

    public bool HasToolUse => _closed.Exists(p => p.Kind == SeenKind.ToolCall);

    /// <summary>With the one that an error left open.</summary>
    public IReadOnlyList<SeenPart> Seen => _open is null ? _closed : [.. _closed, _open.Seen];

    public void Start(Node body)
    {
        body.Require(_open is null, "block-open");
        body.Require(body.Count("index", "block-index") == _closed.Count, "block-index");
        body.Require(_closed.Count < maxBlocks, "max-blocks");
        _open = new OpenBlock(body.Object("content_block"));
        body.Require(_open.CallId is null || _closed.TrueForAll(p => p.Id != _open.CallId), "tool-id");
    }

    public void Delta(Node body)
    {
        body.Require(_open is not null, "delta-closed");
        body.Require(body.Count("index", "delta-index") == _closed.Count, "delta-index");
        _open!.Take(body.Object("delta"));
    }

    public void Stop(Node body)
    {
        body.Require(_open is not null, "stop-closed");
        body.Require(body.Count("index", "stop-index") == _closed.Count, "stop-index");
        if (!_open!.IsReadable)
        {
            _unreadable ??= body;
        }

        _closed.Add(_open.Seen);
        _open = null;
    }

    /// <summary>Only an answer that was cut off may leave arguments that are no object.</summary>
    public void CheckArguments(string stopReason)
    {
        if (_unreadable is { } stop && !MessageShape.IsCutOff(stopReason))
        {
            throw new GrammarException(stop.Event, "tool-input", string.Join('\n', _closed));
        }
    }
}
