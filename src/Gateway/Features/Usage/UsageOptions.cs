using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>The usage journal and the request log.</summary>
public sealed class UsageOptions
{
    public const string Section = "Usage";

    [Setting("JOURNAL_SYNC", "normal survives a crash of the process; full also a loss of power (one fsync per commit).")]
    [AllowedValues("normal", "full")]
    public string JournalSync { get; set; } = "normal";

    [Setting("JOURNAL_FULL", "What happens when the journal can't be written: refuse requests, or serve them unmetered.")]
    [AllowedValues("refuse", "serve")]
    public string JournalFull { get; set; } = "refuse";

    [Setting("REQUEST_LOG_RETENTION_DAYS", "Days that request logs are kept.", Live = true)]
    [Range(7, 400)]
    public int RequestLogRetentionDays { get; set; } = 30;
}
