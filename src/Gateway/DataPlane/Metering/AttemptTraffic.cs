using AIHigress.Gateway.Features.Providers.Health.Traffic;
using AIHigress.Gateway.Features.Usage;

namespace AIHigress.Gateway.DataPlane.Metering;

/// <summary>Tells the providers' health what a finished request's attempts showed of each.</summary>
internal static class AttemptTraffic
{
    public static void Count(ProviderTraffic traffic, UsageRecord record)
    {
        foreach (var attempt in record.Attempts)
        {
            switch (attempt.Category)
            {
                case "ok":
                    traffic.Answered(attempt.Provider, attempt.TtftMs);
                    break;
                case "network" or "timeout" or "upstream_error" or "malformed":
                    traffic.Failed(attempt.Provider);
                    break;

                    // Anything else is about the request, our key or the client.
            }
        }
    }
}
