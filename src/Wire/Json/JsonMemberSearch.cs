using System.Text;
using System.Text.Json;

namespace AIHigress.Wire.Json;

/// <summary>
/// Looks in an object (or null) for one member and refuses it twice, also in other letter case.
/// <see cref="Find"/> stops the reader at the member's scalar value, <see cref="Finish"/> runs to the object's end.
/// </summary>
internal ref struct JsonMemberSearch(string parent, ReadOnlySpan<byte> member)
{
    private readonly ReadOnlySpan<byte> _member = member;
    private bool _seen;

    /// <summary>True when the object has members of any name.</summary>
    public bool HasMembers { get; private set; }

    /// <summary>True with the reader at the value, or false with the reader at the object's end (or at the null).</summary>
    public bool Find(ref JsonBodyReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        JsonMembers.Require(ref reader, JsonTokenType.StartObject, parent, "an object or null");
        return Next(ref reader);
    }

    /// <summary>Reads the rest of the object.</summary>
    public void Finish(ref JsonBodyReader reader)
    {
        reader.Skip();
        Next(ref reader);
    }

    private bool Next(ref JsonBodyReader reader)
    {
        Span<byte> scratch = stackalloc byte[JsonKeys.ScratchBytes];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            HasMembers = true;
            var matches = JsonKeys.Matches(JsonText.Key(reader.ValueSpan, reader.ValueIsEscaped, scratch), _member, out var exact);
            if (matches && _seen)
            {
                throw JsonMembers.Duplicate(ref reader, $"{parent}.{Encoding.UTF8.GetString(_member)}");
            }

            _seen |= matches;
            reader.Read();
            if (exact)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
