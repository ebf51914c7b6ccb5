using AIHigress.Gateway.DataPlane.Attempts;
using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.DataPlane.Conversion;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Probing;
using AIHigress.Gateway.DataPlane.Replicas;
using AIHigress.Gateway.DataPlane.Responses;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Explaining;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.DataPlane.Sessions;
using AIHigress.Gateway.DataPlane.Sessions.Contexts;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.DataPlane.Upstream.Proxies;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Live;
using AIHigress.Gateway.Features.Models.Sessions;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health.Probing;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.DataPlane;

/// <summary>The AI endpoints and everything a request passes on its way.</summary>
internal static class DataPlaneFeature
{
    public static IHostApplicationBuilder AddDataPlane(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ExchangePipeline>();
        AddSessions(services);
        services.AddSingleton<ShutdownDrain>();
        services.AddHostedService(s => s.GetRequiredService<ShutdownDrain>());
        services.AddSingleton<RequestIngress>();
        services.AddSingleton<CallConverter>();
        services.AddSingleton(s => new MediaFetcher(s.GetRequiredService<UpstreamTransports>().Media, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CallerAuthentication>();
        AddLimits(services);
        services.AddSingleton(Random.Shared);
        services.AddSingleton<CandidateOrder>();
        services.AddSingleton<IRouteBudget, FreeOfCharge>();
        services.AddSingleton<CandidateFilter>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<UpstreamBoard>();
        services.AddSingleton<KeyPool>();
        services.AddSingleton<SharedSealMakers>();
        services.AddSingleton<SealMakers>();
        services.AddSingleton<RoutingBoard>();
        services.AddSingleton<IRoutingBoard>(s => s.GetRequiredService<RoutingBoard>());
        services.AddHostedService(s => s.GetRequiredService<RoutingBoard>());
        services.AddSingleton<ISessionBindings>(s => s.GetRequiredService<RequestSessions>());
        services.AddSingleton<IRouteDecider, RouteDecider>();
        services.AddSingleton<ReplicaSignal>();
        services.AddHostedService<ReplicaExchange>();
        services.AddSingleton<AttemptFeedback>();
        services.AddSingleton<AttemptLoop>();
        services.AddSingleton<UpstreamTransports>();
        services.AddSingleton<TargetGuard>();
        services.AddSingleton<ProxyTrust>();
        services.AddSingleton<ProxiedHandlers>();
        services.AddSingleton<ProxiedTransport>();
        services.AddSingleton<IProxyClient, ProxyClient>();
        services.AddSingleton<UpstreamSender>();
        services.AddSingleton<StreamRelay>();
        services.AddSingleton<AnswerDelivery>();
        services.AddSingleton<StreamPinger>();
        services.AddHostedService(s => s.GetRequiredService<StreamPinger>());
        services.AddSingleton<IProviderClient, ProviderClient>();
        services.AddSingleton<UsageJournalOfProbes>();
        services.AddSingleton<IProviderProbe, ProbeChat>();
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

    private static void AddSessions(IServiceCollection services)
    {
        services.AddSingleton<SessionMetrics>();
        services.AddSingleton<SessionLifetimes>();
        services.AddSingleton<SessionRedis>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<ContextRedis>();
        services.AddSingleton<ContextStore>();
        services.AddSingleton<PendingExchanges>();
        services.AddSingleton<ContextRecorder>();
        services.AddHostedService(s => s.GetRequiredService<ContextRecorder>());
        services.AddSingleton<SessionHistory>();
        services.AddSingleton<RequestSessions>();
        services.AddSingleton<SessionBoard>();
        services.AddSingleton<IRoutingSessions>(s => s.GetRequiredService<SessionBoard>());
        services.AddSingleton<ContextEndpoint>();
    }

    private static void AddLimits(IServiceCollection services)
    {
        services.AddSingleton<ConcurrencyGate>();
        services.AddSingleton<LimitMetrics>();
        services.AddSingleton<LimitBoard>();
        services.AddSingleton(LeaseTimes.Usual);
        services.AddSingleton<SharedLimits>();
        services.AddHostedService(s => s.GetRequiredService<SharedLimits>());
        services.AddSingleton<LimitCounter>();
        services.AddSingleton<CallerLimits>();
        services.AddSingleton<UpstreamLimits>();
        services.AddSingleton<IUnknownCallers, UnknownCallers>();
    }

    public static IEndpointRouteBuilder MapDataPlane(this IEndpointRouteBuilder routes)
    {
        AIEndpoints.Map(routes);
        return routes;
    }
}
