using AIHigress.Gateway.Features.Identity;

namespace AIHigress.Gateway.DataPlane.Routing.Explaining;

/// <summary>Which upstream a session is bound to; for explaining only, so that looking neither makes nor prolongs a binding.</summary>
internal interface ISessionBindings
{
    /// <summary>The upstream's <see cref="Features.Models.UpstreamRoute.Key"/>, or null.</summary>
    /// <param name="caller">Whose session.</param>
    /// <param name="sessionId">As the client names it.</param>
    /// <param name="logicalModel">The id of the logical model, not an alias.</param>
    ValueTask<string?> FindAsync(ApiCaller caller, string sessionId, string logicalModel);
}
