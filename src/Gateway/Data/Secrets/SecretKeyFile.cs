using System.Text;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Hosting;
using AIHigress.Gateway.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Data.Secrets;

/// <summary>
/// The keys of this start: SECRET_KEY, else (in development) DATA_DIR/secret.key. A key made here is written to that
/// file only by <see cref="Persist"/>, after it is known that no data depends on another one.
/// </summary>
internal sealed class SecretKeyFile
{
    private const string FileName = "secret.key";
    private readonly string? _generated;

    public SecretKeyFile(IOptions<SecretOptions> secrets, IOptions<ServerOptions> server, IDesignTime designTime)
    {
        FilePath = Path.Combine(Path.GetFullPath(server.Value.DataDir), FileName);
        Previous = string.IsNullOrEmpty(secrets.Value.SecretKeyPrevious)
            ? null
            : SecretKey.From("SECRET_KEY_PREVIOUS", secrets.Value.SecretKeyPrevious);
        if (!string.IsNullOrEmpty(secrets.Value.SecretKey))
        {
            Current = SecretKey.From("SECRET_KEY", secrets.Value.SecretKey);
            return;
        }

        if (server.Value.IsProduction && !designTime.IsActive)
        {
            throw new SettingException("SECRET_KEY", "must be set when APP_ENV is production; 'aihigress secret generate' makes one, and it must stay the same from then on");
        }

        var stored = designTime.IsActive ? null : Read();
        _generated = stored is null ? SecretKey.Generate() : null;
        Current = SecretKey.From($"SECRET_KEY (from {FilePath})", stored ?? _generated!);
    }

    public SecretKey Current { get; }

    /// <summary>Only opens what was wrapped before SECRET_KEY changed.</summary>
    public SecretKey? Previous { get; }

    public string FilePath { get; }

    public SecretKey? Find(string fingerprint) =>
        Current.Fingerprint == fingerprint ? Current : Previous?.Fingerprint == fingerprint ? Previous : null;

    /// <summary>Writes a key that was made at this start, readable by the owner only; does nothing otherwise.</summary>
    public void Persist()
    {
        if (_generated is null || File.Exists(FilePath))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(FilePath, options);
        file.Write(Encoding.ASCII.GetBytes(_generated + "\n"));
        file.Flush(flushToDisk: true);
    }

    private string? Read()
    {
        try
        {
            return File.Exists(FilePath) ? File.ReadAllText(FilePath).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException("DATA_DIR", $"the key file {FilePath} can't be read: {e.Message}");
        }
    }
}
