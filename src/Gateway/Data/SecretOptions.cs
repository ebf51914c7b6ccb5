using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Data;

/// <summary>The key that wraps every stored secret.</summary>
public sealed class SecretOptions
{
    public const string Section = "Secrets";

    [Setting("SECRET_KEY", "Wraps the encryption keys of stored secrets; at least 32 characters, 20 of them distinct. Development makes one in DATA_DIR/secret.key.", Secret = true, DefaultText = "made once in development")]
    public string? SecretKey { get; set; }

    [Setting("SECRET_KEY_PREVIOUS", "The key that the data was written with, for one start after SECRET_KEY was lost or changed.", Secret = true)]
    public string? SecretKeyPrevious { get; set; }
}
