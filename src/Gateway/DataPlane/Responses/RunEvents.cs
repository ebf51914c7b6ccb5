using AIHigress.Wire.OpenAI.Responses.Stored;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>The events of a run so far, for those in this process who follow it.</summary>
internal sealed class RunEvents
{
    private readonly Lock _lock = new();
    private readonly List<byte[]> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _complete;

    /// <summary>The last event, if it ended the response.</summary>
    public ResponseEvent? End { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _events.Count;
            }
        }
    }

    public void Add(ResponseEvent ev)
    {
        lock (_lock)
        {
            _events.Add(ev.Bytes);
            End = ev.IsLast ? ev : End;
        }

        Signal();
    }

    /// <summary>There will be no more.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
        }

        Signal();
    }

    /// <summary>The events from a number on, whether these are all, and what to wait for otherwise.</summary>
    public (IReadOnlyList<byte[]> Events, bool IsComplete, Task Changed) From(long first)
    {
        lock (_lock)
        {
            var start = (int)Math.Clamp(first, 0, _events.Count);
            return (_events.GetRange(start, _events.Count - start), _complete, _changed.Task);
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
