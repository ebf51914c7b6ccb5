namespace AIHigress.Wire.Gemini.Requests;

/// <summary>What requests must know of the upstream's model: Google changed the rules with its third generation.</summary>
internal readonly struct GeminiModelKind(string model)
{
    /// <summary>Thinks by levels; takes images inside function responses; refuses calls of the current turn without a signature.</summary>
    public bool IsThird { get; } = Generation(model) >= 3;

    /// <summary>Calls need signatures. Also for names such as gemini-flash-latest, which may stand for any generation: older ones don't mind.</summary>
    public bool ChecksSignatures => IsThird || (model.Contains("gemini-", StringComparison.Ordinal) && model.EndsWith("-latest", StringComparison.Ordinal));

    /// <summary>A thinking budget that the model takes.</summary>
    public long Budget(long wanted) => model switch
    {
        _ when model.Contains("gemini-2.5-pro", StringComparison.Ordinal) => Math.Clamp(wanted, 128, 32768),
        _ when model.Contains("gemini-2.5-flash-lite", StringComparison.Ordinal) => wanted == 0 ? 0 : Math.Clamp(wanted, 512, 24576),
        _ when model.Contains("gemini-2.5-flash", StringComparison.Ordinal) => Math.Min(wanted, 24576),
        _ => wanted,
    };

    private static int Generation(string model)
    {
        var at = model.IndexOf("gemini-", StringComparison.Ordinal);
        if (at < 0)
        {
            return 0;
        }

        var digits = model.AsSpan(at + "gemini-".Length);
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(length < 0 ? digits : digits[..length], out var generation) ? generation : 0;
    }
}
