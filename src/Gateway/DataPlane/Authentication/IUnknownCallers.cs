using System.Net;

namespace AIHigress.Gateway.DataPlane.Authentication;

/// <summary>Watches where requests with unknown keys come from. Limits implements it.</summary>
internal interface IUnknownCallers
{
    /// <summary>Counts one such request; the refusal when its address had sent too many.</summary>
    GatewayError? Refuse(IPAddress? address);
}
