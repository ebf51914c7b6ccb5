using System.Text.Json;
using System.Text.Json.Serialization;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Live;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.Hosting.Redis;

namespace AIHigress.Gateway.DataPlane.Routing.Explaining;

/// <summary>Shows the moving state of routing to people, and takes their word that something works again. Nothing here is on the way of a request.</summary>
internal sealed class RoutingBoard(RouteTables routes, UpstreamBoard board, KeyPool keys, ProviderHealthBoard health, RedisLink redis, TimeProvider time)
    : IRoutingBoard, IHostedService
{
    /// <summary>Where replicas tell each other of resets.</summary>
    public const string Channel = "circuits";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        redis.Subscribe(Channel, Heard);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public IReadOnlyList<BoardRow> Read(string? model, Func<string, bool> shows, int most)
    {
        var table = routes.Current;
        IEnumerable<LogicalRoute> asked = model is null ? table.Routes() : table.Resolve(model) is { } route ? [route] : [];
        var rows =
            from r in asked
            from upstream in r.Upstreams
            where shows(upstream.Provider.Id)
            let state = board.Find(upstream)
            where model is not null || (state is { } seen && (seen.Measured.Samples > 0 || seen.InFlight > 0 || seen.Circuit.Phase != CircuitPhase.Closed))
            select Row(r, upstream, state ?? board.Of(upstream));
        return [.. (model is null ? rows.OrderByDescending(r => r.InFlight).ThenByDescending(r => r.Samples) : rows).Take(most)];
    }

    public IReadOnlyList<CircuitRow> Circuits(Func<string, bool> shows)
    {
        var table = routes.Current;
        var now = time.GetUtcNow();
        var circuits =
            from route in table.Routes()
            from upstream in route.Upstreams
            where shows(upstream.Provider.Id)
            let circuit = board.Find(upstream)?.Circuit
            where circuit is not null && (circuit.Phase != CircuitPhase.Closed || circuit.Failures > 0)
            select new CircuitRow(
                upstream.Provider.Id, route.Id, upstream.Model, null, null, PlanViews.NameOf(circuit.Phase), circuit.Failures,
                circuit.OpenFor is { } open ? now - open : null, After(now, circuit.Left), circuit.LastError);
        var rests =
            from provider in table.Providers.Values
            where shows(provider.Id)
            from key in provider.Keys
            let state = board.Find(key)
            where state is not null && (state.Rests > TimeSpan.Zero || state.Fails > 0)
            select new CircuitRow(
                provider.Id, null, null, key.Id, key.Label, state.Rests > TimeSpan.Zero ? "resting" : "usable", state.Fails,
                null, After(now, state.Rests), state.LastError);
        return [.. circuits.Concat(rests).OrderBy(c => c.Provider, StringComparer.Ordinal).ThenBy(c => c.LogicalModel, StringComparer.Ordinal)];
    }

    public int Reset(CircuitTarget target)
    {
        redis.Publish(Channel, JsonSerializer.Serialize(target, ResetJson.Default.CircuitTarget));
        return ResetHere(target);
    }

    private void Heard(string message)
    {
        if (Parse(message) is { Provider: not null } target)
        {
            ResetHere(target);
        }
    }

    // Others may say other things on this channel.
    private static CircuitTarget? Parse(string message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, ResetJson.Default.CircuitTarget);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private int ResetHere(CircuitTarget target)
    {
        var table = routes.Current;
        var count = 0;
        if (target.KeyId is null)
        {
            foreach (var upstream in table.Routes().SelectMany(r => r.Upstreams))
            {
                if (upstream.Provider.Id == target.Provider && (target.Model is null || upstream.Model == target.Model) && board.Find(upstream) is { } state)
                {
                    count += state.Circuit.Phase == CircuitPhase.Closed ? 0 : 1;
                    state.Circuit.Reset();
                }
            }
        }

        if (target.Model is null && table.Providers.TryGetValue(target.Provider, out var provider))
        {
            foreach (var key in provider.Keys)
            {
                if ((target.KeyId is null || key.Id == target.KeyId) && board.Find(key) is { } state)
                {
                    count += state.Rests > TimeSpan.Zero ? 1 : 0;
                    state.Reset();
                }
            }
        }

        return count;
    }

    private BoardRow Row(LogicalRoute route, UpstreamRoute upstream, UpstreamState state)
    {
        var provider = upstream.Provider;
        var reading = state.Measured.Read();
        var room = keys.Availability(provider);
        return new BoardRow(
            route.Id,
            provider.Id,
            upstream.Model,
            upstream.Weight,
            Math.Round(reading.WeightFactor, 3),
            reading.Samples > 0 ? Math.Round(reading.ErrorRate, 4) : null,
            reading.Ttft.IsKnown ? Math.Round(reading.Ttft.P95) : null,
            reading.TokensPerSecond > 0 ? Math.Round(reading.TokensPerSecond, 1) : null,
            state.InFlight,
            reading.Samples,
            PlanViews.NameOf(state.Circuit.Phase),
            PlanViews.NameOf(health.Of(provider.Id)),
            keys.Usable(provider),
            provider.Keys.Count,
            room.Reason,
            room.Wait is { } wait ? (long)Math.Ceiling(wait.TotalMilliseconds) : null,
            route.Enabled && upstream.Enabled && provider.OperationStatus == OperationStatus.Active && provider.IsApproved);
    }

    private static DateTimeOffset? After(DateTimeOffset now, TimeSpan span) => span > TimeSpan.Zero ? now + span : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CircuitTarget))]
internal sealed partial class ResetJson : JsonSerializerContext;
