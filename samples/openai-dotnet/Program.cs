using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

var address = Environment.GetEnvironmentVariable("GATEWAY_URL") ?? throw new InvalidOperationException("GATEWAY_URL is not set");
var key = Environment.GetEnvironmentVariable("GATEWAY_KEY") ?? throw new InvalidOperationException("GATEWAY_KEY is not set");
var model = Environment.GetEnvironmentVariable("MODEL") ?? throw new InvalidOperationException("MODEL is not set");
var client = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri($"{address}/v1") });

Console.WriteLine("Models:");
foreach (var found in (await client.GetOpenAIModelClient().GetModelsAsync()).Value)
{
    Console.WriteLine($"  {found.Id}");
}

var chat = client.GetChatClient(model);
ChatCompletion answer = await chat.CompleteChatAsync(new UserChatMessage("Hello"));
Console.WriteLine($"Answer: {answer.Content[0].Text}");

Console.Write("Stream: ");
await foreach (var update in chat.CompleteChatStreamingAsync(new UserChatMessage("Hello")))
{
    foreach (var part in update.ContentUpdate)
    {
        Console.Write(part.Text);
    }

    if (update.Usage is { } usage)
    {
        Console.Write($"\nTokens: {usage.TotalTokenCount}");
    }
}

Console.WriteLine();
try
{
    await client.GetChatClient("no-such-model").CompleteChatAsync(new UserChatMessage("Hello"));
}
catch (ClientResultException refused)
{
    Console.WriteLine($"Refused: {refused.Status}");
}
