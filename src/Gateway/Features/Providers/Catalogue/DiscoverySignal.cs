using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Providers.Catalogue;

/// <summary>Wakes this process's discovery worker; what is due stands in the database.</summary>
internal sealed class DiscoverySignal : WakeUp;
