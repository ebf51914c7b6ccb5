using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AIHigress.TestKit;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Identity;

public abstract class AccessTokenTests(IdentityGateway gateway)
{
    private readonly Api _api = gateway.NewApi();

    [Fact]
    public async Task AccessToken_Claims_AreThoseOfTheDesignAndNothingOfTheUser()
    {
        var user = await gateway.AddSignedInUserAsync(isSuperuser: true);

        var (header, payload, _) = Split(user.AccessToken);

        Assert.Equal("ES256", (string?)header["alg"]);
        Assert.Equal(["amr", "aud", "auth_time", "exp", "iat", "iss", "sid", "sub", "sv"], payload.Select(p => p.Key).Order());
        Assert.Equal(user.User.Id.ToString(), (string?)payload["sub"]);
        Assert.Equal(1800, (long)payload["exp"]! - (long)payload["iat"]!);
    }

    [Fact]
    public async Task AccessToken_Forged_IsRefusedHoweverItIsSigned()
    {
        var user = await gateway.AddSignedInUserAsync();
        var admin = await gateway.SignInAsAdministratorAsync();
        var (header, payload, signature) = Split(user.AccessToken);
        var adminPayload = Split(admin.AccessToken).Payload;
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var forgeries = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["another's payload"] = $"{Encode(header)}.{Encode(adminPayload)}.{signature}",
            ["no signature"] = $"{Encode(header)}.{Encode(payload)}.",
            ["alg none"] = $"{Encode(With(header, "alg", "none"))}.{Encode(payload)}.",
            ["own key, known kid"] = Sign(header, payload, own),
            ["own key, own kid"] = Sign(With(header, "kid", "0000000000000000"), payload, own),
            ["own key, no kid"] = Sign(Without(header, "kid"), payload, own),
            ["hmac of the kid"] = SignHmac(With(header, "alg", "HS256"), payload, Encoding.ASCII.GetBytes((string)header["kid"]!)),
        };

        foreach (var (what, token) in forgeries)
        {
            var answer = await _api.With(token).GetAsync("/api/v1/me");
            Assert.True(answer.Status == 401 && answer.Code == "unauthenticated", $"{what}: {answer.Status} {answer.Body}");
        }

        (await user.Api.GetAsync("/api/v1/me")).MustBe(200);
    }

    [Fact]
    public async Task SigningKeys_NearTheirEnd_AreFollowedByANewOneAndStillVerify()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var own = await GatewayFactory.StartAsync(
            gateway.Database,
            new Dictionary<string, string>
            {
                ["DEFAULT_ADMIN_EMAIL"] = IdentityGateway.AdminEmail,
                ["DEFAULT_ADMIN_PASSWORD"] = IdentityGateway.AdminPassword,
            },
            clock);
        var api = new Api(own.CreateClient());
        var first = await LoginAsync(api);

        clock.Advance(TimeSpan.FromDays(89) + TimeSpan.FromMinutes(1));
        var overlapping = await LoginAsync(api);
        Assert.Equal(Kid(first), Kid(overlapping));
        clock.Advance(TimeSpan.FromMinutes(2));
        var second = await LoginAsync(api);

        Assert.NotEqual(Kid(first), Kid(second));
        (await api.With(overlapping).GetAsync("/api/v1/me")).MustBe(200);
        (await api.With(second).GetAsync("/api/v1/me")).MustBe(200);
    }

    [Fact]
    public async Task SigningKeys_InTheDatabase_AreProtected()
    {
        await gateway.AddSignedInUserAsync();

        var keys = await gateway.InDatabaseAsync(db => db.SigningKeys.AsNoTracking().ToListAsync());

        Assert.All(keys, key =>
        {
            // PKCS#8 of a P-256 key begins so; protected text does not.
            Assert.False(key.PrivateKey.Ciphertext.StartsWith("MIG", StringComparison.Ordinal));
            Assert.Equal(TimeSpan.FromDays(90), key.NotAfter - key.CreatedAt);
        });
        Assert.NotEmpty(keys);
    }

    private static async Task<string> LoginAsync(Api api)
    {
        var answer = await api.PostAsync("/api/v1/auth/login", new { email = IdentityGateway.AdminEmail, password = IdentityGateway.AdminPassword });
        answer.MustBe(200);
        return answer.Text("access_token");
    }

    private static string? Kid(string token) => (string?)Split(token).Header["kid"];

    private static (JsonObject Header, JsonObject Payload, string Signature) Split(string token)
    {
        var parts = token.Split('.');
        return (Decode(parts[0]), Decode(parts[1]), parts[2]);
    }

    private static JsonObject Decode(string part) => JsonNode.Parse(WebEncoders.Base64UrlDecode(part))!.AsObject();

    private static string Encode(JsonObject part) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static JsonObject With(JsonObject part, string name, string value)
    {
        var copy = part.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }

    private static JsonObject Without(JsonObject part, string name)
    {
        var copy = part.DeepClone().AsObject();
        copy.Remove(name);
        return copy;
    }

    private static string Sign(JsonObject header, JsonObject payload, ECDsa key)
    {
        var body = $"{Encode(header)}.{Encode(payload)}";
        return $"{body}.{WebEncoders.Base64UrlEncode(key.SignData(Encoding.ASCII.GetBytes(body), HashAlgorithmName.SHA256))}";
    }

    private static string SignHmac(JsonObject header, JsonObject payload, byte[] key)
    {
        var body = $"{Encode(header)}.{Encode(payload)}";
        return $"{body}.{WebEncoders.Base64UrlEncode(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(body)))}";
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class AccessTokensOverSqlite(IdentityOverSqlite gateway) : AccessTokenTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class AccessTokensOverPostgres(IdentityOverPostgres gateway) : AccessTokenTests(gateway);
