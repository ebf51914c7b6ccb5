using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Identity.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace AIHigress.Gateway.Hosting.Web;

/// <summary>The OpenAPI document (also written to docs/api/openapi.json by every build) and the page at /docs that shows it.</summary>
internal static class ApiReference
{
    private const string DocumentName = "v1";
    private const string DocumentRoute = "/openapi/{documentName}.json";
    private const string Scheme = "bearer";

    public static void AddApiReference(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAccessAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonPropertyInfo?.CustomConverter is NumberOrWord)
            {
                schema.Type = JsonSchemaType.Integer | JsonSchemaType.String | JsonSchemaType.Null;
            }

            return Task.CompletedTask;
        });
    });

    public static void MapApiReference(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi(DocumentRoute).ExcludeFromDescription();
        routes.MapScalarApiReference("/docs", (options, context) =>
        {
            var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18));
            context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.DocsPolicy(nonce);
            options.WithTitle("AI-Higress Gateway API")
                .WithOpenApiRoutePattern(DocumentRoute)
                .WithNonce(nonce)
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideDeveloperTools()
                .HideClientButton();
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AI-Higress Gateway",
            Version = "v1",
            Description = "Management API. Errors are application/problem+json with a stable `code`.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // The address differs per installation; a fixed document must not name the one it was made on.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An access token of the console, or an API key with the scope `management` (`sk-aih-…`).",
            },
        };
    }

    /// <summary>Who may call the operation, for people and for the test that walks all of them: <c>x-access</c>.</summary>
    private static Task DescribeAccessAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<AccessRule>().LastOrDefault() is not { } rule)
        {
            return Task.CompletedTask;
        }

        if (rule.Kind is not AccessKind.Anyone)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        }

        var access = new JsonObject { ["who"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.Kind.ToString()) };
        if (rule.Permission is { } permission)
        {
            access["permission"] = permission;
        }

        if (metadata.OfType<PersonRule>().LastOrDefault() is { } person)
        {
            access["person_only"] = true;
            access["step_up"] = person.Recently;
        }

        operation.AddExtension("x-access", new JsonNodeExtension(access));
        return Task.CompletedTask;
    }
}
