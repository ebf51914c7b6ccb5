using System.Globalization;
using System.Text;
using AIHigress.Gateway.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Hosting.Startup;

/// <summary>DATA_DIR of this process: made when missing, checked for writing, held by one server at a time.</summary>
internal sealed class DataFolder(IOptions<ServerOptions> options) : IDisposable
{
    private const string Setting = "DATA_DIR";
    private const string LockName = "server.lock";
    private FileStream? _lock;

    public string Path { get; } = System.IO.Path.GetFullPath(options.Value.DataDir);

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

        var path = System.IO.Path.Combine(Path, LockName);
        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw new SettingException(Setting, $"the folder {Path} is not writable for this user");
        }
        catch (IOException) when (HolderOf(path) is { } holder)
        {
            throw new SettingException(Setting, $"another server (process {holder}) uses the folder {Path}; stop it, or give this one its own DATA_DIR");
        }
        catch (IOException e)
        {
            throw new SettingException(Setting, $"the folder {Path} is not writable: {e.Message}");
        }

        _lock.SetLength(0);
        _lock.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        _lock.Flush();
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>The process id in a lock file that another process holds; null when it can't be read.</summary>
    private static string? HolderOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd().Trim();
            return text.Length == 0 ? "unknown" : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
