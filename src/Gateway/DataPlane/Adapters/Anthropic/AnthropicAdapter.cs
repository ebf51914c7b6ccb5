using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Adapters.Anthropic;

/// <summary>Anthropic Messages.</summary>
internal sealed class AnthropicAdapter : UpstreamAdapter
{
    private const string DefaultVersion = "2023-06-01";

    private static readonly FrozenSet<string> CountedMembers = new[] { "model", "system", "messages", "tools", "tool_choice", "thinking", "output_config" }.ToFrozenSet(StringComparer.Ordinal);

    public override WireProtocol Protocol => WireProtocol.Messages;

    public override Uri ModelsAddress(ProviderRoute provider, string? page)
    {
        var models = ProviderEndpoint.Of(provider).Models;
        var query = page is null ? "limit=1000" : $"limit=1000&after_id={Uri.EscapeDataString(page)}";
        return new UriBuilder(models) { Query = models.Query.Length > 1 ? $"{models.Query[1..]}&{query}" : query }.Uri;
    }

    public override (IReadOnlyList<string> Ids, string? NextPage) ReadModels(byte[] body)
    {
        var page = ModelListReader.Read(body);
        return ([.. page.Models.Select(m => m.Id)], page.NextAfter);
    }

    public override long? ReadCount(ReadOnlyMemory<byte> body) => TokenCount.Read(body.Span);

    public override void AddHeaders(HttpRequestMessage request, ClientBetas betas)
    {
        if (!request.Headers.Contains("anthropic-version"))
        {
            request.Headers.TryAddWithoutValidation("anthropic-version", AnthropicBetas.IsVersion(betas.AnthropicVersion) ? betas.AnthropicVersion : DefaultVersion);
        }

        var known = betas.Anthropic.Where(AnthropicBetas.IsKnown).Distinct(StringComparer.Ordinal).ToArray();
        if (known.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("anthropic-beta", string.Join(',', known));
        }
    }

    protected override Uri Address(ProviderEndpoint endpoint, InboundCall call, string model) =>
        call.Endpoint.Operation == Operation.CountTokens ? endpoint.CountTokens : endpoint.Messages;

    // The counter refuses members that only matter for an answer.
    protected override void WriteCount(ModelRequest request, RequestTarget target, IBufferWriter<byte> output)
    {
        var whole = new ArrayBufferWriter<byte>();
        Codec.WriteRequest(request, target, whole);
        using var document = JsonDocument.Parse(whole.WrittenMemory);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject().Where(m => CountedMembers.Contains(m.Name)))
        {
            member.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
