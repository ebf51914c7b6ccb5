using System.ComponentModel;
using AIHigress.Gateway.Features.Identity.Me;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>Where the refresh token goes.</summary>
public enum TokenDelivery
{
    /// <summary>A cookie that only the browser sees; for the console.</summary>
    Cookie,

    /// <summary>The answer's body; for programs.</summary>
    Body,
}

public sealed record LoginRequest
{
    [Description("The e-mail address; give this or the user name.")]
    public string? Email { get; init; }

    [Description("The user name; give this or the e-mail address.")]
    public string? Username { get; init; }

    public required string Password { get; init; }

    [Description("How the session is named in the list of sessions, at most 100 characters.")]
    public string? DeviceName { get; init; }

    public TokenDelivery Delivery { get; init; }
}

public sealed record RefreshRequest
{
    [Description("The refresh token of a sign-in with delivery 'body'; left out, the cookie is read.")]
    public string? RefreshToken { get; init; }
}

public sealed record StepUpRequest
{
    public required string Password { get; init; }
}

/// <summary>A sign-in that worked.</summary>
/// <param name="AccessToken">Send it as "Authorization: Bearer …".</param>
/// <param name="TokenType">Always "Bearer".</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="User">Who signed in.</param>
/// <param name="RefreshToken">With delivery "body"; null when it is in the cookie.</param>
public sealed record TokenAnswer(string AccessToken, string TokenType, int ExpiresIn, ProfileView User, string? RefreshToken = null);

public sealed record SessionView
{
    public required Guid Id { get; init; }
    public string? DeviceName { get; init; }
    public string? UserAgent { get; init; }
    public string? Ip { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastUsedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required bool IsCurrent { get; init; }
}

public sealed record EndedSessions(int Ended);

/// <summary>What the sign-in page needs to know before anybody is signed in.</summary>
public sealed record SignInChoices(
    RegistrationChoices Registration, IReadOnlyList<ExternalChoice> External, bool EmailVerification, bool PasswordReset, PasswordRuleView PasswordRules, string PublicUrl);

/// <param name="Open">Whether strangers can make an account now.</param>
/// <param name="Mode">"closed": accounts are made by administrators.</param>
public sealed record RegistrationChoices(bool Open, string Mode);

public sealed record ExternalChoice(string Id, string Name, string? Icon);

public sealed record PasswordRuleView(int MinLength, int MaxLength);
