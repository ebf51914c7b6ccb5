using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class GeminiRequestLosses
{
    public static ModelRequest Legal(ModelRequest request) => request;

    public static ModelRequest Expected(ModelRequest request) => request;
}
