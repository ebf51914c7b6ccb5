using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Responses;
using AIHigress.Gateway.DataPlane.Sessions;
using AIHigress.Gateway.DataPlane.Sessions.Contexts;
using Microsoft.OpenApi;

namespace AIHigress.Gateway.DataPlane;

/// <summary>The addresses that AI clients call. Every one of them checks an API key itself, in its protocol's way of carrying it.</summary>
internal static class AIEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // The bodies are scanned by the pipeline; the validation of the management API would only wrap every request.
        var ai = routes.MapGroup("").WithTags("AI").DisableValidation();
        var pipeline = routes.ServiceProvider.GetRequiredService<ExchangePipeline>();
        MapOpenAI(ai, pipeline);
        MapResponses(ai, routes.ServiceProvider.GetRequiredService<ResponseEndpoints>());
        MapAnthropic(ai, pipeline);
        MapGemini(ai, pipeline);
        MapModels(ai);
        ai.MapGet("/context/{id}", routes.ServiceProvider.GetRequiredService<ContextEndpoint>().GetAsync)
            .WithName("GetSessionContext").WithSummary("Your own session and what was said in it; ?model= chooses among several");
        ai.Map("/v1/{**path}", UnknownPaths.AnswerAsync).ExcludeFromDescription();
        ai.Map("/v1beta/{**path}", UnknownPaths.AnswerAsync).ExcludeFromDescription();
        ai.Map("/models/{**path}", UnknownPaths.AnswerAsync).ExcludeFromDescription();
    }

    private static void MapOpenAI(RouteGroupBuilder ai, ExchangePipeline pipeline)
    {
        Post(ai, "/v1/chat/completions", context => pipeline.RunAsync(context, ClientEndpoint.Chat))
            .WithName("CreateChatCompletion").WithSummary("Answer a conversation (OpenAI Chat)").TakesJson();
        Post(ai, "/v1/completions", context => pipeline.RunAsync(context, ClientEndpoint.Completions))
            .WithName("CreateCompletion").WithSummary("Complete a text (OpenAI, legacy)").TakesJson();
        Post(ai, "/v1/embeddings", context => pipeline.RunAsync(context, ClientEndpoint.Embeddings))
            .WithName("CreateEmbedding").WithSummary("Turn texts into vectors (OpenAI)").TakesJson();
    }

    private static void MapResponses(RouteGroupBuilder ai, ResponseEndpoints responses)
    {
        Post(ai, "/v1/responses", responses.CreateAsync)
            .WithName("CreateResponse").WithSummary("Answer a conversation, stored or in the background if asked (OpenAI Responses)").TakesJson();
        ai.MapGet("/v1/responses/{id}", responses.GetAsync).WithName("GetResponse").WithSummary("A stored response, or its events again (OpenAI Responses)");
        ai.MapDelete("/v1/responses/{id}", responses.DeleteAsync).WithName("DeleteResponse").WithSummary("Forget a stored response (OpenAI Responses)");
        ai.MapPost("/v1/responses/{id}/cancel", responses.CancelAsync)
            .WithName("CancelResponse").WithSummary("Stop a response that runs in the background (OpenAI Responses)");
        ai.MapGet("/v1/responses/{id}/input_items", responses.ListInputAsync)
            .WithName("ListResponseInput").WithSummary("What a stored response was asked with (OpenAI Responses)");
    }

    private static void MapAnthropic(RouteGroupBuilder ai, ExchangePipeline pipeline)
    {
        Post(ai, "/v1/messages", context => pipeline.RunAsync(context, ClientEndpoint.Messages))
            .WithName("CreateMessage").WithSummary("Answer a conversation (Anthropic Messages)").TakesJson();
        Post(ai, "/v1/messages/count_tokens", context => pipeline.RunAsync(context, ClientEndpoint.MessagesCount))
            .WithName("CountMessageTokens").WithSummary("How many input tokens a request has (Anthropic Messages)").TakesJson();
    }

    private static void MapGemini(RouteGroupBuilder ai, ExchangePipeline pipeline)
    {
        Task RunAsync(HttpContext context) => GeminiTarget.Parse(context.Request.RouteValues["target"] as string ?? "", context.Request.Query) is { } asked
            ? pipeline.RunAsync(context, asked.Endpoint, asked)
            : UnknownPaths.AnswerAsync(context);
        Post(ai, "/v1beta/models/{**target}", RunAsync)
            .WithName("GenerateContent").WithSummary("{model}:generateContent, :streamGenerateContent or :countTokens (Google Gemini)").TakesJson();
        Post(ai, "/v1/models/{**target}", RunAsync)
            .WithName("GenerateContentV1").WithSummary("The same at Google's second address").TakesJson();
    }

    private static void MapModels(RouteGroupBuilder ai)
    {
        ai.MapGet("/v1/models", ModelEndpoints.ListAsync).WithName("ListModelsOfKey").WithSummary("The models this key may use (OpenAI; Anthropic with anthropic-version)");
        ai.MapGet("/models", ModelEndpoints.ListAsync).ExcludeFromDescription();
        ai.MapGet("/v1beta/models", ModelEndpoints.ListAsync).WithName("ListGeminiModels").WithSummary("The models this key may use (Google Gemini)");
        ai.MapGet("/v1/models/{**id}", ModelEndpoints.GetAsync).WithName("GetModelOfKey").WithSummary("One model (OpenAI; Anthropic with anthropic-version)");
        ai.MapGet("/v1beta/models/{**id}", ModelEndpoints.GetAsync).WithName("GetGeminiModel").WithSummary("One model (Google Gemini)");
    }

    // A bare request handler, as nothing is bound; its method is named, or the reference would leave it out.
    private static IEndpointConventionBuilder Post(RouteGroupBuilder ai, string path, RequestDelegate handler) =>
        ai.MapPost(path, handler).WithMetadata(handler.Method);

    // The schemas are the protocols' own: their publishers document them. Content types are judged by the pipeline, in the protocol's own
    // words, so routing is not told of them.
    private static void TakesJson(this IEndpointConventionBuilder route) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } },
        };
        return Task.CompletedTask;
    });
}
