using System.Text;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Answering;

/// <summary>Sends answers by their script.</summary>
internal static class Answers
{
    public static Task SendPlainAsync(Exchange exchange, Script script, IErrorShape errors, string body)
    {
        var defects = new ContentDefects(script.Behaviour, "application/json");
        var broken = defects.Break(body, () => errors.Json(MockError.Inside(script.Behaviour), exchange.RequestId));
        var bytes = Encoding.UTF8.GetBytes(broken);
        return script.Straight
            ? PlainSender.SendStraightAsync(exchange, script, 200, defects.Type, bytes)
            : PlainSender.SendPacedAsync(exchange, script, defects.Type, bytes);
    }

    /// <summary>Sends server-sent events.</summary>
    /// <param name="error">The error event that comes after so many good ones.</param>
    public static Task SendEventsAsync(Exchange exchange, Script script, IErrorShape errors, IReadOnlyList<StreamEvent> events, Func<int, StreamEvent> error)
    {
        if (script.Behaviour.Garbage == "html")
        {
            return SendPlainAsync(exchange, script, errors, "");
        }

        var defects = new ContentDefects(script.Behaviour, "text/event-stream");
        var framing = new EventFraming(script.Behaviour);
        return SendFramesAsync(exchange, script, defects.Type, framing.Frames(defects.Break(events, framing.Event, error), completionTokens: 0));
    }

    public static Task SendFramesAsync(Exchange exchange, Script script, string contentType, Frame[] frames) => script.Straight
        ? EventSender.SendStraightAsync(exchange, script, contentType, frames, default)
        : EventSender.SendPacedAsync(exchange, script, contentType, frames, default);
}
