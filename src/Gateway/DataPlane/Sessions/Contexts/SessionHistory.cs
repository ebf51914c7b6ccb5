using System.Buffers;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;
using AIHigress.Wire;
using AIHigress.Wire.Translation.History;
using AIHigress.Wire.Translation.Requests;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary>Puts what was said in a session in front of a request that carries only its new turn.</summary>
internal sealed class SessionHistory(ContextStore store, PendingExchanges pending, IOptionsMonitor<DataPlaneOptions> options)
{
    // A token of text is seldom shorter; images count for more than they are, which only leaves more room.
    private const int BytesPerToken = 3;
    private const int UsualAnswerTokens = 4096;
    private const int Margin = 4096;

    /// <summary>The request to serve; the very same when it brings its history along, or there is none.</summary>
    /// <exception cref="GatewayErrorException">400: the request can't be understood.</exception>
    public async Task<InboundCall> ReplayAsync(string key, InboundCall call, LogicalRoute route, CancellationToken cancellationToken)
    {
        if (call.Head?.PreviousResponseId is not null || HistoryTurns.CarriesHistory(call.Decoded))
        {
            return call;
        }

        await pending.WaitAsync(key, cancellationToken);
        var room = RoomFor(call, route);
        var history = HistoryTurns.Mend(Newest(await store.ReadAsync(key), room), call.Decoded.Messages);
        if (history.Count == 0)
        {
            return call;
        }

        var body = new ArrayBufferWriter<byte>(call.Body.Length + Margin);
        HistoryJson.Compose(call.Protocol, call.Body, history, body);
        var expanded = call.WithHistory(body.WrittenSpan.ToArray());

        // Both may still be read when the request is over.
        call.KeepBody();
        return expanded;
    }

    // Whole exchanges, the newest first: half of one would be no conversation.
    private static List<Message> Newest(IReadOnlyList<StoredExchange> exchanges, long room)
    {
        var chosen = new Stack<IReadOnlyList<Message>>();
        for (var i = exchanges.Count - 1; i >= 0 && (room -= exchanges[i].Messages.Length) >= 0; i--)
        {
            try
            {
                chosen.Push(exchanges[i].Read());
            }
            catch (WireFormatException)
            {
                // Kept by a version that wrote it differently: what is older goes with it.
                break;
            }
        }

        return [.. chosen.SelectMany(m => m)];
    }

    private long RoomFor(InboundCall call, LogicalRoute route)
    {
        var room = (options.CurrentValue.MaxRequestBodyMib * 1024L * 1024L) - call.Body.Length - Margin;
        var context = route.Upstreams.Where(u => u.Enabled).Min(u => u.ContextLength);
        if (context is not { } tokens)
        {
            return room;
        }

        var answer = call.Decoded.MaxTokens ?? Math.Min(UsualAnswerTokens, tokens / 4);
        return Math.Min(room, ((tokens - answer) * BytesPerToken) - call.Body.Length);
    }
}
