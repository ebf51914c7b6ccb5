using AIHigress.Gateway.Features.Responses.Background;

namespace AIHigress.Gateway.Features.Responses;

/// <summary>What clients of the Responses API expect the server to remember. Their endpoints are the data plane's.</summary>
internal static class ResponsesFeature
{
    public static IHostApplicationBuilder AddResponses(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ResponseDatabase>();
        builder.Services.AddSingleton<ResponseCipher>();
        builder.Services.AddSingleton<ResponseStore>();
        builder.Services.AddSingleton<BackgroundResponses>();
        builder.Services.AddSingleton<ResponseEventStore>();
        builder.Services.AddHostedService<ResponseUpkeep>();
        return builder;
    }
}
