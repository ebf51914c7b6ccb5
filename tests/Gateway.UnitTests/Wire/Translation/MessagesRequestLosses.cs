using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

internal static class MessagesRequestLosses
{
    public static ModelRequest Legal(ModelRequest request) => request;

    public static ModelRequest Expected(ModelRequest request) => request;
}
