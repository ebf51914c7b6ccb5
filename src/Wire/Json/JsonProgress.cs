namespace AIHigress.Wire.Json;

/// <summary>Follows a JSON object that comes in pieces, and knows when it is whole. Looks at brackets and strings only.</summary>
internal struct JsonProgress
{
    private int _depth;
    private bool _inString;
    private bool _escaped;
    private bool _started;

    /// <summary>The first value has been closed.</summary>
    public readonly bool IsWhole => _started && _depth == 0 && !_inString;

    public void Add(ReadOnlySpan<byte> piece)
    {
        foreach (var b in piece)
        {
            if (_inString)
            {
                InString(b);
            }
            else if (b == (byte)'"')
            {
                _inString = true;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                _depth++;
                _started = true;
            }
            else if (b is (byte)'}' or (byte)']')
            {
                _depth--;
            }
        }
    }

    private void InString(byte b)
    {
        if (_escaped)
        {
            _escaped = false;
        }
        else if (b == (byte)'\\')
        {
            _escaped = true;
        }
        else if (b == (byte)'"')
        {
            _inString = false;
        }
    }
}
