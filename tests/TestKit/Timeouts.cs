namespace AIHigress.TestKit;

/// <summary>How long a test waits for what must happen; never how long it waits for something not to.</summary>
public static class Timeouts
{
    /// <summary>Generous: small machines under load must not make a right answer a failure.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    /// <summary>Between two looks at a condition that has no signal.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
}
