using System.Buffers;
using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;

namespace AIHigress.Gateway.DataPlane;

/// <summary>The model lists: exactly the names this caller may use, no more and no less.</summary>
internal static class ModelEndpoints
{
    public static async Task ListAsync(HttpContext context, CallerAuthentication authentication, RouteTables routes)
    {
        if (await AuthenticateAsync(context, authentication) is not { } caller)
        {
            return;
        }

        var models = routes.Current.Names
            .Where(pair => pair.Value.IsUsableBy(caller))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToList();
        var protocol = ClientEndpoint.ProtocolOf(context.Request);
        ModelPage page;
        try
        {
            page = ModelPages.Of(protocol, models, context.Request.Query);
        }
        catch (GatewayErrorException e)
        {
            await ErrorResponse.WriteAsync(context.Response, e.Error);
            return;
        }

        var body = new ArrayBufferWriter<byte>(4096);
        ModelLists.Write(protocol, page, body);
        await WriteAsync(context.Response, body);
    }

    public static async Task GetAsync(HttpContext context, string id, CallerAuthentication authentication, RouteTables routes)
    {
        if (await AuthenticateAsync(context, authentication) is not { } caller)
        {
            return;
        }

        // Routing leaves %2F encoded in a catch-all value.
        var name = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (routes.Current.Resolve(name) is not { } route || !route.IsUsableBy(caller))
        {
            await ErrorResponse.WriteAsync(context.Response, GatewayError.ModelNotFound(name));
            return;
        }

        var body = new ArrayBufferWriter<byte>(256);
        ModelLists.WriteOne(ClientEndpoint.ProtocolOf(context.Request), name, route, body);
        await WriteAsync(context.Response, body);
    }

    private static async Task<ApiCaller?> AuthenticateAsync(HttpContext context, CallerAuthentication authentication)
    {
        context.Response.Headers["X-Request-Id"] = Guid.CreateVersion7().ToString();
        var (caller, error) = authentication.Authenticate(context.Request);
        if (error is null)
        {
            return caller;
        }

        await ErrorResponse.WriteAsync(context.Response, error);
        return null;
    }

    private static async Task WriteAsync(HttpResponse response, ArrayBufferWriter<byte> body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory);
    }
}
