using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.DataPlane.Metering;
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
        services.AddSingleton<ChatIngress>();
        services.AddSingleton<CallerAuthentication>();
        services.AddSingleton<ConcurrencyGate>();
        services.AddSingleton(_ => new CandidateOrder(Random.Shared));
        services.AddSingleton<CandidateFilter>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<UpstreamBoard>();
        services.AddSingleton<KeyPool>();
        services.AddSingleton<IRouteDecider, RouteDecider>();
        services.AddSingleton<AttemptFeedback>();
        services.AddSingleton<UpstreamTransports>();
        services.AddSingleton<UpstreamSender>();
        services.AddSingleton<StreamRelay>();
        services.AddSingleton<StreamPinger>();
        services.AddHostedService(s => s.GetRequiredService<StreamPinger>());
        services.AddSingleton<IProviderClient, ProviderClient>();
        services.AddSingleton<TokenCounter>();
        services.AddSingleton<DataPlaneMetrics>();
        services.AddSingleton<UsageRecorder>();
        return builder;
    }

    public static IEndpointRouteBuilder MapDataPlane(this IEndpointRouteBuilder routes)
    {
        var pipeline = routes.ServiceProvider.GetRequiredService<ExchangePipeline>();
        // The bodies are scanned by the pipeline; the validation of the management API would only wrap every request.
        var ai = routes.MapGroup("").WithTags("AI").ExcludeFromDescription().DisableValidation();
        ai.MapPost("/v1/chat/completions", pipeline.RunAsync);
        ai.MapGet("/v1/models", ModelEndpoints.ListAsync);
        ai.MapGet("/models", ModelEndpoints.ListAsync);
        ai.MapGet("/v1/models/{**id}", ModelEndpoints.GetAsync);
        ai.Map("/v1/{**path}", UnknownPaths.AnswerAsync);
        ai.Map("/models/{**path}", UnknownPaths.AnswerAsync);
        return routes;
    }
}
