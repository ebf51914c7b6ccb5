using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses;

/// <summary>
/// The <c>local_shell</c> tool runs on the client's side, so any model can be offered it: as a function whose arguments are the action of
/// a <c>local_shell_call</c> without its type.
/// </summary>
internal static class LocalShell
{
    public const string Name = "local_shell";

    // Told from a client's own function of the same name by this very schema.
    private const string Schema =
        """{"type":"object","properties":{"command":{"type":"array","items":{"type":"string"},"description":"The command and its arguments."},"timeout_ms":{"type":"integer"},"working_directory":{"type":"string"},"env":{"type":"object","additionalProperties":{"type":"string"}},"user":{"type":"string"}},"required":["command"]}""";

    public static readonly FunctionTool Tool = new(Name)
    {
        Description = "Runs a command in the user's local shell and returns its output.",
        Parameters = Schema,
    };

    public static bool IsOffered(ModelRequest request) =>
        request.Tools.Any(t => t is FunctionTool { Name: Name, Parameters: Schema });

    /// <summary>The arguments of the call whose action this is.</summary>
    public static string Arguments(JsonElement action)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        foreach (var member in action.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            if (JsonTree.Name(member) is var name && name != "type")
            {
                json.WriteRawMember(name, JsonTree.Raw(member.Value));
            }
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Whether a function call's arguments are an action.</summary>
    public static bool IsAction(ReadOnlyMemory<byte> arguments)
    {
        using var document = JsonTree.TryParse(arguments);
        return document?.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("command", out var command) && command.ValueKind == JsonValueKind.Array;
    }

    /// <summary>Writes the action of a call; an empty one while there are no arguments.</summary>
    public static void WriteAction(Utf8JsonWriter json, ReadOnlyMemory<byte> arguments)
    {
        using var document = JsonTree.TryParse(arguments);
        json.WriteStartObject("action"u8);
        json.WriteString("type"u8, "exec"u8);
        json.WriteRawMember("command", Member(document, "command") ?? "[]");
        json.WriteRawMember("env", Member(document, "env") ?? "{}");
        json.WriteRawMember("timeout_ms", Member(document, "timeout_ms"));
        json.WriteRawMember("user", Member(document, "user"));
        json.WriteRawMember("working_directory", Member(document, "working_directory"));
        json.WriteEndObject();
    }

    private static string? Member(JsonDocument? document, string name) =>
        document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? JsonTree.Raw(value)
            : null;
}
