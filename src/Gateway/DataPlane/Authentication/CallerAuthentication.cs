using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Authentication;

/// <summary>Stage 2: finds the caller in the key snapshot. No database, no exception: a flood of bad keys stays cheap.</summary>
internal sealed class CallerAuthentication(ApiKeySnapshots snapshots, IUnknownCallers strangers, TimeProvider time)
{
    private static readonly GatewayError Missing = new(
        401, "missing_api_key", "Send your API key as 'Authorization: Bearer KEY', 'x-api-key: KEY' or 'x-goog-api-key: KEY'.");

    private static readonly GatewayError Unknown = new(
        401, "invalid_api_key", "This API key is not valid. Check it, or make a new one.");

    private static readonly GatewayError Expired = new(
        401, "expired_api_key", "This API key has expired. Make a new one, or have its expiry moved.");

    private static readonly GatewayError Disabled = new(
        403, "disabled_api_key", "This API key is disabled. Enable it, or use another one.");

    private static readonly GatewayError OwnerDisabled = new(
        403, "disabled_api_key", "The owner of this API key is disabled or does not exist yet. Ask the operator.");

    private static readonly GatewayError WrongScope = new(
        403, "wrong_key_scope", "This API key is not for AI requests. Use one with the scope 'inference'.");

    /// <summary>The caller, or the refusal; a refusal of a known key comes with its caller, so that it can be logged.</summary>
    public (ApiCaller? Caller, GatewayError? Error) Authenticate(HttpRequest request)
    {
        var token = ReadToken(request);
        if (token.IsEmpty)
        {
            return (null, Missing);
        }

        if (snapshots.Current.Find(token) is not { } caller)
        {
            return (null, strangers.Refuse(request.HttpContext.Connection.RemoteIpAddress) ?? Unknown);
        }

        return (caller, Check(caller));
    }

    private GatewayError? Check(ApiCaller caller)
    {
        if (caller.KeyDisabled)
        {
            return Disabled;
        }

        if (caller.OwnerDisabled || caller.UserId is null)
        {
            return OwnerDisabled;
        }

        if (caller.ExpiresAt is { } end && end <= time.GetUtcNow())
        {
            return Expired;
        }

        return caller.Scopes.Contains(ApiKey.InferenceScope) ? null : WrongScope;
    }

    private static ReadOnlySpan<char> ReadToken(HttpRequest request)
    {
        var headers = request.Headers;
        var authorization = headers.Authorization.ToString().AsSpan().Trim();
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return authorization["Bearer ".Length..].Trim();
        }

        var key = headers["x-api-key"].ToString().AsSpan().Trim();
        if (!key.IsEmpty)
        {
            return key;
        }

        key = headers["x-goog-api-key"].ToString().AsSpan().Trim();

        // Google's clients may put the key into the query; no other protocol's do.
        return key.IsEmpty && ClientEndpoint.ProtocolOf(request) == WireProtocol.Gemini ? request.Query["key"].ToString().AsSpan().Trim() : key;
    }
}
