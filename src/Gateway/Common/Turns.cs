namespace AIHigress.Gateway.Common;

/// <summary>
/// The pauses between the turns of background work. A turn never runs on the thread that moved the clock: whoever sets a clock
/// forward by days would else do the work of every turn in between.
/// </summary>
internal static class Turns
{
    /// <summary>True at the next tick, at once if one was missed; false when the server stops.</summary>
    public static async Task<bool> NextTurnAsync(this PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            var ticked = await timer.WaitForNextTickAsync(stoppingToken);
            await Task.Yield();
            return ticked;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>True after the pause; false when the server stops.</summary>
    public static async Task<bool> NextTurnAsync(this TimeProvider time, TimeSpan pause, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(pause, time, stoppingToken);
            await Task.Yield();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
