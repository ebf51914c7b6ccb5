using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Startup;

/// <summary>What tests of the start have in common.</summary>
internal static class Starts
{
    public const string SecretKey = "k3yForTests-0123456789-abcdefghijklmnopqrstuvwxyz";
    public const string OtherSecretKey = "an0ther-One_9876543210-zyxwvutsrqponmlkjihgfedcba";

    public static Dictionary<string, string> With(string dataDir, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string> { ["DATA_DIR"] = dataDir, ["PORT"] = "0" };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>A start that must fail: exit code 1, one line on stderr with all the parts, no stack trace anywhere.</summary>
    public static async Task<string> AssertFailsAsync(string workingDirectory, Dictionary<string, string> environment, string[] arguments, params string[] parts)
    {
        var (exitCode, output, error) = await GatewayProcess.RunAsync(workingDirectory, environment, arguments);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith("aihigress: ", line, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("is ready", output, StringComparison.Ordinal);
        return line;
    }
}
