using System.Runtime.InteropServices;

namespace AIHigress.Load.Client;

/// <summary>One entry of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public const short Readable = 0x1;
    public const short Writable = 0x4;

    public int Descriptor;
    public short Wanted;
    public short Found;
}

/// <summary>A span of time as ppoll(2) takes it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollTime
{
    public nint Seconds;
    public nint Nanoseconds;
}

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class Posix
{
    private const int Terminated = 15;
    private const int Interrupted = 4;

    /// <summary>Waits until an entry is ready or the time is over; how many are ready. ppoll, because poll's milliseconds are longer than what is measured.</summary>
    public static int Poll(Span<PollEntry> entries, TimeSpan longest)
    {
        var time = new PollTime
        {
            Seconds = (nint)longest.Ticks / (nint)TimeSpan.TicksPerSecond,
            Nanoseconds = (nint)(longest.Ticks % TimeSpan.TicksPerSecond) * 100,
        };
        var ready = ppoll(entries, (nuint)entries.Length, time, 0);
        if (ready >= 0)
        {
            return ready;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == Interrupted ? 0 : throw new IOException($"ppoll failed with error {error}");
    }

    /// <summary>SIGTERM; a process that is gone already is no error.</summary>
    public static void Terminate(int processId) => _ = kill(processId, Terminated);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ppoll(Span<PollEntry> entries, nuint count, in PollTime longest, nint signals);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int processId, int signal);
}
