using AIHigress.Gateway.Features.Identity.ApiKeys;
using AIHigress.Gateway.Features.Models.Deciding;
using AIHigress.Gateway.Features.Models.Logical;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Gateway.Features.Models.Routes;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.Hosting.Snapshots;

namespace AIHigress.Gateway.Features.Models;

/// <summary>Logical models, the route table, decide.</summary>
internal static class ModelsFeature
{
    public static IHostApplicationBuilder AddModels(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RouteTables>();
        builder.Services.AddSingleton<RoutingPolicies>();
        builder.Services.AddSingleton<ICostBook, UnknownCosts>();
        builder.Services.AddSingleton<ISnapshotSource, RouteTableSource>();
        builder.Services.AddSingleton<ISnapshotSource, RoutingPolicySource>();
        builder.Services.AddScoped<RoutingPolicyChange>();
        builder.Services.AddSingleton<IKeyTargets, KeyTargets>();
        builder.Services.AddScoped<LogicalModelList>();
        builder.Services.AddScoped<LogicalModelChange>();
        builder.Services.AddScoped<IProviderUsers, ProviderUsers>();
        builder.Services.AddScoped<IAttemptKeys, AttemptKeys>();
        return builder;
    }

    public static IEndpointRouteBuilder MapModels(this IEndpointRouteBuilder routes)
    {
        LogicalModelEndpoints.Map(routes);
        DecideEndpoint.Map(routes);
        RoutingPolicyEndpoints.Map(routes);
        return routes;
    }
}
