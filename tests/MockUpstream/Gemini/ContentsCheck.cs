using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.Gemini;

/// <summary>What Google refuses in contents: emptiness, unknown roles and parts, calls and responses that do not pair.</summary>
internal static class ContentsCheck
{
    private static readonly string[] Data =
        ["text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult", "toolCall", "toolResponse"];

    private static readonly ProtoNames Content = new("role", "parts");
    private static readonly ProtoNames Part = new([.. Data, "thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata"]);

    /// <summary>What clients may put in a signature's place, by Google's own word.</summary>
    private static readonly string[] NoSignature = ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"];

    /// <exception cref="RequestRefusedException">They break a rule.</exception>
    public static void Check(IReadOnlyList<JsonElement> contents)
    {
        Demand(contents.Count > 0, "* GenerateContentRequest.contents: contents is not specified\n");
        for (var i = 0; i < contents.Count; i++)
        {
            var at = $"contents[{i}]";
            Content.Check(contents[i], at);
            Demand(contents[i].Text("role") is null or "user" or "model" or "function", "Please use a valid role: user, model.");
            var parts = contents[i].List("parts");
            Demand(parts.Count > 0, $"* GenerateContentRequest.{at}.parts: contents.parts must not be empty.\n");
            for (var j = 0; j < parts.Count; j++)
            {
                CheckPart(parts[j], $"{at}.parts[{j}]");
            }
        }

        CheckPairs(contents);
    }

    /// <summary>Each turn answers the calls of the one before. Contents of one role in a row are one turn: so a streamed turn comes back.</summary>
    private static void CheckPairs(IReadOnlyList<JsonElement> contents)
    {
        IReadOnlyList<string> called = [];
        for (var i = 0; i < contents.Count;)
        {
            var isModel = contents[i].Text("role") == "model";
            var turn = contents.Skip(i).TakeWhile(content => (content.Text("role") == "model") == isModel).ToArray();
            var parts = turn.SelectMany(content => content.List("parts")).ToArray();
            Demand(
                called.Order().SequenceEqual(Names(parts, "functionResponse").Order()),
                "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.");
            called = Names(parts, "functionCall");
            i += turn.Length;
        }
    }

    private static IReadOnlyList<string> Names(IReadOnlyList<JsonElement> parts, string member) =>
        [.. parts.Select(part => part.Either(member)?.Text("name")).OfType<string>()];

    private static void CheckPart(JsonElement part, string at)
    {
        Part.Check(part, at);
        var set = Data.Where(name => part.Either(name) is not null).ToArray();
        Demand(set.Length < 2, $"Invalid value at '{at}' (oneof), oneof field 'data' is already set. Cannot set '{set.LastOrDefault()}'.");
        var signature = part.Either("thoughtSignature");
        Demand(set.Length == 1 || signature is not null, $"* GenerateContentRequest.{at}.data: required oneof field 'data' must have one initialized field\n");
        Demand(
            signature is null || (signature.Value.ValueKind == JsonValueKind.String && (Signatures.IsOne(signature.Value.GetString()) || NoSignature.Contains(signature.Value.GetString()))),
            "Corrupted thought signature.");
        Demand(part.Either("text") is null or { ValueKind: JsonValueKind.String }, $"Invalid value at '{at}.text' (TYPE_STRING).");
        if (part.Either("functionCall") is { } call)
        {
            Demand(call.Text("name") is { Length: > 0 }, $"* GenerateContentRequest.{at}.function_call.name: Name cannot be empty.\n");
            Demand(call.Get("args") is null or { ValueKind: JsonValueKind.Object }, $"Invalid value at '{at}.function_call.args' (type.googleapis.com/google.protobuf.Struct).");
        }

        if (part.Either("functionResponse") is { } response)
        {
            Demand(response.Text("name") is { Length: > 0 }, $"* GenerateContentRequest.{at}.function_response.name: Name cannot be empty.\n");
            Demand(response.Get("response") is { ValueKind: JsonValueKind.Object }, $"Invalid value at '{at}.function_response.response' (type.googleapis.com/google.protobuf.Struct).");
        }

        if (part.Either("inlineData") is { } inline)
        {
            Demand(inline.Either("mimeType") is not null && inline.Text("data") is not null, $"* GenerateContentRequest.{at}.inline_data: mime type and data are required.\n");
        }
    }

    private static void Demand(bool met, string message)
    {
        if (!met)
        {
            throw new RequestRefusedException(400, message);
        }
    }
}
