using System.Buffers;
using System.Text.Json;
using AIHigress.Gateway.DataPlane.Authentication;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Sessions;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary><c>GET /context/{session_id}</c>: the caller's own session, and what was said in it.</summary>
internal sealed class ContextEndpoint(CallerAuthentication authentication, SessionBoard board, RouteTables routes)
{
    public async Task GetAsync(HttpContext context, string id)
    {
        context.Response.Headers["X-Request-Id"] = Guid.CreateVersion7().ToString();
        var (caller, error) = authentication.Authenticate(context.Request);
        if (error is not null)
        {
            await ErrorResponse.WriteAsync(context.Response, error);
            return;
        }

        if (await FindAsync(caller!, id, context.Request.Query["model"].ToString(), context.RequestAborted) is not { } session)
        {
            await ErrorResponse.WriteAsync(context.Response, new GatewayError(
                404, "session_not_found", "There is no such session of yours; it may have expired. A session exists once a request with this X-Session-Id was answered."));
            return;
        }

        var body = new ArrayBufferWriter<byte>(4096);
        Write(session, await board.ContextAsync(session), body);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    // One id may stand for a session with each of several models: the one used last, unless a model is named.
    private async Task<RoutingSession?> FindAsync(ApiCaller caller, string id, string model, CancellationToken cancellationToken)
    {
        if (!SessionClaim.IsValid(id) || caller.UserId is not { } user)
        {
            return null;
        }

        if (model.Length > 0)
        {
            return await board.FindAsync(SessionRecord.KeyOf(user, routes.Current.Resolve(model)?.Id ?? model, id)) is { } named && caller.MayUseModel(named.Model) ? named : null;
        }

        await foreach (var session in board.NewestFirstAsync(user, null, cancellationToken))
        {
            if (session.SessionId == id && caller.MayUseModel(session.Model))
            {
                return session;
            }
        }

        return null;
    }

    private static void Write(RoutingSession session, IReadOnlyList<SessionExchange> exchanges, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("session_id"u8, session.SessionId);
        json.WriteString("model"u8, session.Model);
        json.WriteString("provider"u8, session.Provider);
        json.WriteString("upstream_model"u8, session.UpstreamModel);
        json.WriteNumber("requests"u8, session.Requests);
        json.WriteString("created_at"u8, Time(session.CreatedAt));
        json.WriteString("last_used_at"u8, Time(session.LastUsedAt));
        json.WriteString("expires_at"u8, Time(session.ExpiresAt));
        json.WriteStartArray("exchanges"u8);
        foreach (var exchange in exchanges)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, Time(exchange.At));
            json.WriteString("request_id"u8, exchange.RequestId);
            json.WriteString("protocol"u8, exchange.Protocol);
            json.WriteBoolean("is_cut"u8, exchange.IsCut);
            json.WritePropertyName("messages"u8);
            json.WriteRawValue(exchange.Messages.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
