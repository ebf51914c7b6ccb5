using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Notifications;

/// <summary>The mail server. Without one no e-mail is sent, and links are handed over by an administrator.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    [Setting("SMTP_URL", "The mail server in one line: smtp[s]://user:password@host:port.", Live = true, Secret = true)]
    public string? Url { get; set; }

    [Setting("SMTP_HOST", "The mail server, instead of SMTP_URL.", Live = true)]
    public string? Host { get; set; }

    [Setting("SMTP_PORT", "Its port.", Live = true)]
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    [Setting("SMTP_USERNAME", "User name at the mail server.", Live = true)]
    public string? Username { get; set; }

    [Setting("SMTP_PASSWORD", "Password at the mail server.", Live = true, Secret = true)]
    public string? Password { get; set; }

    [Setting("SMTP_TLS", "starttls (required), implicit (TLS from the start) or none.", Live = true)]
    [RegularExpression("^(starttls|implicit|none)$")]
    public string Tls { get; set; } = "starttls";

    [Setting("MAIL_FROM", "Sender of all e-mail: an address, or 'Name <address>'.", Live = true)]
    public string? From { get; set; }

    internal bool IsConfigured => !string.IsNullOrWhiteSpace(Url) || !string.IsNullOrWhiteSpace(Host);
}
