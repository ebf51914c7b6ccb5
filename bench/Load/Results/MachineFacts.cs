using System.Runtime.InteropServices;

namespace AIHigress.Load.Results;

/// <summary>What figures depend on besides the code.</summary>
internal sealed record MachineFacts(int Cores, string Processor, string System, string Runtime, double MemoryGib, string Nginx)
{
    public static async Task<MachineFacts> ReadAsync() => new(
        Environment.ProcessorCount,
        Value(await File.ReadAllLinesAsync("/proc/cpuinfo"), "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        $"{RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}",
        RuntimeInformation.FrameworkDescription,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024), 1),
        await Targets.NginxServer.VersionAsync());

    private static string? Value(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
