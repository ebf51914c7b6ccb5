using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting;

/// <summary>Where and how this process runs.</summary>
public sealed class ServerOptions
{
    public const string Section = "Server";

    [Setting("APP_ENV", "What this installation is for; production refuses to start without SECRET_KEY.")]
    [AllowedValues("development", "production")]
    public string AppEnv { get; set; } = "development";

    [Setting("PORT", "The port on 127.0.0.1 to listen on; --urls names other addresses.")]
    [Range(0, 65535)]
    public int Port { get; set; } = 8000;

    [Setting("DATA_DIR", "The folder for the SQLite database, the usage journal and the generated secret key.")]
    public string DataDir { get; set; } = "./data";

    [Setting("CONFIG_FILE", "A gateway.yaml that declares providers, models, keys and settings; reloaded when it changes.")]
    public string? ConfigFile { get; set; }

    [Setting("REPLICA_ID", "The name of this replica.", DefaultText = "the host name")]
    public string ReplicaId { get; set; } = Environment.MachineName;

    [Setting("SHUTDOWN_GRACE_SECONDS", "Seconds that running requests get to finish when the server stops.")]
    [Range(0, 3600)]
    public int ShutdownGraceSeconds { get; set; } = 30;

    [Setting("API_BASE_URL", "The public address of this server.", OtherName = "GATEWAY_API_BASE_URL", DefaultText = "http://127.0.0.1:PORT")]
    public string? ApiBaseUrl { get; set; }

    [Setting("DEMO_MODE", "Marks a demonstration: adds a banner.")]
    public bool DemoMode { get; set; }

    public bool IsProduction => AppEnv == "production";
}
