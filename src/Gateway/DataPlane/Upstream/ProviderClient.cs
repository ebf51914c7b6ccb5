using System.Text.Json;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>Asks a provider for its models and tests it, over the same transports and adapters as client traffic.</summary>
internal sealed class ProviderClient(UpstreamTransports transports, UpstreamSender sender, ShutdownDrain drain, TimeProvider time) : IProviderClient
{
    private const int MostListBytes = 8 * 1024 * 1024;
    private const int MostPages = 50;
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(15);

    public async Task<IReadOnlyList<string>> ListModelsAsync(ProviderRoute provider, ProviderKeyRoute? key, CancellationToken cancellationToken)
    {
        using var clock = NewClock(cancellationToken);
        try
        {
            var adapter = UpstreamAdapters.Of(provider);
            var ids = new List<string>();
            string? page = null;
            for (var i = 0; i < MostPages; i++)
            {
                var (found, next) = await ReadPageAsync(adapter, provider, key, page, clock);
                ids.AddRange(found);
                if (next is null || next == page)
                {
                    break;
                }

                page = next;
            }

            return ids;
        }
        catch (WireFormatException e)
        {
            throw new ProviderCallException(200, e.Message);
        }
        catch (Exception e) when (UpstreamSender.Explain(e, clock, provider, key) is { } failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ProviderCallException(failure.Status, failure.Message);
        }
    }

    private async Task<(IReadOnlyList<string> Ids, string? NextPage)> ReadPageAsync(
        UpstreamAdapter adapter, ProviderRoute provider, ProviderKeyRoute? key, string? page, AttemptClock clock)
    {
        using var request = ProviderEndpoint.NewRequest(HttpMethod.Get, adapter.ModelsAddress(provider, page), provider, key);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        adapter.AddHeaders(request, ClientBetas.None);
        using var response = await transports.SendAsync(provider, request, clock.Token);
        var body = await ReadAsync(response, clock.Token);
        var status = (int)response.StatusCode;
        return status is >= 200 and <= 299
            ? adapter.ReadModels(body)
            : throw new ProviderCallException(status, UpstreamVerdict.Of(status, body, adapter, null, provider, key).Message);
    }

    public async Task<IReadOnlyList<ProviderTestStep>> TestAsync(ProviderRoute provider, ProviderKeyRoute? key, string? model, CancellationToken cancellationToken)
    {
        var steps = new List<ProviderTestStep>();
        var started = time.GetTimestamp();
        try
        {
            var models = await ListModelsAsync(provider, key, cancellationToken);
            steps.Add(new ProviderTestStep("connect", true, Ms(started), 200, null));
            steps.Add(new ProviderTestStep("models", true, Ms(started), 200, null));
            model ??= models.Count > 0 ? models[0] : null;
        }
        catch (ProviderCallException e)
        {
            steps.Add(new ProviderTestStep("connect", e.Status is not null, Ms(started), e.Status, e.Status is null ? e.Message : null));
            steps.Add(new ProviderTestStep("models", false, Ms(started), e.Status, e.Message));
            if (e.Status is null)
            {
                return steps;
            }
        }

        if (model is null)
        {
            steps.Add(new ProviderTestStep("chat", false, 0, null, "No model is known to test with; name one."));
            return steps;
        }

        steps.Add(await ChatAsync("chat", provider, key, model, stream: false, cancellationToken));
        steps.Add(await ChatAsync("stream", provider, key, model, stream: true, cancellationToken));
        return steps;
    }

    private async Task<ProviderTestStep> ChatAsync(
        string name, ProviderRoute provider, ProviderKeyRoute? key, string model, bool stream, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var clock = NewClock(cancellationToken);
        using var call = TinyCall(model, stream);
        var upstream = new UpstreamRoute { Key = "test", Provider = provider, Model = model };
        var reply = await sender.SendAsync(call, upstream, key, new AttemptTimes(StepTime, StepTime, StepTime, StepTime), clock, Guid.CreateVersion7());
        reply.Plain?.Dispose();
        reply.Stream?.Dispose();
        cancellationToken.ThrowIfCancellationRequested();
        return new ProviderTestStep(name, reply.Failure is null, Ms(started), reply.Failure is { } f ? f.Status : 200, reply.Failure?.Message);
    }

    private static InboundCall TinyCall(string model, bool stream)
    {
        var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean("stream", stream);
            json.WriteNumber("max_tokens", 16);
            json.WriteStartArray("messages");
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WriteString("content", "Say OK.");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        var body = buffer.Detach();
        return new InboundCall(ClientEndpoint.Chat, body, model, stream, RequestChoices.None) { ChatHead = ChatRequestScanner.Scan(body.Memory.Span) };
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new PooledBuffer();
        int read;
        while ((read = await stream.ReadAsync(buffer.GetMemory(4096), cancellationToken)) > 0)
        {
            buffer.Advance(read);
            if (buffer.Length > MostListBytes)
            {
                throw new WireFormatException(WireFormatException.InvalidJson, "The upstream's answer is too large.");
            }
        }

        return buffer.Written.ToArray();
    }

    private AttemptClock NewClock(CancellationToken cancellationToken)
    {
        var deadline = time.GetTimestamp() + (long)(StepTime.TotalSeconds * time.TimestampFrequency);
        var clock = new AttemptClock(time, deadline, cancellationToken, drain.Ending);
        clock.Arm(StepTime);
        return clock;
    }

    private int Ms(long started) => (int)time.GetElapsedTime(started).TotalMilliseconds;
}
