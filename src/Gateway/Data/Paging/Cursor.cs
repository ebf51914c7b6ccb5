using System.Globalization;

namespace AIHigress.Gateway.Data.Paging;

/// <summary>Writes the values of a cursor; the few types that lists are sorted by.</summary>
internal sealed class CursorWriter : IDisposable
{
    private readonly BinaryWriter _writer = new(new MemoryStream());

    /// <summary>Has a name of its own: the generic method would take a byte array for a value and write its type name.</summary>
    public void WriteBinding(ReadOnlySpan<byte> binding) => _writer.Write(binding);

    public void Write<TValue>(TValue value)
    {
        _writer.Write(value is not null);
        if (value is not null)
        {
            _writer.Write(value switch
            {
                DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
                IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString() ?? "",
            });
        }
    }

    public byte[] ToArray() => ((MemoryStream)_writer.BaseStream).ToArray();

    public void Dispose() => _writer.Dispose();
}

/// <summary>Reads what <see cref="CursorWriter"/> wrote. Throws what the reader of a stream throws when it is something else.</summary>
internal sealed class CursorReader(byte[] bytes) : IDisposable
{
    private readonly BinaryReader _reader = new(new MemoryStream(bytes, writable: false));

    public byte[] ReadBinding(int length) => _reader.ReadBytes(length);

    public TValue Read<TValue>()
    {
        if (!_reader.ReadBoolean())
        {
            return default!;
        }

        var text = _reader.ReadString();
        var type = Nullable.GetUnderlyingType(typeof(TValue)) ?? typeof(TValue);
        object value = type == typeof(string) ? text
            : type == typeof(Guid) ? Guid.Parse(text)
            : type == typeof(DateTimeOffset) ? new DateTimeOffset(long.Parse(text, CultureInfo.InvariantCulture), TimeSpan.Zero)
            : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        return (TValue)value;
    }

    public void Dispose() => _reader.Dispose();
}
