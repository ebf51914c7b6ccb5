using System.Buffers;

namespace AIHigress.Gateway.Hosting.Telemetry;

/// <summary>
/// Gathers lines for a few milliseconds and writes them together, in order, from a thread of its own. A reader that is
/// slow makes those who log wait; nothing is dropped. Disposing writes what is left.
/// </summary>
internal sealed class LineWriter : IDisposable
{
    private const int MostWaiting = 4 * 1024 * 1024;
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(10);

    private readonly Lock _writeGate = new();
    private readonly object _gate = new();
    private readonly Stream _output;
    private readonly Thread _thread;
    private ArrayBufferWriter<byte> _waiting = new(64 * 1024);
    private ArrayBufferWriter<byte> _leaving = new(64 * 1024);
    private bool _isClosed;

    /// <param name="output">Owned from now on.</param>
    public LineWriter(Stream output)
    {
        _output = output;
        _thread = new Thread(WriteLoop) { IsBackground = true, Name = "Log writer" };
        _thread.Start();
    }

    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            while (_waiting.WrittenCount > MostWaiting && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            if (_waiting.WrittenCount == 0)
            {
                Monitor.PulseAll(_gate);
            }

            _waiting.Write(line);
        }

        if (_isClosed)
        {
            // The thread is gone, or about to be: whoever logs this late writes it.
            WriteWaiting();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        WriteWaiting();
        _output.Flush();
    }

    private void WriteLoop()
    {
        while (!_isClosed)
        {
            lock (_gate)
            {
                while (_waiting.WrittenCount == 0 && !_isClosed)
                {
                    Monitor.Wait(_gate);
                }

                if (!_isClosed)
                {
                    // Nobody pulses while lines are waiting, unless they are too many: then they leave at once.
                    Monitor.Wait(_gate, GatherTime);
                }
            }

            WriteWaiting();
        }
    }

    private void WriteWaiting()
    {
        lock (_writeGate)
        {
            lock (_gate)
            {
                (_waiting, _leaving) = (_leaving, _waiting);
                Monitor.PulseAll(_gate);
            }

            try
            {
                _output.Write(_leaving.WrittenSpan);
            }
            catch (IOException)
            {
                // Whoever read the log is gone. The server goes on: serving does not depend on being watched.
            }

            _leaving.ResetWrittenCount();
        }
    }
}
