using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AIHigress.MockUpstream.Control;

/// <summary>Everything under <c>/__mock</c>: scripting, the journal, and waits that end when something has happened.</summary>
internal sealed class ControlEndpoints(MockState mock)
{
    public const string Prefix = "/__mock/";

    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var parts = request.Path.Value![Prefix.Length..].Split('/');
        return (request.Method, parts) switch
        {
            ("POST", ["script"]) => AddScriptAsync(context),
            ("DELETE", ["script"]) => Done(context, mock.Scripts.Reset),
            ("GET", ["requests"]) => SendAsync(context, 200, Requests(request), ControlJson.Default.IReadOnlyListRecordedRequest),
            ("DELETE", ["requests"]) => Done(context, () => mock.Journal?.Clear()),
            ("GET", ["stats"]) => SendAsync(context, 200, mock.Traffic.Stats, ControlJson.Default.MockStats),
            ("GET", ["wait"]) => WaitAsync(context),
            ("POST", ["gate", var name, "release"]) => Done(context, () => mock.Gates[name].Release(Number(request, "count") ?? 1)),
            ("GET", ["gate", var name, "waiting"]) => WaitForGateAsync(context, name),
            _ => Done(context, () => context.Response.StatusCode = 404),
        };
    }

    private async Task AddScriptAsync(HttpContext context)
    {
        try
        {
            var rule = await JsonSerializer.DeserializeAsync(context.Request.Body, ControlJson.Default.ScriptRule, context.RequestAborted);
            mock.Scripts.Add(rule ?? throw new JsonException("a rule is expected"));
            context.Response.StatusCode = 204;
        }
        catch (JsonException e)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(e.Message, context.RequestAborted);
        }
    }

    private IReadOnlyList<RecordedRequest> Requests(HttpRequest request)
    {
        var model = request.Query["model"].ToString();
        return mock.Journal?.Requests(model.Length == 0 ? null : model, Number(request, "limit") ?? int.MaxValue) ?? [];
    }

    private async Task WaitAsync(HttpContext context)
    {
        var (inFlight, canceled) = (Number(context.Request, "in_flight"), Number(context.Request, "canceled"));
        var (requests, connections) = (Number(context.Request, "requests"), Number(context.Request, "connections"));
        var reached = await mock.Traffic.WhenAsync(
            s => (inFlight is null || s.InFlight == inFlight) && (canceled is null || s.Canceled >= canceled)
                && (requests is null || s.Requests >= requests) && (connections is null || s.Connections == connections),
            Limit(context.Request),
            context.RequestAborted);
        await SendAsync(context, reached ? 200 : 408, mock.Traffic.Stats, ControlJson.Default.MockStats);
    }

    private async Task WaitForGateAsync(HttpContext context, string name)
    {
        var gate = mock.Gates[name];
        var reached = await gate.WhenAsync(
            Number(context.Request, "min_sent") ?? 0, Number(context.Request, "min_waiting") ?? 0, Limit(context.Request), context.RequestAborted);
        await SendAsync(context, reached ? 200 : 408, new GateState(gate.Sent, gate.Waiting), ControlJson.Default.GateState);
    }

    private static Task Done(HttpContext context, Action act)
    {
        context.Response.StatusCode = 204;
        act();
        return Task.CompletedTask;
    }

    private static Task SendAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
    }

    private static TimeSpan Limit(HttpRequest request) =>
        Number(request, "timeout_ms") is { } limit ? TimeSpan.FromMilliseconds(limit) : MockUpstreamServer.DefaultTimeout;

    private static int? Number(HttpRequest request, string name) => int.TryParse(request.Query[name], out var number) ? number : null;
}
