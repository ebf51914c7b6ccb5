using System.Buffers;
using AIHigress.Wire.OpenAI.Responses.Stored;

namespace AIHigress.Gateway.Features.Responses.Background;

/// <summary>Response objects of runs that ended without an answer, made of the object that the client already knows.</summary>
public static class ResponseEnds
{
    public static ReadOnlyMemory<byte> Failed(ReadOnlyMemory<byte> response, string code, string message) => Failed(response, ResponseHead.Error(code, message));

    /// <param name="response">The object so far.</param>
    /// <param name="error">Raw JSON with code and message.</param>
    public static ReadOnlyMemory<byte> Failed(ReadOnlyMemory<byte> response, string error) => With(response, "failed", error);

    public static ReadOnlyMemory<byte> Cancelled(ReadOnlyMemory<byte> response) => With(response, "cancelled", "null");

    private static ReadOnlyMemory<byte> With(ReadOnlyMemory<byte> response, string status, string error)
    {
        var output = new ArrayBufferWriter<byte>();
        ObjectRewrite.Write(response, new Dictionary<string, string?> { ["status"] = $"\"{status}\"", ["error"] = error }, output);
        return output.WrittenMemory;
    }
}
