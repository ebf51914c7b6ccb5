using System.Net.Mail;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Roles;
using Microsoft.AspNetCore.Identity;

namespace AIHigress.Gateway.Features.Identity.Passwords;

/// <summary>Makes users by the rules of e-mail addresses, user names and passwords; the caller commits them.</summary>
internal sealed class NewUsers(UserManager<User> users, GatewayDbContext db)
{
    /// <summary>Checks everything and tracks a new user; null when <paramref name="faults"/> got entries.</summary>
    public async Task<User?> AddAsync(string username, string? email, string? password, string? displayName, FieldErrors faults)
    {
        email = email?.Trim();
        var user = new User { Username = username, NormalizedUsername = "", Email = email, DisplayName = displayName };
        if (!IsEmail(email))
        {
            faults.Add("email", "invalid_email", "must be an e-mail address");
        }

        faults.Text("display_name", displayName, 1, 100);
        if (string.IsNullOrEmpty(password))
        {
            faults.Required("password");
        }

        if (faults.Any)
        {
            return null;
        }

        var result = await users.CreateAsync(user, password!);
        foreach (var error in result.Errors)
        {
            AddTo(faults, error);
        }

        if (!result.Succeeded)
        {
            return null;
        }

        db.UserRoles.Add(new UserRole { UserId = user.Id, RoleCode = Role.Member });
        return user;
    }

    /// <summary>Reports what ASP.NET Core Identity found, under the field that it is about.</summary>
    public static void AddTo(FieldErrors faults, IdentityError error, string passwordField = "password")
    {
        switch (error.Code)
        {
            case nameof(IdentityErrorDescriber.DuplicateUserName):
                faults.Add("username", "name_taken", "is taken");
                break;
            case nameof(IdentityErrorDescriber.InvalidUserName):
                faults.Add("username", "invalid_characters", "must be made of letters, digits, '.', '-' and '_'");
                break;
            default:
                faults.Add(passwordField, error.Code, error.Description);
                break;
        }
    }

    private static bool IsEmail(string? text) =>
        text is { Length: >= 3 and <= 254 } && MailAddress.TryCreate(text, out var address) && address.Address == text && !text.Any(char.IsControl);
}
