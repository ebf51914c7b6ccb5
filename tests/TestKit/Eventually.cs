using System.Diagnostics;

namespace AIHigress.TestKit;

/// <summary>Looks at a condition until it holds: for state that gives no signal, such as another process's.</summary>
public static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Timeouts.Wait)
            {
                throw new TimeoutException($"After {Timeouts.Wait.TotalSeconds:0} s this did not hold: {what}");
            }

            await Task.Delay(Timeouts.Poll);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);
}
