using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.DataPlane.Conversion;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Responses;
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
        services.AddSingleton(_ => new CandidateOrder(Random.Shared));
        services.AddSingleton<CandidateFilter>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<UpstreamBoard>();
        services.AddSingleton<KeyPool>();
        services.AddSingleton<SealMakers>();
        services.AddSingleton<IRouteDecider, RouteDecider>();
        services.AddSingleton<AttemptFeedback>();
        services.AddSingleton<UpstreamTransports>();
        services.AddSingleton<UpstreamSender>();
        services.AddSingleton<StreamRelay>();
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
        var pipeline = routes.ServiceProvider.GetRequiredService<ExchangePipeline>();
        // The bodies are scanned by the pipeline; the validation of the management API would only wrap every request.
        var ai = routes.MapGroup("").WithTags("AI").ExcludeFromDescription().DisableValidation();
        Task Run(HttpContext context, ClientEndpoint endpoint) => pipeline.RunAsync(context, endpoint);
        ai.MapPost("/v1/chat/completions", context => Run(context, ClientEndpoint.Chat));
        ai.MapPost("/v1/completions", context => Run(context, ClientEndpoint.Completions));
        ai.MapPost("/v1/embeddings", context => Run(context, ClientEndpoint.Embeddings));
        MapResponses(ai);
        ai.MapPost("/v1/messages", context => Run(context, ClientEndpoint.Messages));
        ai.MapPost("/v1/messages/count_tokens", context => Run(context, ClientEndpoint.MessagesCount));
        ai.MapPost("/v1beta/models/{**target}", (HttpContext context, string target) => GeminiTarget.Parse(target, context.Request.Query) is { } asked
            ? pipeline.RunAsync(context, asked.Endpoint, asked)
            : UnknownPaths.AnswerAsync(context));
        ai.MapGet("/v1/models", ModelEndpoints.ListAsync);
        ai.MapGet("/models", ModelEndpoints.ListAsync);
        ai.MapGet("/v1beta/models", ModelEndpoints.ListAsync);
        ai.MapGet("/v1/models/{**id}", ModelEndpoints.GetAsync);
        ai.MapGet("/v1beta/models/{**id}", ModelEndpoints.GetAsync);
        ai.Map("/v1/{**path}", UnknownPaths.AnswerAsync);
        ai.Map("/v1beta/{**path}", UnknownPaths.AnswerAsync);
        ai.Map("/models/{**path}", UnknownPaths.AnswerAsync);
        return routes;
    }

    private static void MapResponses(RouteGroupBuilder ai)
    {
        var responses = ((IEndpointRouteBuilder)ai).ServiceProvider.GetRequiredService<ResponseEndpoints>();
        ai.MapPost("/v1/responses", responses.CreateAsync);
        ai.MapGet("/v1/responses/{id}", responses.GetAsync);
        ai.MapDelete("/v1/responses/{id}", responses.DeleteAsync);
        ai.MapPost("/v1/responses/{id}/cancel", responses.CancelAsync);
        ai.MapGet("/v1/responses/{id}/input_items", responses.ListInputAsync);
    }
}
