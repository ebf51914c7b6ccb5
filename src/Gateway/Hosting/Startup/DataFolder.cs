using System.Globalization;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Startup;

/// <summary>DATA_DIR of this process: made when missing, checked for writing, held by one server at a time.</summary>
internal sealed class DataFolder(string path) : IDisposable
{
    private const string Setting = "DATA_DIR";

    // The process id has a file of its own: nobody may even read a locked one.
    private const string LockName = "server.lock";
    private const string ProcessIdName = "server.pid";

    // EWOULDBLOCK, as the runtime reports a lock held elsewhere.
    private const int WouldBlock = 11;
    private FileStream? _lock;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <exception cref="SettingException">The folder can't be written, or another server has it.</exception>
    public void Open()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path);
            }
            else
            {
                // Only for its owner: it holds password hashes and the secret key. A folder that exists keeps its mode.
                Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException(Setting, $"the folder {Path} can't be made: {e.Message}");
        }

        try
        {
            _lock = new FileStream(File(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            System.IO.File.WriteAllText(File(ProcessIdName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (UnauthorizedAccessException)
        {
            throw new SettingException(Setting, $"the folder {Path} is not writable for this user");
        }
        catch (IOException e)
        {
            throw new SettingException(
                Setting,
                e.HResult == WouldBlock
                    ? $"another server (process {Holder()}) uses the folder {Path}; stop it, or give this one its own DATA_DIR"
                    : $"the folder {Path} is not writable: {e.Message}");
        }
    }

    public void Dispose() => _lock?.Dispose();

    private string File(string name) => System.IO.Path.Combine(Path, name);

    private string Holder()
    {
        try
        {
            return System.IO.File.ReadAllText(File(ProcessIdName)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
