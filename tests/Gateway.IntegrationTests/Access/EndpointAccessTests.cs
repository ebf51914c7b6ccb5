using System.Net;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.IntegrationTests.Identity;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Access;

/// <summary>Walks every management route that the server has, so that a new one can't be forgotten.</summary>
[Collection(IdentityOverSqlite.Name)]
public sealed class EndpointAccessTests(IdentityOverSqlite gateway)
{
    private const string Root = "/api/v1";

    [Fact]
    public void Routes_All_HaveOneAccessRuleANameAndASummary()
    {
        var faults = new List<string>();
        foreach (var route in Routes())
        {
            var rules = route.Metadata.GetOrderedMetadata<AccessRule>().Count;
            if (rules != 1)
            {
                faults.Add($"{Describe(route)} has {rules} access rules");
            }

            if (route.Metadata.GetMetadata<IEndpointSummaryMetadata>() is null)
            {
                faults.Add($"{Describe(route)} has no summary");
            }

            if (route.Metadata.GetMetadata<IEndpointNameMetadata>() is null)
            {
                faults.Add($"{Describe(route)} has no name");
            }
        }

        Assert.Empty(faults);
        Assert.InRange(Routes().Count, 15, int.MaxValue);
    }

    [Fact]
    public void Routes_WithAPermission_NameOneThatExists()
    {
        var unknown = Routes()
            .Select(r => r.Metadata.GetMetadata<AccessRule>()?.Permission)
            .Where(p => p is not null && !Permissions.All.Contains(p));

        Assert.Empty(unknown);
    }

    [Fact]
    public async Task Routes_WithoutAToken_AreUnauthenticatedUnlessAnyoneMay()
    {
        var api = gateway.NewApi();
        var faults = new List<string>();
        foreach (var (route, method) in Calls())
        {
            var anyone = route.Metadata.GetMetadata<AccessRule>()?.Kind == AccessKind.Anyone;
            var answer = await api.SendAsync(method, PathOf(route));
            if (anyone ? answer.Code == "wrong_key_scope" : answer is not { Status: 401, Code: "unauthenticated" })
            {
                faults.Add($"{method} {Describe(route)}: {answer.Status} {answer.Body}");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Routes_WithAPermission_AreForbiddenToAPlainUser()
    {
        var user = await gateway.AddSignedInUserAsync();
        var faults = new List<string>();
        foreach (var (route, method) in Calls())
        {
            if (route.Metadata.GetMetadata<AccessRule>() is { Kind: AccessKind.Permission, Permission: { } permission }
                && !PermissionCatalogue.Of("own").Contains(permission))
            {
                var answer = await user.Api.SendAsync(method, PathOf(route), Body(method));
                if (answer is not { Status: 403, Code: "forbidden" } || answer["params"].GetProperty("permission").GetString() != permission)
                {
                    faults.Add($"{method} {Describe(route)}: {answer.Status} {answer.Body}");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Routes_OfAnOwner_AreNotFoundToAnotherUser()
    {
        var owner = await gateway.AddSignedInUserAsync();
        var stranger = await gateway.AddSignedInUserAsync();
        var ids = await OwnedIdsAsync(owner);
        var faults = new List<string>();
        var tried = 0;
        foreach (var (route, method) in Calls().Where(c => c.Route.Metadata.GetMetadata<AccessRule>()?.Kind == AccessKind.Owner))
        {
            var path = PathOf(route, ids);
            var strangers = await stranger.Api.SendAsync(method, path, Body(method), ("If-Match", "*"));
            var nobodys = await stranger.Api.SendAsync(method, PathOf(route), Body(method), ("If-Match", "*"));
            tried++;

            // The body is an empty object: who may see the object would be told what is missing, or be let through.
            foreach (var answer in new[] { strangers, nobodys })
            {
                if (answer is not { Status: 404, Code: "not_found" })
                {
                    faults.Add($"{method} {path}: {answer.Status} {answer.Body}");
                }
            }
        }

        Assert.Empty(faults);
        Assert.True(tried > 0);
    }

    [Fact]
    public async Task Routes_WithAnInferenceKey_AreTheWrongScope()
    {
        var user = await gateway.AddSignedInUserAsync();
        var key = await user.Api.PostAsync("/api/v1/api-keys", new { name = "inference" });
        var api = gateway.NewApi().With(key.Text("token"));
        var faults = new List<string>();
        foreach (var (route, method) in Calls().Where(c => c.Route.Metadata.GetMetadata<AccessRule>()?.Kind != AccessKind.Anyone))
        {
            var answer = await api.SendAsync(method, PathOf(route), Body(method));
            if (answer is not { Status: 403, Code: "wrong_key_scope" })
            {
                faults.Add($"{method} {Describe(route)}: {answer.Status} {answer.Body}");
            }
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("/API/V1/me")]
    [InlineData("/api/v1/ME")]
    [InlineData("/api/v1/me/")]
    [InlineData("/api/v1//me")]
    [InlineData("/api/v1/../v1/me")]
    [InlineData("/api%2Fv1/me")]
    public async Task Paths_WrittenInOtherWays_AreNoWayAround(string path)
    {
        var answer = await gateway.NewApi().GetAsync(path);

        Assert.True(answer.Status is (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.NotFound, $"{answer.Status} {answer.Body}");
    }

    /// <summary>Objects of <paramref name="owner"/>, by the part of the path that names their kind.</summary>
    private static async Task<Dictionary<string, string>> OwnedIdsAsync(SignedInUser owner)
    {
        var key = await owner.Api.PostAsync("/api/v1/api-keys", new { name = "owned" });
        var sessions = await owner.Api.GetAsync("/api/v1/auth/sessions");
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["api-keys"] = key["id"].GetGuid().ToString(),
            ["auth"] = sessions.Json[0].GetProperty("id").GetGuid().ToString(),
        };
    }

    private static object? Body(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Delete ? null : new { };

    private List<RouteEndpoint> Routes() =>
    [
        .. gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => $"/{e.RoutePattern.RawText?.TrimStart('/')}".StartsWith(Root, StringComparison.OrdinalIgnoreCase)),
    ];

    private IEnumerable<(RouteEndpoint Route, HttpMethod Method)> Calls() =>
        from route in Routes()
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (route, HttpMethod.Parse(method));

    private static string Describe(RouteEndpoint route) => $"{route.RoutePattern.RawText} ({route.DisplayName})";

    private static string PathOf(RouteEndpoint route, IReadOnlyDictionary<string, string>? ids = null)
    {
        var kind = route.RoutePattern.PathSegments.Skip(2).FirstOrDefault()?.Parts.OfType<RoutePatternLiteralPart>().FirstOrDefault()?.Content;
        var segments = route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart parameter => Value(parameter, kind, ids),
            _ => "",
        })));
        return "/" + string.Join('/', segments);
    }

    private static string Value(RoutePatternParameterPart parameter, string? kind, IReadOnlyDictionary<string, string>? ids)
    {
        if (ids is not null && kind is not null && parameter.Name == "id" && ids.TryGetValue(kind, out var id))
        {
            return id;
        }

        var constraints = parameter.ParameterPolicies.Select(p => p.Content).ToList();
        return constraints.Contains("guid") ? Guid.NewGuid().ToString() : constraints.Contains("int") || constraints.Contains("long") ? "12345" : "no-such-id";
    }
}
