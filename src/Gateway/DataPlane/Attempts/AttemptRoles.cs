namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>Why an attempt was made, other than as the next in the plan; the names that records use.</summary>
internal static class AttemptRoles
{
    /// <summary>The one before was slow to speak: both run, and the first to speak wins.</summary>
    public const string Hedge = "hedge";

    /// <summary>The one before died within its answer: this one goes on from there.</summary>
    public const string Continuation = "continuation";
}
