using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace AIHigress.Gateway.Features.Identity.Tokens;

/// <summary>A signing key, ready for use.</summary>
/// <param name="Kid">Names the key in the token's header.</param>
/// <param name="Key">As a JSON web key, from which the library makes one handle per thread; an ECDsa object is not safe to share.</param>
internal sealed record TokenKey(string Kid, JsonWebKey Key, DateTimeOffset CreatedAt, DateTimeOffset NotAfter)
{
    /// <summary>Makes the private part of a new ES256 key, in the form it is stored in.</summary>
    public static string Generate()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(ecdsa.ExportPkcs8PrivateKey());
    }

    public static TokenKey From(string kid, string privateKey, DateTimeOffset createdAt, DateTimeOffset notAfter)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey), out _);
        var numbers = ecdsa.ExportParameters(includePrivateParameters: true);
        // Built from the numbers: a converted key would keep the ECDsa object that ends here.
        var key = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Kid = kid,
            Crv = JsonWebKeyECTypes.P256,
            X = Base64UrlEncoder.Encode(numbers.Q.X),
            Y = Base64UrlEncoder.Encode(numbers.Q.Y),
            D = Base64UrlEncoder.Encode(numbers.D),
        };
        return new TokenKey(kid, key, createdAt, notAfter);
    }
}
