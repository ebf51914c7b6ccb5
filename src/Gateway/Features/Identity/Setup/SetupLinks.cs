using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Features.Identity.Roles;
using AIHigress.Gateway.Hosting.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Setup;

/// <summary>Makes set-up links, and the first administrator of an unattended start.</summary>
internal sealed class SetupLinks(
    GatewayDbContext db, SeededRoles roles, NewUsers newUsers, ChangeWriter changes, IOptions<FirstUserOptions> options, TimeProvider time) : ISetupLinks
{
    private const int Tries = 3;
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private static readonly Actor System = new(null, "start");

    public async Task<string?> CreateLinkAsync(CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            if (await db.Users.AnyAsync(cancellationToken))
            {
                return null;
            }

            try
            {
                // In the fragment: a browser keeps it to itself, so it is in no log of a proxy.
                return $"/setup#token={await ReplaceAsync(cancellationToken)}";
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation() && tried < Tries)
            {
                // Another replica starts at the same moment; the link that is made last counts.
                db.ChangeTracker.Clear();
            }
        }
    }

    public async Task<string?> EnsureFirstUserAsync(CancellationToken cancellationToken)
    {
        await roles.EnsureAsync(cancellationToken);
        var (email, password) = (options.Value.Email, options.Value.Password);
        if (string.IsNullOrEmpty(email) || string.IsNullOrEmpty(password) || await db.Users.AnyAsync(cancellationToken))
        {
            return null;
        }

        var faults = new FieldErrors();
        var user = await newUsers.AddAsync(options.Value.Username, email, password, null, faults);
        foreach (var (path, problem) in faults.All)
        {
            var setting = path switch
            {
                "email" => "DEFAULT_ADMIN_EMAIL",
                "username" => "DEFAULT_ADMIN_USERNAME",
                _ => "DEFAULT_ADMIN_PASSWORD",
            };
            throw new SettingException(setting, $"the first administrator can't be created with it: it {problem.Message}");
        }

        user!.IsSuperuser = true;
        var diff = new AuditDiff().Add("email", null, email).Add("is_superuser", false, true).Text;
        try
        {
            await changes.SaveAsync(db, System, [new AuditEvent("user.created", $"user:{user.Id}", diff)], cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another replica starts with the same settings and was faster.
            db.ChangeTracker.Clear();
            return null;
        }

        return email;
    }

    private async Task<string> ReplaceAsync(CancellationToken cancellationToken)
    {
        var token = SetupToken.Generate();
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.OneTimeTokens.Where(t => t.Kind == OneTimeToken.SetupKind).ExecuteDeleteAsync(cancellationToken);
        db.OneTimeTokens.Add(new OneTimeToken
        {
            Kind = OneTimeToken.SetupKind,
            Digest = SetupToken.Digest(token),
            CreatedAt = now,
            ExpiresAt = now + Life,
        });
        await changes.SaveAsync(db, System, [new AuditEvent("setup_link.created", "setup")], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return token;
    }
}
