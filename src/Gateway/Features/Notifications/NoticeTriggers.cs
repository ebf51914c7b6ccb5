namespace AIHigress.Gateway.Features.Notifications;

/// <summary>What users are told of (control-plane.md §10).</summary>
internal static class NoticeTriggers
{
    public const string NewSignIn = "security.new_sign_in";
    public const string PasswordChanged = "security.password_changed";
    public const string TwoFactorChanged = "security.two_factor_changed";
    public const string RefreshReuse = "security.refresh_reuse";
    public const string ActedAs = "security.acted_as";
    public const string AccountPending = "account.pending";
    public const string AccountActivated = "account.activated";
    public const string KeyExpiring = "key.expiring";
    public const string KeyExpired = "key.expired";
    public const string KeyClientErrors = "key.client_errors";
    public const string KeyBudget80 = "key.budget_80";
    public const string KeyBudget100 = "key.budget_100";
    public const string KeyRotated = "key.rotated";

    public static NotificationLevel LevelOf(string trigger) => trigger switch
    {
        RefreshReuse or KeyExpired or KeyBudget100 => NotificationLevel.Error,
        KeyExpiring or KeyClientErrors or KeyBudget80 or ActedAs => NotificationLevel.Warning,
        _ => NotificationLevel.Info,
    };
}
