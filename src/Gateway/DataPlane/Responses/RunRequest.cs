using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Responses;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>A request that was admitted and is to run in the background: a feature that the pipeline leaves on the client's request.</summary>
/// <param name="Caller">Who asked.</param>
/// <param name="Body">The request, in clear.</param>
/// <param name="Decoded">The request, understood.</param>
/// <param name="Previous">The response that it follows.</param>
/// <param name="Stream">The client wants to follow it at once.</param>
internal sealed record RunRequest(ApiCaller Caller, byte[] Body, ModelRequest Decoded, KeptResponse? Previous, bool Stream);
