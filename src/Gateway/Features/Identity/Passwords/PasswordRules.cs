using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Passwords;

/// <summary>What a new password must be: long enough, not too long, not a common one, not the e-mail. Nothing is cut off.</summary>
internal sealed class PasswordRules(IOptionsMonitor<SignInOptions> options) : IPasswordValidator<User>
{
    public const int MaxLength = 128;

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var faults = Check(password ?? "", user).ToArray();
        return Task.FromResult(faults.Length == 0 ? IdentityResult.Success : IdentityResult.Failed(faults));
    }

    private IEnumerable<IdentityError> Check(string password, User user)
    {
        var min = options.CurrentValue.PasswordMinLength;
        if (password.Length < min)
        {
            yield return new IdentityError { Code = "too_short", Description = $"must have at least {min} characters" };
        }
        else if (password.Length > MaxLength)
        {
            yield return new IdentityError { Code = "too_long", Description = $"must have at most {MaxLength} characters" };
        }
        else if (Matches(password, user.Email) || Matches(password, user.Email?.Split('@')[0]) || Matches(password, user.Username))
        {
            yield return new IdentityError { Code = "same_as_account", Description = "must not be the e-mail address or the user name" };
        }
        else if (CommonPasswords.Contains(password))
        {
            yield return new IdentityError { Code = "too_common", Description = "is one of the passwords that are tried first; choose another" };
        }
    }

    private static bool Matches(string password, string? name) =>
        name is { Length: > 0 } && password.Equals(name, StringComparison.OrdinalIgnoreCase);
}
