using System.Text;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Answering;

/// <summary>Answers that are errors, in whatever shape the protocol gives them.</summary>
internal static class ErrorAnswers
{
    private static readonly Script NoScript = new(new Behaviour());

    /// <summary>An answer that no script has a say in.</summary>
    public static Task SendJsonAsync(Exchange exchange, int status, string json) =>
        PlainSender.SendStraightAsync(exchange, NoScript, status, "application/json", Encoding.UTF8.GetBytes(json));

    public static Task SendAsync(Exchange exchange, IErrorShape shape, MockError error) =>
        SendJsonAsync(exchange, error.Status, shape.Json(error, exchange.RequestId));

    /// <summary>Plays what comes before the answer; false when that was all.</summary>
    public static async Task<bool> PrepareAsync(Exchange exchange, Script script, IErrorShape shape)
    {
        if (script.Defect is { } defect)
        {
            await SendAsync(exchange, shape, MockError.UnknownKnob(defect));
            return false;
        }

        return await Prelude.PlayAsync(exchange, script.Behaviour) && !await TrySendScriptedAsync(exchange, script, shape);
    }

    /// <summary>The refusal that the script wants; false if it wants none.</summary>
    public static async Task<bool> TrySendScriptedAsync(Exchange exchange, Script script, IErrorShape shape)
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

        var error = behaviour.Unsupported is { } what
            ? MockError.Unsupported(what)
            : MockError.Scripted(behaviour, behaviour.Status!.Value, exchange.Key.ToString());
        var (contentType, body) = behaviour.Unsupported is null ? Body(behaviour, error, shape, exchange.RequestId) : Json(error, shape, exchange.RequestId);
        await PlainSender.SendStraightAsync(exchange, script, error.Status, contentType, Encoding.UTF8.GetBytes(body));
        return true;
    }

    private static (string ContentType, string Body) Body(Behaviour behaviour, MockError error, IErrorShape shape, string requestId) => behaviour.ErrorBody switch
    {
        "empty" => ("application/json", ""),
        "text" => ("text/plain", behaviour.ErrorMessage ?? "upstream error"),
        "html" => ("text/html", $"<html><head><title>{error.Status}</title></head><body><h1>{error.Status}</h1><p>{behaviour.ErrorMessage}</p></body></html>"),
        _ => Json(error, shape, requestId),
    };

    private static (string ContentType, string Body) Json(MockError error, IErrorShape shape, string requestId) =>
        ("application/json", shape.Json(error, requestId));
}
