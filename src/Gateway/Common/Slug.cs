using System.Text.RegularExpressions;

namespace AIHigress.Gateway.Common;

/// <summary>Ids that people choose: lower-case letters, digits and hyphens, 2 to 50 characters.</summary>
internal static partial class Slug
{
    public const string Rule = "must be 2 to 50 characters of a-z, 0-9 and '-', starting with a letter or digit";

    public static bool IsValid(string? value) => value is not null && Pattern().IsMatch(value);

    /// <summary>Makes a slug out of a name; empty when the name has no usable character.</summary>
    public static string From(string name)
    {
        var parts = NotAllowed().Split(name.ToLowerInvariant()).Where(p => p.Length > 0);
        var slug = string.Join('-', parts);
        return slug.Length > 50 ? slug[..50].TrimEnd('-') : slug;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,49}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NotAllowed();
}
