using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Administration.Proxies.Jobs;

/// <summary>Wakes this process's proxy checks; what is due stands in the database.</summary>
internal sealed class ProxyCheckSignal : WakeUp;
