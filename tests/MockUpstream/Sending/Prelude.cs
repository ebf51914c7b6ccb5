using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Sending;

/// <summary>What can happen before an answer, whatever its protocol.</summary>
internal static class Prelude
{
    /// <summary>Plays it; false when the exchange ended there.</summary>
    public static async Task<bool> PlayAsync(Exchange exchange, Behaviour behaviour)
    {
        await exchange.DelayAsync(behaviour.LatencyMs);
        if (behaviour.Refuse == true)
        {
            new RawConnection(exchange).Reset();
            return false;
        }

        if (behaviour.HangBeforeHeaders == true)
        {
            await exchange.HangAsync();
        }

        if (behaviour.EndlessHeaders == true)
        {
            await new RawConnection(exchange).SendEndlessHeadersAsync();
        }

        return true;
    }
}
