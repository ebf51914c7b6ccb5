namespace AIHigress.Gateway.Features.Identity.Access;

/// <summary>Checks console access tokens against the identity snapshot; no database, no waiting.</summary>
public interface IAccessTokens
{
    /// <summary>The user of a valid access token; null when it is no token of ours, expired, ended, or its user is not active.</summary>
    CurrentUser? TryAuthenticate(string bearer);
}
