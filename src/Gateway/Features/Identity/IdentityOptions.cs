using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>The first administrator of an unattended start.</summary>
public sealed class FirstUserOptions
{
    public const string Section = "FirstUser";

    [Setting("DEFAULT_ADMIN_USERNAME", "User name of the first administrator.")]
    public string Username { get; set; } = "admin";

    [Setting("DEFAULT_ADMIN_EMAIL", "E-mail of the first administrator, created at start when there is no user and a password is given.")]
    public string? Email { get; set; }

    [Setting("DEFAULT_ADMIN_PASSWORD", "Password of the first administrator; without it a set-up link is printed.", Secret = true)]
    public string? Password { get; set; }
}

/// <summary>Tokens, sessions, passwords.</summary>
public sealed class SignInOptions
{
    public const string Section = "SignIn";

    [Setting("ACCESS_TOKEN_MINUTES", "Minutes an access token is good for.", Live = true)]
    [Range(5, 120)]
    public int AccessTokenMinutes { get; set; } = 30;

    [Setting("REFRESH_TOKEN_DAYS", "Days of silence after which a session ends.", Live = true)]
    [Range(1, 90)]
    public int RefreshTokenDays { get; set; } = 7;

    [Setting("SESSION_MAX_DAYS", "Days after which a session ends in any case.", Live = true)]
    [Range(1, 365)]
    public int SessionMaxDays { get; set; } = 30;

    [Setting("REFRESH_GRACE_SECONDS", "Seconds in which the previous refresh token still yields the same successor.", Live = true)]
    [Range(0, 60)]
    public int RefreshGraceSeconds { get; set; } = 30;

    [Setting("MAX_SESSIONS_PER_USER", "Sessions a user may have; the least recently used ends first.", Live = true)]
    [Range(1, 100)]
    public int MaxSessionsPerUser { get; set; } = 5;

    [Setting("PASSWORD_MIN_LENGTH", "The shortest password.", Live = true)]
    [Range(8, 128)]
    public int PasswordMinLength { get; set; } = 8;

    [Setting("LOGIN_MAX_FAILURES", "Failed sign-ins of one account before it is locked out.", Live = true)]
    [Range(1, 100)]
    public int LoginMaxFailures { get; set; } = 5;

    [Setting("LOGIN_LOCKOUT_MINUTES", "Minutes that failures are counted over and a lockout lasts.", Live = true)]
    [Range(1, 1440)]
    public int LoginLockoutMinutes { get; set; } = 15;

    [Setting("STEP_UP_MINUTES", "Minutes after which an action that needs the password asks for it again.", Live = true)]
    [Range(1, 120)]
    public int StepUpMinutes { get; set; } = 15;

    [Setting("AUTH_LOGIN_LIMIT", "Failed sign-ins per address, as count/seconds.")]
    [RegularExpression(@"^\d{1,6}/\d{1,6}$")]
    public string LoginLimit { get; set; } = "5/60";
}

/// <summary>API keys.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "ApiKeys";

    [Setting("API_KEY_MAX_PER_USER", "Live API keys a user may have.", Live = true)]
    [Range(1, 10000)]
    public int MaxPerUser { get; set; } = 50;

    [Setting("API_KEY_MAX_LIFETIME_DAYS", "The longest life of a new key in days; 0 = no limit.", Live = true)]
    [Range(0, 3650)]
    public int MaxLifetimeDays { get; set; }

    [Setting("DEFAULT_USER_RPM", "Requests per minute of a user, over all of his keys; 0 = no limit.", Live = true)]
    [Range(0, RequestLimits.Most)]
    public int DefaultUserRpm { get; set; }

    [Setting("DEFAULT_USER_TPM", "Tokens per minute of a user, over all of his keys; 0 = no limit.", Live = true)]
    [Range(0, int.MaxValue)]
    public int DefaultUserTpm { get; set; }

    [Setting("DEFAULT_USER_CONCURRENCY", "AI requests of a user at once, over all of his keys; 0 = no limit.", Live = true)]
    [Range(0, RequestLimits.Most)]
    public int DefaultUserConcurrency { get; set; }

    [Setting("UNKNOWN_KEY_LIMIT", "AI requests with unknown API keys that an address may send, as count/seconds; beyond that they get 429.", Live = true)]
    [RegularExpression(@"^[1-9]\d{0,5}/[1-9]\d{0,3}$")]
    public string UnknownKeyLimit { get; set; } = "300/60";

    private RequestLimits? _userLimits;

    /// <summary>What a user without limits of his own may use; null = as much as he likes.</summary>
    internal RequestLimits? UserLimits => DefaultUserRpm + DefaultUserConcurrency == 0 && DefaultUserTpm == 0
        ? null
        : _userLimits ??= new RequestLimits(Positive(DefaultUserRpm), Positive(DefaultUserTpm), Positive(DefaultUserConcurrency));

    internal (int Count, int Seconds) UnknownKeyRate
    {
        get
        {
            var slash = UnknownKeyLimit.IndexOf('/', StringComparison.Ordinal);
            var culture = System.Globalization.CultureInfo.InvariantCulture;
            return (int.Parse(UnknownKeyLimit.AsSpan(0, slash), culture), int.Parse(UnknownKeyLimit.AsSpan(slash + 1), culture));
        }
    }

    private static int? Positive(int value) => value > 0 ? value : null;
}
