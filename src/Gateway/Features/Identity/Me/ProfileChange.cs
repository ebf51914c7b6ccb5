using System.Text.RegularExpressions;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Me;

/// <summary>A merge patch: what is left out stays, null clears.</summary>
public sealed record UpdateProfile
{
    public string? DisplayName { get; init; }
    public string? Username { get; init; }
    public string? Locale { get; init; }
    public string? Timezone { get; init; }
}

/// <summary>What users may change of their own account; e-mail, status and rights are not among it.</summary>
internal sealed partial class ProfileChange(
    GatewayDbContext db, ChangeWriter changes, ILookupNormalizer normalizer, TimeProvider time)
{
    public async Task<User> RunAsync(PatchOf<UpdateProfile> patch, CurrentUser caller, CancellationToken cancellationToken)
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == caller.Id && u.DeletedAt == null, cancellationToken)
            ?? throw Problems.Unauthenticated();
        var wanted = patch.ApplyTo(
            new UpdateProfile { DisplayName = user.DisplayName, Username = user.Username, Locale = user.Locale, Timezone = user.Timezone });
        Check(wanted);
        var diff = new AuditDiff()
            .Add("display_name", user.DisplayName, wanted.DisplayName)
            .Add("username", user.Username, wanted.Username)
            .Add("locale", user.Locale, wanted.Locale)
            .Add("timezone", user.Timezone, wanted.Timezone);
        if (diff.IsEmpty)
        {
            return user;
        }

        (user.DisplayName, user.Locale, user.Timezone, user.UpdatedAt) = (wanted.DisplayName, wanted.Locale, wanted.Timezone, time.GetUtcNow());
        (user.Username, user.NormalizedUsername) = (wanted.Username!, normalizer.NormalizeName(wanted.Username!));
        try
        {
            await changes.SaveAsync(db, caller.Actor, [new AuditEvent("user.updated", $"user:{user.Id}", diff.Text)], cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.NameTaken(wanted.Username!);
        }

        return user;
    }

    private static void Check(UpdateProfile wanted)
    {
        var faults = new FieldErrors();
        faults.Text("display_name", wanted.DisplayName, 1, 100);
        if (wanted.Username is null)
        {
            faults.Required("username");
        }
        else if (!Username().IsMatch(wanted.Username))
        {
            faults.Add("username", "invalid", "must be 2 to 50 letters, digits, '.', '-' and '_', starting with a letter or digit");
        }

        if (wanted.Locale is not null && !Locale().IsMatch(wanted.Locale))
        {
            faults.Add("locale", "invalid", "must be a language tag such as 'en' or 'zh-CN'");
        }

        if (wanted.Timezone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(wanted.Timezone, out _))
        {
            faults.Add("timezone", "invalid", "must be a time zone name such as 'Europe/Berlin'");
        }

        faults.ThrowIfAny();
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{1,49}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Username();

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Locale();
}
