using System.Text.Json;
using AIHigress.Gateway.Data;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Notifications;

/// <summary>One e-mail to be made from a template, in the receiver's language.</summary>
/// <param name="To">Address.</param>
/// <param name="Template">Name of the template: "password_reset".</param>
/// <param name="Locale">The receiver's language tag; null = English.</param>
/// <param name="Params">What the template speaks of: names, links.</param>
internal sealed record Mail(string To, string Template, string? Locale, IReadOnlyDictionary<string, string> Params);

/// <summary>Puts e-mail into the outbox, within the transaction of the change that causes it.</summary>
internal sealed class MailOutbox(SecretProtector protector, IOptionsMonitor<MailOptions> options, TimeProvider time)
{
    /// <summary>False: links are handed over by an administrator instead.</summary>
    public bool IsConfigured => options.CurrentValue.IsConfigured;

    /// <summary>Tracks the message; the caller saves and commits.</summary>
    public void Add(GatewayDbContext db, Mail mail)
    {
        var now = time.GetUtcNow();
        db.Outbox.Add(new OutboxMessage
        {
            Kind = OutboxKind.Email,
            Payload = protector.Protect(JsonSerializer.Serialize(mail, JsonSerializerOptions.Web)),
            DueAt = now,
            CreatedAt = now,
        });
    }
}
