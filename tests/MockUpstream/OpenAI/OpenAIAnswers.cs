using System.Text;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>Answers that several of OpenAI's endpoints give.</summary>
internal static class OpenAIAnswers
{
    private static readonly Script NoScript = new(new Behaviour());

    public static Task SendAsync(Exchange exchange, int status, string json) =>
        PlainSender.SendStraightAsync(exchange, NoScript, status, "application/json", Encoding.UTF8.GetBytes(json));

    /// <summary>The refusal that the script wants; false if it wants none.</summary>
    public static async Task<bool> TrySendScriptedErrorAsync(Exchange exchange, Script script)
    {
        var behaviour = script.Behaviour;
        if (behaviour.Unsupported is null && behaviour.Status is null or 200)
        {
            return false;
        }

        await exchange.PassGateAsync(behaviour.Gate);
        if (behaviour.RetryAfterDate is { } seconds)
        {
            exchange.Context.Response.Headers.RetryAfter = exchange.Mock.Options.Time.GetUtcNow().AddSeconds(seconds).ToString("R");
        }

        if (behaviour.Unsupported is { } what)
        {
            await PlainSender.SendStraightAsync(exchange, script, 400, "application/json", Encoding.UTF8.GetBytes(OpenAIErrors.Unsupported(what)));
            return true;
        }

        var status = behaviour.Status!.Value;
        var (contentType, body) = OpenAIErrors.Scripted(behaviour, status, exchange.Key.ToString());
        await PlainSender.SendStraightAsync(exchange, script, status, contentType, Encoding.UTF8.GetBytes(body));
        return true;
    }
}
