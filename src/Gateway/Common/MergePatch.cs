using System.Text.Json;
using System.Text.Json.Nodes;
using AIHigress.Gateway.Hosting.Errors;

namespace AIHigress.Gateway.Common;

/// <summary>
/// RFC 7396 over an editable document: the present state is written as JSON, the patch is merged into it (absent keeps,
/// null clears) and the result is read back strictly, so a patch passes the same rules as a new object.
/// </summary>
internal static class MergePatch
{
    /// <exception cref="ProblemException">400 when the patch is no object, or names unknown fields or wrong types.</exception>
    public static T Apply<T>(T current, JsonElement patch, JsonSerializerOptions options)
        where T : class
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, "invalid_json", "Send a JSON object with the fields to change.");
        }

        var document = JsonSerializer.SerializeToNode(current, options)!.AsObject();
        Merge(document, JsonObject.Create(patch)!);
        try
        {
            return document.Deserialize<T>(options)!;
        }
        catch (JsonException e)
        {
            var path = (e.Path ?? "$").TrimStart('$').TrimStart('.');
            throw Problems.Field(path.Length == 0 ? Unknown(e.Message) : path, "invalid", "is unknown or has the wrong type");
        }
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject inner when target[name] is JsonObject existing:
                    Merge(existing, inner);
                    break;
                case JsonObject inner:
                    // The nulls of a new object clear what is not there.
                    var added = new JsonObject();
                    target[name] = added;
                    Merge(added, inner);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }

    // An unmapped member of the outermost object is reported with an empty path; its name is only in the message, in quotes.
    private static string Unknown(string message)
    {
        var parts = message.Split('\'');
        return parts.Length > 1 ? parts[1] : "body";
    }
}
