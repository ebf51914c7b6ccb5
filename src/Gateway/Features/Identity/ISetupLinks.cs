namespace AIHigress.Gateway.Features.Identity;

/// <summary>How the first administrator comes to be.</summary>
internal interface ISetupLinks
{
    /// <summary>Makes a new one-time set-up link and ends the one before; its path and token, or null when a user exists.</summary>
    Task<string?> CreateLinkAsync(CancellationToken cancellationToken);

    /// <summary>Creates DEFAULT_ADMIN_EMAIL's user when it is given with a password and there is no user; its e-mail, or null when nothing was created.</summary>
    Task<string?> EnsureFirstUserAsync(CancellationToken cancellationToken);
}
