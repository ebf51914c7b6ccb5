using System.Net.Sockets;
using AIHigress.MockUpstream.Anthropic;
using AIHigress.MockUpstream.Control;
using AIHigress.MockUpstream.Gemini;
using AIHigress.MockUpstream.OpenAI;
using AIHigress.MockUpstream.Responses;
using AIHigress.MockUpstream.Sending;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace AIHigress.MockUpstream;

/// <summary>Leads each request to its protocol and keeps the books on how it ended.</summary>
internal sealed class MockApplication(MockState mock) : IHttpApplication<DefaultHttpContext>
{
    private readonly ControlEndpoints _control = new(mock);
    private readonly AnthropicEndpoints _anthropic = new(mock);
    private readonly ResponsesEndpoints _responses = new(mock);
    private readonly GeminiEndpoints _gemini = new(mock);
    private readonly OpenAIEndpoints _openAI = new(mock);

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> container)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        // Kestrel keeps one context per connection for us.
        if (container.HostContext is { } context)
        {
            context.Initialize(contextFeatures);
            return context;
        }

        return container.HostContext = new DefaultHttpContext(contextFeatures);
    }

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();

    public async Task ProcessRequestAsync(DefaultHttpContext context)
    {
        if (context.Request.Path.Value!.StartsWith(ControlEndpoints.Prefix, StringComparison.Ordinal))
        {
            await _control.HandleAsync(context);
            return;
        }

        Exchange exchange;
        try
        {
            exchange = await Exchange.ReceiveAsync(context, mock);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client left before it had asked anything.
            return;
        }

        try
        {
            await AnswerAsync(exchange);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // A client that resets has Kestrel dispose the socket, maybe in the middle of a raw send.
            exchange.ClientLeft();
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "writer")
        {
            // The response's writer of a client that has left gives no more room.
            exchange.ClientLeft();
        }
        finally
        {
            exchange.End();
        }
    }

    private Task AnswerAsync(Exchange exchange) =>
        _openAI.TryChat(exchange, out var answer)
        || _anthropic.TryHandle(exchange, out answer)
        || _responses.TryHandle(exchange, out answer)
        || _gemini.TryHandle(exchange, out answer)
            ? answer
            : _openAI.HandleAsync(exchange);
}
