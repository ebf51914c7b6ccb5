using System.Text.Json;

namespace AIHigress.TestKit.Grammar.Gemini;

/// <summary>A part holds one kind of data; a thought is text, and a signature may stand alone.</summary>
internal static class GeminiPart
{
    private static readonly string[] Data = ["text", "functionCall", "inlineData", "fileData", "executableCode", "codeExecutionResult"];

    public static SeenPart Read(Node part)
    {
        var kinds = Data.Where(name => part.Find(name) is not null).ToList();
        var signature = part.Find("thoughtSignature") is null ? null : part.Name("thoughtSignature");
        part.Require(kinds.Count == 1 || (kinds.Count == 0 && signature is not null), "part-shape");
        var isThought = IsThought(part);
        part.Require(!isThought || kinds is [] or ["text"], "thought-place");
        return kinds switch
        {
            [] => new SeenPart(isThought ? SeenKind.Reasoning : SeenKind.Text, "", Signature: signature),
            ["text"] => new SeenPart(isThought ? SeenKind.Reasoning : SeenKind.Text, part.Text("text"), Signature: signature),
            ["functionCall"] => Call(part.Object("functionCall")) with { Signature = signature },
            _ => new SeenPart(SeenKind.Other, CallArguments.Compact(part.Object(kinds[0]).Value), Name: kinds[0], Signature: signature),
        };
    }

    private static SeenPart Call(Node call)
    {
        var id = call.Find("id") is null ? null : call.Name("id", "call-id");
        var name = call.Name("name", "call-name");
        return new SeenPart(SeenKind.ToolCall, CallArguments.Compact(call.Object("args", "call-args").Value), id, name);
    }

    private static bool IsThought(Node part)
    {
        if (part.Find("thought") is not { } thought)
        {
            return false;
        }

        thought.Require(thought.Kind is JsonValueKind.True or JsonValueKind.False, "thought-place");
        return thought.Kind == JsonValueKind.True;
    }
}
