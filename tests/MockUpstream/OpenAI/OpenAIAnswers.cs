using System.Text;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>Answers that several of OpenAI's endpoints give.</summary>
internal static class OpenAIAnswers
{
    private static readonly Script NoScript = new(new Behaviour());

    public static void SendError(Exchange exchange, int status, string message, string type, string? code) =>
        Send(exchange, status, OpenAIErrors.Body(message, type, code));

    public static void SendWrongKey(Exchange exchange) =>
        SendError(exchange, 401, "The API key is missing or wrong.", "invalid_request_error", "invalid_api_key");

    public static void SendUnknownModel(Exchange exchange, string model) =>
        SendError(exchange, 404, $"The model '{model}' does not exist.", "invalid_request_error", "model_not_found");

    public static void Send(Exchange exchange, int status, string json) =>
        PlainSender.SendStraight(exchange, NoScript, status, "application/json", Encoding.UTF8.GetBytes(json));

    /// <summary>The refusal that the script wants; false if it wants none.</summary>
    public static bool TrySendScriptedError(Exchange exchange, Script script)
    {
        var behaviour = script.Behaviour;
        if (behaviour.RetryAfterDate is { } seconds)
        {
            exchange.Context.Response.Headers.RetryAfter = exchange.Mock.Options.Time.GetUtcNow().AddSeconds(seconds).ToString("R");
        }

        if (behaviour.Unsupported is { } what)
        {
            PlainSender.SendStraight(exchange, script, 400, "application/json", Encoding.UTF8.GetBytes(OpenAIErrors.Unsupported(what)));
            return true;
        }

        if (behaviour.Status is not { } status || status == 200)
        {
            return false;
        }

        var (contentType, body) = OpenAIErrors.Scripted(behaviour, status, exchange.Key.ToString());
        PlainSender.SendStraight(exchange, script, status, contentType, Encoding.UTF8.GetBytes(body));
        return true;
    }
}
