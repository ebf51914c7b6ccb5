using System.Buffers;
using System.Text.Json;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Adapters.Gemini;

/// <summary>Google Gemini. The model and the method stand in the path; streams are always asked for as events.</summary>
internal sealed class GeminiAdapter : UpstreamAdapter
{
    public override WireProtocol Protocol => WireProtocol.Gemini;

    public override Uri ModelsAddress(ProviderRoute provider, string? page)
    {
        var models = ProviderEndpoint.Of(provider).Models;
        var query = page is null ? "pageSize=1000" : $"pageSize=1000&pageToken={Uri.EscapeDataString(page)}";
        return new UriBuilder(models) { Query = models.Query.Length > 1 ? $"{models.Query[1..]}&{query}" : query }.Uri;
    }

    public override (IReadOnlyList<string> Ids, string? NextPage) ReadModels(byte[] body)
    {
        var page = GeminiModelList.Read(body);
        return ([.. page.Models.Select(m => m.Id)], page.NextPageToken);
    }

    public override long? ReadCount(ReadOnlyMemory<byte> body) => GeminiCountTokens.ReadAnswer(body);

    protected override Uri Address(ProviderEndpoint endpoint, InboundCall call, string model)
    {
        var path = "/models/" + Escape(model);
        return call.Endpoint.Operation == Operation.CountTokens ? endpoint.Compose(path + ":countTokens")
            : call.Stream ? endpoint.Compose(path + ":streamGenerateContent", "alt=sse")
            : endpoint.Compose(path + ":generateContent");
    }

    // Only this form of the counter's request takes system instruction and tools.
    protected override void WriteCount(ModelRequest request, RequestTarget target, IBufferWriter<byte> output)
    {
        var whole = new ArrayBufferWriter<byte>();
        Codec.WriteRequest(request, target, whole);
        using var document = JsonDocument.Parse(whole.WrittenMemory);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartObject("generateContentRequest");
        json.WriteString("model", target.Model.StartsWith("models/", StringComparison.Ordinal) ? target.Model : "models/" + target.Model);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            member.WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // "models/x" and "tunedModels/x" are names, too; their slash is part of the path.
    private static string Escape(string model)
    {
        var name = model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;
        return string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
    }
}
