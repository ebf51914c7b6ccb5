using AIHigress.Gateway.Features.Usage.Journal;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>Usage journal, its drain, request logs.</summary>
internal static class UsageFeature
{
    public static IHostApplicationBuilder AddUsage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UsageMetrics>();
        builder.Services.AddSingleton<UsageJournal>();
        builder.Services.AddSingleton<IUsageJournal>(services => services.GetRequiredService<UsageJournal>());
        builder.Services.AddHostedService(services => services.GetRequiredService<UsageJournal>());
        builder.Services.AddHostedService<JournalDrain>();
        return builder;
    }

    public static IEndpointRouteBuilder MapUsage(this IEndpointRouteBuilder routes)
    {
        RequestLogEndpoints.Map(routes);
        return routes;
    }
}
