using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class ResponsesRequestLosses
{
    public static ModelRequest Legal(ModelRequest request) => request;

    public static ModelRequest Expected(ModelRequest request) => request;
}
