using AIHigress.Wire.Translation.Losses;
namespace AIHigress.Wire.OpenAI.Responses;
internal static class ResponsesFields
{
    public static readonly FieldRule[] Rules = [];
}
