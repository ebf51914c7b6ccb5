using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>The request log: one's own requests, or everybody's with logs.read_all.</summary>
internal static class RequestLogEndpoints
{
    private static readonly SortKeys<RequestLog> Sorts = SortKeys.For<RequestLog, Guid>(r => r.RequestId, "-started_at").Add("started_at", r => r.StartedAt);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var logs = routes.MapGroup("/api/v1/request-logs").WithTags("Usage");
        logs.MapGet("/", ListAsync).WithName("ListRequestLogs").WithSummary("List requests, newest first")
            .ProducesProblem(StatusCodes.Status403Forbidden).RequireUser();
        logs.MapGet("/{requestId:guid}", GetAsync).WithName("GetRequestLog").WithSummary("Read a request with its attempts and plan")
            .ProducesProblem(StatusCodes.Status404NotFound).RequireOwner(Permissions.LogsReadAll);
    }

    private static async Task<Ok<Page<RequestLogView>>> ListAsync(
        [AsParameters] PageQuery page, [AsParameters] RequestLogFilter filter, CurrentUser user, GatewayDbContext db, [FromServices] Pager pager, CancellationToken cancellationToken)
    {
        var query = filter.Apply(db.RequestLogs, user, page.Q);
        var rows = await pager.ReadAsync(query, Sorts, page, filter.Values, r => r, cancellationToken);
        var names = await NamesAsync(db, rows.Items, cancellationToken);
        return TypedResults.Ok(new Page<RequestLogView>([.. rows.Items.Select(r => RequestLogView.Of(r, names))], rows.NextCursor, rows.Total, rows.TotalCapped));
    }

    private static async Task<Ok<RequestLogDetail>> GetAsync(
        Guid requestId, CurrentUser user, GatewayDbContext db, [FromServices] IAttemptKeys attemptKeys, CancellationToken cancellationToken)
    {
        var row = await db.RequestLogs.AsNoTracking().FirstOrDefaultAsync(r => r.RequestId == requestId, cancellationToken);
        if (row is null || (row.UserId != user.Id && !user.Has(Permissions.LogsReadAll)))
        {
            throw Problems.NotFound();
        }

        var names = await NamesAsync(db, [row], cancellationToken);
        var detail = row.Detail is null ? null : JsonSerializer.Deserialize(row.Detail, UsageJson.Default.UsageDetail);
        return TypedResults.Ok(new RequestLogDetail(RequestLogView.Of(row, names))
        {
            Attempts = await AttemptsAsync(detail?.Attempts ?? [], user, attemptKeys, cancellationToken),
            Plan = detail?.Plan,
            TraceId = detail?.TraceId,
        });
    }

    private static async Task<RequestLogNames> NamesAsync(GatewayDbContext db, IReadOnlyList<RequestLog> rows, CancellationToken cancellationToken)
    {
        var users = rows.Select(r => r.UserId).OfType<Guid>().Distinct().ToList();
        var keys = rows.Select(r => r.ApiKeyId).OfType<Guid>().Distinct().ToList();
        return new RequestLogNames(
            await db.Users.Where(u => users.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Username, cancellationToken),
            await db.ApiKeys.Where(k => keys.Contains(k.Id)).ToDictionaryAsync(k => k.Id, k => k.Name, cancellationToken));
    }

    private static async Task<IReadOnlyList<AttemptView>> AttemptsAsync(
        IReadOnlyList<UsageAttempt> attempts, CurrentUser user, IAttemptKeys attemptKeys, CancellationToken cancellationToken)
    {
        var keys = await attemptKeys.FindAsync([.. attempts.Select(a => a.KeyId).OfType<Guid>().Distinct()], user, cancellationToken);
        return
        [
            .. attempts.Select(a =>
            {
                var key = a.KeyId is { } id ? keys.GetValueOrDefault(id) : default;
                return new AttemptView(
                    a.Provider, a.Model, key.Label, string.IsNullOrEmpty(key.Hint) ? null : $"…{key.Hint}",
                    a.Status, a.Category, a.StartMs, a.TtftMs, a.DurationMs, a.Error, a.Role, a.Note, a.WasteInputTokens, a.WasteOutputTokens);
            }),
        ];
    }
}
