using System.Runtime.InteropServices;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>What a request says under <c>stream_options</c>, and where.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StreamOptionsFound(ByteSpan? Value, bool IsNull, bool IsEmptyObject, bool? IncludeUsage, ByteSpan? IncludeUsageValue)
{
    /// <summary>Reads the value at the reader: an object or null.</summary>
    public static StreamOptionsFound Read(ref JsonBodyReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return new StreamOptionsFound(JsonMembers.ValueSpanOf(ref reader), IsNull: true, IsEmptyObject: false, null, null);
        }

        var start = reader.TokenStart;
        bool? includeUsage = null;
        ByteSpan? includeUsageValue = null;
        var search = new JsonMemberSearch("stream_options", "include_usage"u8);
        if (search.Find(ref reader))
        {
            includeUsage = JsonMembers.ReadBoolean(ref reader, "stream_options.include_usage");
            includeUsageValue = JsonMembers.ValueSpanOf(ref reader);
            search.Finish(ref reader);
        }

        var value = new ByteSpan(start, reader.TokenEnd - start);
        return new StreamOptionsFound(value, IsNull: false, !search.HasMembers, includeUsage, includeUsageValue);
    }
}
