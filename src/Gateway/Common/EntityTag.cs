using AIHigress.Gateway.Hosting.Errors;

namespace AIHigress.Gateway.Common;

/// <summary>The version of an object as an ETag, and the If-Match that keeps one person's change from overwriting another's.</summary>
internal static class EntityTag
{
    public static string Of(int version) => $"\"v{version}\"";

    public static void Send(HttpResponse response, int version) => response.Headers.ETag = Of(version);

    /// <exception cref="ProblemException">428 without If-Match, 412 (with the current tag) when it names another version.</exception>
    public static void Demand(HttpRequest request, int version)
    {
        var wanted = request.Headers.IfMatch;
        if (wanted.Count == 0 || string.IsNullOrWhiteSpace(wanted.ToString()))
        {
            throw Problems.PreconditionRequired();
        }

        var current = Of(version);
        foreach (var tag in wanted.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (tag == current || tag == "*")
            {
                return;
            }
        }

        throw Problems.StaleVersion(version);
    }
}
