using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Losses;

namespace AIHigress.Gateway.DataPlane.Conversion;

/// <summary>docs/protocols.md, made from the field tables that requests are judged by.</summary>
internal static class ProtocolsReference
{
    private const string Introduction = """
        # Protocols and losses

        A client may speak any of four protocols, and so may a provider; the gateway converts between them, streamed or not.
        Where both speak the same one, the bytes pass as they are but for the model's name, and nothing below applies.

        | client protocol | address |
        |---|---|
        | OpenAI Chat | `POST /v1/chat/completions` |
        | OpenAI Responses | `POST /v1/responses` |
        | Anthropic Messages | `POST /v1/messages`, `POST /v1/messages/count_tokens` |
        | Google Gemini | `POST /v1beta/models/{model}:generateContent`, `:streamGenerateContent`, `:countTokens`; also under `/v1` |

        What a request says arrives in the provider's own words wherever the provider has words for it. Where it has none:

        - **dropped**: a hint. The request is served without it, and the answer's header `X-Dropped-Params` names it.
          With the request header `X-Strict: true` the provider is left out instead.
        - **refused**: the request would mean something else without it. The provider is left out; if no other is left, the
          answer is 400 `unsupported_by_upstream` naming the field.

        A field that stands in no table (it is newer than this version, or a misspelling) is dropped and named.
        `[]` are the elements of a list, `[x]` elements or objects of type, role or media type x, `[*]` any other.

        <!-- Made by `aihigress protocols-reference`; edit the field tables in src/Wire instead. -->

        """;

    private static readonly (WireProtocol Protocol, string Name)[] Protocols =
    [
        (WireProtocol.Chat, "OpenAI Chat"), (WireProtocol.Responses, "OpenAI Responses"), (WireProtocol.Messages, "Anthropic Messages"), (WireProtocol.Gemini, "Google Gemini"),
    ];

    public static string Markdown()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var (client, name) in Protocols)
        {
            Append(text, client, name);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, WireProtocol client, string name)
    {
        var targets = Protocols.Where(p => p.Protocol != client).ToArray();
        text.Append($"\n## {name} requests\n\n| field | {string.Join(" | ", targets.Select(t => t.Name))} | |\n|---|{string.Concat(targets.Select(_ => "---|"))}---|\n");
        foreach (var rule in Codecs.Of(client).Fields.Rules)
        {
            var neutral = rule.Neutral.Count > 0 ? $" (but not {string.Join(", ", rule.Neutral.Select(n => $"`{n}`"))})" : "";
            text.Append($"| `{rule.Path}`{neutral} | {string.Join(" | ", targets.Select(t => Word(rule.To(t.Protocol))))} | {rule.Note?.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }

    private static string Word(Fate fate) => fate switch
    {
        Fate.Carried => "✓",
        Fate.Dropped => "dropped",
        _ => "refused",
    };
}
