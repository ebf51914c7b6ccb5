using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Conversion;

/// <summary>A request on its way to an upstream of another protocol.</summary>
/// <param name="Request">The request in the intermediate form, as this upstream can take it.</param>
/// <param name="Context">What the encoder of the answer must know.</param>
internal sealed record ConvertedCall(ModelRequest Request, AnswerContext Context);
