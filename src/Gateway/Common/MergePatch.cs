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
    /// <exception cref="ProblemException">400 when the patch is no object.</exception>
    /// <exception cref="BadHttpRequestException">400 when it names unknown fields or wrong types.</exception>
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
            // As if the framework had read it: unknown fields and wrong types are reported in one form everywhere.
            throw new BadHttpRequestException("The merged document can't be read.", StatusCodes.Status400BadRequest, e);
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
}
