using System.Buffers;
using AIHigress.Gateway.Features.Models;
using AIHigress.Wire;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.OpenAI;
using Anthropic = AIHigress.Wire.Anthropic;

namespace AIHigress.Gateway.DataPlane;

/// <summary>Writes models in the shape of each client protocol.</summary>
internal static class ModelLists
{
    private const string Owner = "aihigress";

    public static void Write(WireProtocol protocol, ModelPage page, IBufferWriter<byte> output)
    {
        switch (protocol)
        {
            case WireProtocol.Messages:
                Anthropic.ModelListWriter.Write(output, [.. page.Models.Select(m => AnthropicItem(m.Key, m.Value))], page.HasMore);
                break;
            case WireProtocol.Gemini:
                GeminiModelList.Write(new GeminiModelPage([.. page.Models.Select(m => new GeminiModel(m.Key))], page.NextToken), output);
                break;
            default:
                ModelListWriter.Write(output, page.Models.Select(m => Item(m.Key, m.Value)));
                break;
        }
    }

    public static void WriteOne(WireProtocol protocol, string name, LogicalRoute route, IBufferWriter<byte> output)
    {
        switch (protocol)
        {
            case WireProtocol.Messages:
                Anthropic.ModelListWriter.WriteModel(output, AnthropicItem(name, route));
                break;
            case WireProtocol.Gemini:
                GeminiModelList.WriteModel(new GeminiModel(name), output);
                break;
            default:
                ModelListWriter.WriteModel(output, Item(name, route));
                break;
        }
    }

    private static ModelListItem Item(string name, LogicalRoute route) => new(name, route.CreatedAt.ToUnixTimeSeconds(), Owner);

    private static Anthropic.ModelListItem AnthropicItem(string name, LogicalRoute route) => new(name, name, route.CreatedAt.ToUnixTimeSeconds());
}
