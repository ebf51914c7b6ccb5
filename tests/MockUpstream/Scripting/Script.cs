using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Scripting;

/// <summary>A behaviour made ready: what does not change from request to request is worked out once.</summary>
internal sealed class Script
{
    private int _answered;

    public Script(Behaviour behaviour, string? defect = null)
    {
        Behaviour = behaviour;
        Defect = defect;
        Headers = ExtraHeaders.From(behaviour);
        Pieces = Words.Pieces(behaviour).Count;
        Straight = defect is null && IsStraight(behaviour);
    }

    public Behaviour Behaviour { get; }

    /// <summary>Why the model id could not be read as a script; requests for it are answered with 400.</summary>
    public string? Defect { get; }

    public KeyValuePair<string, string>[] Headers { get; }

    /// <summary>How many pieces its content has.</summary>
    public int Pieces { get; }

    /// <summary>True when the answer is written as fast as it goes: no delay, gate, fault or splitting.</summary>
    public bool Straight { get; }

    /// <summary>Takes one of the <see cref="Behaviour.Times"/>; false when they are used up.</summary>
    public bool TryTake() => Behaviour.Times is not { } times || Interlocked.Increment(ref _answered) <= times;

    private static bool IsStraight(Behaviour b) =>
        (b.LatencyMs ?? b.FirstChunkDelayMs ?? b.ChunkDelayMs ?? b.SlowDrip ?? b.SplitBytes) is null
        && (b.HangAfter ?? b.CutAfter ?? b.CloseAfter ?? b.Status ?? b.RetryAfterDate) is null
        && (b.Refuse ?? b.HangBeforeHeaders ?? b.EndlessHeaders ?? b.SplitUtf8 ?? b.Gzip) is null
        && (b.Gate ?? b.TruncatedJson ?? b.Unsupported) is null;
}
