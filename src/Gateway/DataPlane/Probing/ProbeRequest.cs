using System.Text.Json;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.DataPlane.Probing;

/// <summary>The tiny chat that a probe asks, as a client's request; adapters put it into the provider's own protocol.</summary>
internal static class ProbeRequest
{
    /// <summary>Enough for one word, and little enough to cost nothing worth counting.</summary>
    private const int MostTokens = 16;

    /// <param name="model">The upstream's model.</param>
    /// <param name="prompt">What to ask.</param>
    /// <param name="newName">Bounds the answer by max_completion_tokens, which some models take in place of max_tokens.</param>
    public static InboundCall Create(string model, string prompt, bool newName)
    {
        var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteNumber(newName ? "max_completion_tokens" : "max_tokens", MostTokens);
            json.WriteStartArray("messages");
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WriteString("content", prompt);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        var body = buffer.Detach();
        return new InboundCall(ClientEndpoint.Chat, body, model, stream: false, RequestChoices.None) { ChatHead = ChatRequestScanner.Scan(body.Memory.Span) };
    }
}
