using System.Diagnostics;

namespace AIHigress.TestKit;

/// <summary>What a script of the repository printed and returned.</summary>
/// <param name="ExitCode">0 = it went well.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record ScriptRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program of the repository to its end.</summary>
    /// <param name="limit">After this it is killed and the test fails.</param>
    /// <param name="path">From the root of the repository, such as eng/check-deploy.sh.</param>
    /// <param name="arguments">For the program.</param>
    public static Task<ScriptRun> RunAsync(TimeSpan limit, string path, params string[] arguments) => RunAsync(limit, Describe(path, arguments));

    /// <summary>Runs what is described, such as by <see cref="Describe"/>, to its end.</summary>
    /// <param name="limit">After this it is killed and the test fails.</param>
    /// <param name="start">With all its streams redirected.</param>
    public static async Task<ScriptRun> RunAsync(TimeSpan limit, ProcessStartInfo start)
    {
        using var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{start.FileName} did not end within {limit.TotalSeconds:0} s.\n{await output}\n{await error}", e);
        }

        return new ScriptRun(process.ExitCode, await output, await error);
    }

    /// <summary>How a program of the repository is started, with its streams redirected.</summary>
    public static ProcessStartInfo Describe(string path, params string[] arguments) => new(Repository.File(path), arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Repository.Root,
    };

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Error}";
}
