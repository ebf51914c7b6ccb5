using AIHigress.Wire.Translation;

namespace AIHigress.Wire.OpenAI.Responses.Answers.Items;

/// <summary>
/// Seals of other makers in the <c>encrypted_content</c> of reasoning items. Two things that such an item has no place for are marked inside
/// the packed text: that the thoughts are encrypted as a whole, and that the seal belongs to a tool call. No maker's seal has line ends, so
/// the marks can't be mistaken.
/// </summary>
internal static class ItemSeal
{
    private const string Redacted = "redacted\n";
    private const string Call = "call\n";

    /// <summary>The text of <c>encrypted_content</c>.</summary>
    public static string Pack(Seal seal, string? provider, bool isRedacted)
    {
        seal = WithProvider(seal, provider);
        return isRedacted && seal.Maker != WireProtocol.Responses
            ? (seal with { Value = Redacted + seal.Value }).For(WireProtocol.Responses)
            : seal.For(WireProtocol.Responses);
    }

    /// <summary>The same for a seal on a tool call; null when it can't be marked as one.</summary>
    public static string? PackCall(Seal seal, string? provider, string callId) => seal.Maker == WireProtocol.Responses || callId.Contains('\n')
        ? null
        : WithProvider(seal with { Value = $"{Call}{callId}\n{seal.Value}" }, provider).For(WireProtocol.Responses);

    /// <summary>Takes the mark off a seal of redacted thoughts.</summary>
    public static bool TryReadRedacted(ref Seal? seal)
    {
        if (seal is null || seal.Maker == WireProtocol.Responses || !seal.Value.StartsWith(Redacted, StringComparison.Ordinal))
        {
            return false;
        }

        seal = seal with { Value = seal.Value[Redacted.Length..] };
        return true;
    }

    /// <summary>Takes the mark off a tool call's seal.</summary>
    public static bool TryReadCall(Seal seal, out string callId, out Seal callSeal)
    {
        (callId, callSeal) = ("", seal);
        if (seal.Maker == WireProtocol.Responses || !seal.Value.StartsWith(Call, StringComparison.Ordinal))
        {
            return false;
        }

        var end = seal.Value.IndexOf('\n', Call.Length);
        if (end < 0)
        {
            return false;
        }

        callId = seal.Value[Call.Length..end];
        callSeal = seal with { Value = seal.Value[(end + 1)..] };
        return true;
    }

    private static Seal WithProvider(Seal seal, string? provider) => seal.Provider is null ? seal with { Provider = provider } : seal;
}
