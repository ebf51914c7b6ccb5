using System.Text.RegularExpressions;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>Secrets stand in gateway.yaml only as <c>env:NAME</c> or <c>file:PATH</c>.</summary>
internal static partial class SecretReference
{
    public const string Rule = "must be a reference, env:NAME or file:PATH; secrets themselves don't belong into this file";

    public static bool IsValid(string text) => Environment().IsMatch(text) || (text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5);

    /// <summary>The secret that a valid reference means, or null with the reason why there is none.</summary>
    public static string? Resolve(string reference, string baseFolder, out string? fault)
    {
        var secret = reference.StartsWith("env:", StringComparison.Ordinal)
            ? FromEnvironment(reference[4..], out fault)
            : FromFile(System.IO.Path.Combine(baseFolder, reference[5..]), out fault);
        if (secret is not null && secret.Trim().Length == 0)
        {
            fault = $"{reference} is empty";
            return null;
        }

        return secret?.Trim();
    }

    private static string? FromEnvironment(string name, out string? fault)
    {
        var value = System.Environment.GetEnvironmentVariable(name)
            ?? DotEnv.Read(".env").LastOrDefault(pair => pair.Key == name).Value;
        fault = value is null ? $"the environment variable {name} is not set" : null;
        return value;
    }

    private static string? FromFile(string path, out string? fault)
    {
        try
        {
            fault = null;
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"the file {path} can't be read";
            return null;
        }
    }

    [GeneratedRegex("^env:[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Environment();
}
