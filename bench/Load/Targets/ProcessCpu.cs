using System.Globalization;

namespace AIHigress.Load.Targets;

/// <summary>CPU time, user and system, from /proc: all threads, ended ones too, of a process and its living children.</summary>
internal static class ProcessCpu
{
    // What Linux shows to programs is in hundredths of a second, whatever the kernel's own clock.
    private const int TicksPerSecond = 100;

    public static TimeSpan Read(int processId)
    {
        var ticks = OwnTicks(processId);
        foreach (var child in Children(processId))
        {
            ticks += (long)(Read(child).TotalSeconds * TicksPerSecond);
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private static long OwnTicks(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The name in parentheses may hold blanks; utime and stime are the 12th and 13th field after it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<int> Children(int processId) =>
        Directory.GetDirectories($"/proc/{processId}/task")
            .SelectMany(ChildrenOfThread)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    private static string[] ChildrenOfThread(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // The thread ended since the folder was listed; its children, if any, have moved to another.
            return [];
        }
    }
}
