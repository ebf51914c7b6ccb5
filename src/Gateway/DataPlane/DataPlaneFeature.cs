using AIHigress.Gateway.DataPlane.Attempts;
using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.DataPlane.Conversion;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Responses;
using AIHigress.Gateway.DataPlane.Replicas;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane;

/// <summary>The AI endpoints and everything a request passes on its way.</summary>
internal static class DataPlaneFeature
{
    public static IHostApplicationBuilder AddDataPlane(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ExchangePipeline>();
        services.AddSingleton<ShutdownDrain>();
        services.AddHostedService(s => s.GetRequiredService<ShutdownDrain>());
        services.AddSingleton<RequestIngress>();
        services.AddSingleton<CallConverter>();
        services.AddSingleton(s => new MediaFetcher(s.GetRequiredService<UpstreamTransports>().Media, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CallerAuthentication>();
        services.AddSingleton<ConcurrencyGate>();
        services.AddSingleton(Random.Shared);
        services.AddSingleton<CandidateOrder>();
        services.AddSingleton<CandidateFilter>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<UpstreamBoard>();
        services.AddSingleton<KeyPool>();
        services.AddSingleton<SealMakers>();
        services.AddSingleton<IRouteDecider, RouteDecider>();
        services.AddSingleton<ReplicaSignal>();
        services.AddHostedService<ReplicaExchange>();
        services.AddSingleton<AttemptFeedback>();
        services.AddSingleton<AttemptLoop>();
        services.AddSingleton<UpstreamTransports>();
        services.AddSingleton<UpstreamSender>();
        services.AddSingleton<StreamRelay>();
        services.AddSingleton<AnswerDelivery>();
        services.AddSingleton<StreamPinger>();
        services.AddHostedService(s => s.GetRequiredService<StreamPinger>());
        services.AddSingleton<IProviderClient, ProviderClient>();
        services.AddSingleton<TokenCounter>();
        services.AddSingleton<TokenQuestion>();
        services.AddSingleton<DataPlaneMetrics>();
        services.AddSingleton<UsageRecorder>();
        services.AddSingleton<ResponseTurns>();
        services.AddSingleton<ResponseRuns>();
        services.AddHostedService(s => s.GetRequiredService<ResponseRuns>());
        services.AddSingleton<EventFollower>();
        services.AddSingleton<ResponseEndpoints>();
        return builder;
    }

    public static IEndpointRouteBuilder MapDataPlane(this IEndpointRouteBuilder routes)
    {
        AIEndpoints.Map(routes);
        return routes;
    }
}
