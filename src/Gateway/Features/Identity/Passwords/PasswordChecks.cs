using Microsoft.AspNetCore.Identity;

namespace AIHigress.Gateway.Features.Identity.Passwords;

/// <summary>
/// Verifies passwords in equal work, whether the user exists, has a password, or not. At most half of the processors
/// hash at once, so that a flood of sign-ins leaves the rest for the requests of others.
/// </summary>
internal sealed class PasswordChecks(IPasswordHasher<User> hasher) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly string _nobody = hasher.HashPassword(Nobody(), Guid.NewGuid().ToString());

    /// <summary>What the password is to <paramref name="user"/>; always a failure for nobody.</summary>
    public async Task<PasswordVerificationResult> VerifyAsync(User? user, string password, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var result = hasher.VerifyHashedPassword(user ?? Nobody(), user?.PasswordHash ?? _nobody, Bounded(password));
            return user?.PasswordHash is null || password.Length > PasswordRules.MaxLength ? PasswordVerificationResult.Failed : result;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Hashes anew, for a hash that was made with less work than is asked for today.</summary>
    public async Task<string> HashAsync(User user, string password, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return hasher.HashPassword(user, password);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Longer than any password can be: refused above, but only after the same work.
    private static string Bounded(string password) => password.Length > PasswordRules.MaxLength ? password[..PasswordRules.MaxLength] : password;

    private static User Nobody() => new() { Username = "", NormalizedUsername = "" };
}
