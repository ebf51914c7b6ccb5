using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.Hosting.Redis;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.Gateway.Hosting.Startup;

namespace AIHigress.Gateway.Hosting.Web;

/// <summary>For load balancers and orchestrators; tells strangers no detail.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").ExcludeFromDescription();
        health.MapGet("/", () => TypedResults.Ok(new HealthView("ok")));
        health.MapGet("/live", () => TypedResults.Ok(new HealthView("ok")));
        health.MapGet("/ready", Ready);
    }

    /// <summary>Ready as long as requests can be served and metered: a lost database or Redis only degrades, since snapshots, journal and local counts carry on.</summary>
    private static IResult Ready(SnapshotRefresher snapshots, ServerState state, RedisLink redis, IServiceProvider services)
    {
        var reason = !snapshots.IsLoaded ? "starting"
            : state.IsDraining ? "draining"
            : services.GetService<IUsageJournal>() is { IsWritable: false } ? "journal"
            : null;
        if (reason is not null)
        {
            return TypedResults.Json(new HealthView("unavailable", Reason: reason), statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        List<string> away = [];
        if (!snapshots.IsDatabaseReachable)
        {
            away.Add("database");
        }

        if (redis is { IsConfigured: true, IsUp: false })
        {
            away.Add("redis");
        }

        return TypedResults.Ok(away.Count == 0 ? new HealthView("ok") : new HealthView("degraded", Degraded: away));
    }
}

/// <param name="Status">ok, degraded or unavailable.</param>
/// <param name="Degraded">Parts that are away while requests are still served.</param>
/// <param name="Reason">Why requests should go elsewhere.</param>
internal sealed record HealthView(
    string Status,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Degraded = null,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] string? Reason = null);
