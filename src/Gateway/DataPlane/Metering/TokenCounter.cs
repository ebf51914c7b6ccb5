using System.Text;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Translation.Requests;
using Microsoft.ML.Tokenizers;

namespace AIHigress.Gateway.DataPlane.Metering;

/// <summary>Counts tokens when the upstream reported none. Exact for models of the two families, an estimate for others; always flagged.</summary>
internal sealed class TokenCounter
{
    // Counting a huge text takes longer than an answer may wait; beyond this the rest is counted by its length.
    private const int MostCounted = 200_000;

    private static readonly string[] OlderFamily = ["gpt-4-", "gpt-4", "gpt-3.5", "text-embedding"];

    private readonly Lazy<Tokenizer> _o200k = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));
    private readonly Lazy<Tokenizer> _cl100k = new(() => TiktokenTokenizer.CreateForEncoding("cl100k_base"));

    /// <param name="model">The upstream's model id: chooses the encoding.</param>
    /// <param name="call">The request.</param>
    /// <param name="generated">The generated text, UTF-8.</param>
    public TokenUsage Count(string model, InboundCall call, ReadOnlySpan<byte> generated)
    {
        var tokenizer = For(model);
        return new TokenUsage(Count(tokenizer, PromptOf(call)), 0, 0, Count(tokenizer, Encoding.UTF8.GetString(generated)), 0);
    }

    /// <summary>Tokens of a request's texts and tools, without images and files.</summary>
    public long CountPrompt(string model, InboundCall call) => Count(For(model), PromptOf(call));

    /// <summary>Tokens of a text, UTF-8.</summary>
    public long CountText(string model, ReadOnlySpan<byte> text) => Count(For(model), Encoding.UTF8.GetString(text));

    private static string PromptOf(InboundCall call) =>
        call.Protocol == WireProtocol.Chat ? ChatPromptText.Read(call.Body.Span) : RequestText.Of(call.Decoded);

    private Tokenizer For(string model)
    {
        var isOlder = Array.Exists(OlderFamily, family => model.StartsWith(family, StringComparison.OrdinalIgnoreCase))
            && !model.StartsWith("gpt-4o", StringComparison.OrdinalIgnoreCase)
            && !model.StartsWith("gpt-4.", StringComparison.OrdinalIgnoreCase);
        return (isOlder ? _cl100k : _o200k).Value;
    }

    private static long Count(Tokenizer tokenizer, string text)
    {
        if (text.Length <= MostCounted)
        {
            return tokenizer.CountTokens(text);
        }

        var counted = tokenizer.CountTokens(text.AsSpan(0, MostCounted));
        return (long)((double)counted / MostCounted * text.Length);
    }
}
