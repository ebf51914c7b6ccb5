namespace AIHigress.Gateway.Common;

/// <summary>Ids that contain slashes are the last, catch-all segment of a path.</summary>
internal static class PathId
{
    /// <summary>Kestrel decodes everything in a path but "%2F"; here that is a slash like any other.</summary>
    public static string Decode(string captured) => captured.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
