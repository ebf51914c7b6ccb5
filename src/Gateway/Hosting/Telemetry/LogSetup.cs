using AIHigress.Gateway.Hosting.Settings;
using AIHigress.Gateway.Hosting.Startup;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Hosting.Telemetry;

/// <summary>One line per event on standard output; LOG_LEVEL follows gateway.yaml without a restart.</summary>
internal static class LogSetup
{
    // The framework says nothing that an operator needs below Warning, and EF logs as errors what its callers expect
    // and handle (a name that is taken, a database that is away).
    private static readonly (string Category, LogLevel Level)[] Quiet =
    [
        ("Microsoft", LogLevel.Warning),
        ("System", LogLevel.Warning),
        ("Npgsql", LogLevel.Warning),
        ("OpenTelemetry", LogLevel.Warning),
        ("Microsoft.EntityFrameworkCore", LogLevel.None),
        // It has no warnings; listening to it makes a span and a scope for every request, whoever traces or not.
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
    ];

    // A start that fails is told in one line; these would tell it again with a stack trace.
    private static readonly string[] SilentUntilStarted = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    public static void AddLogs(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Configuration.Read<TelemetryOptions>(TelemetryOptions.Section);
        builder.Logging.ClearProviders();
        if (telemetry.LogFormat == "text")
        {
            builder.Logging.AddSimpleConsole(simple =>
            {
                simple.SingleLine = true;
                simple.UseUtcTimestamp = true;
                simple.TimestampFormat = "HH:mm:ss.fff ";
            });
        }
        else
        {
            builder.Services.AddSingleton<ILoggerProvider, JsonLogProvider>();
        }

        builder.Services.AddOptions<LoggerFilterOptions>().Configure<IOptionsMonitor<TelemetryOptions>, ServerState>(ApplyLevels);
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(
            new ConfigurationChangeTokenSource<LoggerFilterOptions>(builder.Configuration));
    }

    private static void ApplyLevels(LoggerFilterOptions filter, IOptionsMonitor<TelemetryOptions> telemetry, ServerState state)
    {
        var level = Parse(telemetry.CurrentValue.LogLevel);
        filter.MinLevel = level;
        filter.Rules.Clear();
        foreach (var (category, quiet) in Quiet)
        {
            filter.Rules.Add(new LoggerFilterRule(null, category, level > quiet ? level : quiet, null));
        }

        foreach (var category in SilentUntilStarted)
        {
            filter.Rules.Add(new LoggerFilterRule(null, category, LogLevel.Warning, (_, _, _) => state.IsStarted));
        }
    }

    private static LogLevel Parse(string level) => level.ToUpperInvariant() switch
    {
        "INFO" => LogLevel.Information,
        var name => Enum.Parse<LogLevel>(name, ignoreCase: true),
    };
}
