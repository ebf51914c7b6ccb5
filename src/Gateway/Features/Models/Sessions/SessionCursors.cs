using System.Globalization;
using System.Security.Cryptography;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.DataProtection;

namespace AIHigress.Gateway.Features.Models.Sessions;

/// <summary>Cursors of the list of sessions, which no database has: opaque, sealed by the key ring, bound to the filters.</summary>
internal sealed class SessionCursors(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("AIHigress.SessionCursors.v1");

    public string Write(SessionPosition place, string binding) =>
        _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{place.LastUsedAt}\n{place.Key}\n{binding}"));

    /// <exception cref="ProblemException">400: not a cursor of this list.</exception>
    public SessionPosition? Read(string? cursor, string binding)
    {
        if (cursor is null)
        {
            return null;
        }

        try
        {
            if (_protector.Unprotect(cursor).Split('\n', 3) is [var at, var key, var bound] && bound == binding)
            {
                return new SessionPosition(long.Parse(at, CultureInfo.InvariantCulture), key);
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            // Answered below like one of another list.
        }

        throw new ProblemException(StatusCodes.Status400BadRequest, "invalid_cursor",
            "The cursor does not belong to this list with these filters; start again without a cursor.");
    }
}
