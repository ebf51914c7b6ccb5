using System.Text;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>The top-level members of a Chat request that the scanner reads; everything else passes unread.</summary>
internal enum ChatRequestField
{
    None,
    Model,
    Stream,
    StreamOptions,
    MaxTokens,
    MaxCompletionTokens,
    Tools,
    Functions,
    Messages,
    ResponseFormat,
    Choices,
    PromptCacheKey,
    User,
    Metadata,
    ReasoningEffort,
    Reasoning,
}

/// <summary>Finds which scanned member a key is, also when some other parser would take it for one.</summary>
internal static class ChatRequestKeys
{
    /// <summary>
    /// The member whose name equals <paramref name="key"/> but for letter case; <paramref name="exact"/> tells whether the case is right too.
    /// </summary>
    public static ChatRequestField Find(ReadOnlySpan<byte> key, out bool exact)
    {
        Span<byte> scratch = stackalloc byte[JsonKeys.ScratchBytes];
        var folded = JsonKeys.Fold(key, scratch);
        var field = folded.Length switch
        {
            1 => Match(folded, "n"u8, ChatRequestField.Choices),
            4 => Match(folded, "user"u8, ChatRequestField.User),
            5 => First(Match(folded, "model"u8, ChatRequestField.Model), Match(folded, "tools"u8, ChatRequestField.Tools)),
            6 => Match(folded, "stream"u8, ChatRequestField.Stream),
            8 => First(Match(folded, "messages"u8, ChatRequestField.Messages), Match(folded, "metadata"u8, ChatRequestField.Metadata)),
            9 => First(Match(folded, "functions"u8, ChatRequestField.Functions), Match(folded, "reasoning"u8, ChatRequestField.Reasoning)),
            10 => Match(folded, "max_tokens"u8, ChatRequestField.MaxTokens),
            14 => Match(folded, "stream_options"u8, ChatRequestField.StreamOptions),
            15 => Match(folded, "response_format"u8, ChatRequestField.ResponseFormat),
            16 => First(Match(folded, "prompt_cache_key"u8, ChatRequestField.PromptCacheKey), Match(folded, "reasoning_effort"u8, ChatRequestField.ReasoningEffort)),
            21 => Match(folded, "max_completion_tokens"u8, ChatRequestField.MaxCompletionTokens),
            _ => ChatRequestField.None,
        };

        exact = field != ChatRequestField.None && key.SequenceEqual(folded) && key.IndexOfAnyInRange((byte)'A', (byte)'Z') < 0;
        return field;
    }

    /// <summary>The member's name as written in requests, for messages.</summary>
    public static string NameOf(ChatRequestField field) => field switch
    {
        ChatRequestField.Model => "model",
        ChatRequestField.Stream => "stream",
        ChatRequestField.StreamOptions => "stream_options",
        ChatRequestField.MaxTokens => "max_tokens",
        ChatRequestField.MaxCompletionTokens => "max_completion_tokens",
        ChatRequestField.Tools => "tools",
        ChatRequestField.Functions => "functions",
        ChatRequestField.Messages => "messages",
        ChatRequestField.ResponseFormat => "response_format",
        ChatRequestField.Choices => "n",
        ChatRequestField.PromptCacheKey => "prompt_cache_key",
        ChatRequestField.User => "user",
        ChatRequestField.Metadata => "metadata",
        ChatRequestField.ReasoningEffort => "reasoning_effort",
        ChatRequestField.Reasoning => "reasoning",
        _ => "",
    };

    private static ChatRequestField Match(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name, ChatRequestField field) =>
        Ascii.EqualsIgnoreCase(key, name) ? field : ChatRequestField.None;

    private static ChatRequestField First(ChatRequestField first, ChatRequestField second) => first != ChatRequestField.None ? first : second;
}
