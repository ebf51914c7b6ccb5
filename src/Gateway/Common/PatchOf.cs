using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace AIHigress.Gateway.Common;

/// <summary>
/// A merge patch as a handler takes it: the JSON as it came (absent and null differ), and in the OpenAPI document the
/// fields of <typeparamref name="T"/>.
/// </summary>
public sealed class PatchOf<T> : IBindableFromHttpContext<PatchOf<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly JsonElement _patch;
    private readonly JsonSerializerOptions _options;

    private PatchOf(JsonElement patch, JsonSerializerOptions options) => (_patch, _options) = (patch, options);

    /// <summary>The present state with the patch merged in.</summary>
    /// <exception cref="Hosting.Errors.ProblemException">400 when it names unknown fields or wrong types.</exception>
    public T ApplyTo(T current) => MergePatch.Apply(current, _patch, _options);

    static async ValueTask<PatchOf<T>?> IBindableFromHttpContext<PatchOf<T>>.BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Expected a JSON content type.", StatusCodes.Status415UnsupportedMediaType);
        }

        var options = context.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>();
        try
        {
            var patch = await context.Request.ReadFromJsonAsync<JsonElement>(options.Value.SerializerOptions, context.RequestAborted);
            return new PatchOf<T>(patch, options.Value.SerializerOptions);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body could not be read as JSON.", e);
        }
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", "application/merge-patch+json"], typeof(T)));
}
