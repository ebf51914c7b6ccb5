using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Features.Identity.Tokens;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>
/// Sign-in by password. What is answered, and how long it takes, is the same for an unknown name and a wrong password;
/// too many failures of one name, known or not, or of one address close it for a while.
/// </summary>
internal sealed class Login(
    GatewayDbContext db,
    PasswordChecks passwords,
    AttemptLimiter limiter,
    FailedSignIns failures,
    SessionStart sessions,
    ILookupNormalizer normalizer,
    IOptionsMonitor<SignInOptions> options)
{
    private const int AttemptsPerAddress = 60;

    public async Task<SignedIn> RunAsync(LoginRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        var name = Name(request);
        var address = ClientAddress.LimitKey(context);
        var perAddress = AttemptLimit.Parse(options.CurrentValue.LoginLimit);
        var most = new AttemptLimit(Math.Max(AttemptsPerAddress, perAddress.Count), perAddress.Window);
        var perName = new AttemptLimit(options.CurrentValue.LoginMaxFailures, TimeSpan.FromMinutes(options.CurrentValue.LoginLockoutMinutes));

        using var all = Begin("login-any", address, most, context);
        all.Counted();
        using var byAddress = Begin("login-address", address, perAddress, context);
        using var byName = Begin("login-name", name, perName, context);

        var user = await db.Users.AsNoTracking()
            .SingleOrDefaultAsync(u => (u.NormalizedEmail == name || u.NormalizedUsername == name) && u.DeletedAt == null, cancellationToken);
        var verified = await passwords.VerifyAsync(user, request.Password, cancellationToken);
        if (user is null || verified == PasswordVerificationResult.Failed)
        {
            byAddress.Failed();
            byName.Failed();
            throw Failed(context);
        }

        byName.Succeeded();
        if (!user.IsActive)
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "account_disabled", "This account is disabled; ask an administrator.");
        }

        if (verified == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await RehashAsync(user, request.Password, cancellationToken);
        }

        return await sessions.RunAsync(user, Device.Of(context, request.DeviceName), cancellationToken) ?? throw Failed(context);
    }

    public static ProblemException InvalidCredentials() =>
        new(StatusCodes.Status401Unauthorized, "invalid_credentials", "The name or the password is not right.");

    public static ProblemException TooManyAttempts(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, "too_many_attempts", "There were too many failed attempts; wait before you try again.")
        {
            RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds),
        };

    private string Name(LoginRequest request)
    {
        var faults = new FieldErrors();
        if (string.IsNullOrWhiteSpace(request.Email) == string.IsNullOrWhiteSpace(request.Username))
        {
            faults.Add("email", "one_of", "give either 'email' or 'username'");
        }

        faults.Text("email", request.Email, 1, 254);
        faults.Text("username", request.Username, 1, 254);
        faults.Text("device_name", request.DeviceName, 1, 100);
        faults.ThrowIfAny();
        var given = string.IsNullOrWhiteSpace(request.Email) ? request.Username! : request.Email;
        return normalizer.NormalizeName(given.Trim());
    }

    private AttemptLimiter.Attempt Begin(string kind, string subject, AttemptLimit limit, HttpContext context)
    {
        var (attempt, wait) = limiter.Begin(kind, subject, limit);
        if (attempt is null)
        {
            failures.Count("sign_in.refused", ClientAddress.Of(context));
            throw TooManyAttempts(wait);
        }

        return attempt;
    }

    private ProblemException Failed(HttpContext context)
    {
        failures.Count("sign_in.failed", ClientAddress.Of(context));
        return InvalidCredentials();
    }

    private async Task RehashAsync(User user, string password, CancellationToken cancellationToken)
    {
        var old = user.PasswordHash;
        var hash = await passwords.HashAsync(user, password, cancellationToken);
        await db.Users
            .Where(u => u.Id == user.Id && u.PasswordHash == old)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), cancellationToken);
    }
}
