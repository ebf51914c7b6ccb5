using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Responses;

/// <summary>A client of the Responses API.</summary>
public sealed class ResponsesClient : IDisposable
{
    private readonly HttpClient _http;

    public ResponsesClient(HttpClient http, string key)
    {
        _http = http;
        _http.Timeout = TestKit.Timeouts.Wait;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public static ResponsesClient Of(string address, string key) =>
        new(new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, UseProxy = false }) { BaseAddress = new Uri(address) }, key);

    /// <param name="model">Whom.</param>
    /// <param name="input">What the user says.</param>
    /// <param name="previous">The response that this one follows.</param>
    /// <param name="extra">Further members, as JSON.</param>
    public async Task<ChatReply> AskAsync(string model, string input, string? previous = null, string extra = "{}")
    {
        using var response = await OpenAsync(model, input, previous, extra);
        return await ChatReply.ReadAsync(response);
    }

    /// <summary>The same, back with the headers.</summary>
    public Task<HttpResponseMessage> OpenAsync(string model, string input, string? previous = null, string extra = "{}", CancellationToken cancellation = default)
    {
        var body = JsonNode.Parse(extra)!.AsObject();
        body["model"] = model;
        body["input"] = input;
        if (previous is not null)
        {
            body["previous_response_id"] = previous;
        }

        return OpenAsync(HttpMethod.Post, "/v1/responses", body.ToJsonString(), cancellation);
    }

    /// <summary>Asks for a stream and reads it to its end; the data of each event.</summary>
    public async Task<IReadOnlyList<JsonElement>> StreamAsync(string model, string input, string? previous = null, string extra = "{}")
    {
        var body = JsonNode.Parse(extra)!.AsObject();
        body["stream"] = true;
        var reply = await AskAsync(model, input, previous, body.ToJsonString());
        Assert.Equal(200, reply.Status);
        return EventsOf(reply.Body);
    }

    public Task<ChatReply> GetAsync(string id) => SendAsync(HttpMethod.Get, $"/v1/responses/{id}");

    public Task<ChatReply> DeleteAsync(string id) => SendAsync(HttpMethod.Delete, $"/v1/responses/{id}");

    public Task<ChatReply> CancelAsync(string id) => SendAsync(HttpMethod.Post, $"/v1/responses/{id}/cancel");

    public Task<ChatReply> InputAsync(string id, string query = "") => SendAsync(HttpMethod.Get, $"/v1/responses/{id}/input_items{query}");

    /// <summary>Follows the events after a number to their end.</summary>
    public async Task<IReadOnlyList<JsonElement>> FollowAsync(string id, long? after = null)
    {
        var reply = await SendAsync(HttpMethod.Get, FollowPath(id, after));
        Assert.Equal(200, reply.Status);
        return EventsOf(reply.Body);
    }

    public Task<HttpResponseMessage> OpenFollowAsync(string id, CancellationToken cancellation) => OpenAsync(HttpMethod.Get, FollowPath(id, null), null, cancellation);

    public static IReadOnlyList<JsonElement> EventsOf(string body) =>
    [
        .. body.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => JsonDocument.Parse(l[6..]).RootElement),
    ];

    public async Task<ChatReply> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await OpenAsync(method, path, body, CancellationToken.None);
        return await ChatReply.ReadAsync(response);
    }

    public void Dispose() => _http.Dispose();

    private static string FollowPath(string id, long? after) => $"/v1/responses/{id}?stream=true{(after is null ? "" : $"&starting_after={after}")}";

    private async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }
}

internal static class ResponseReplies
{
    public static string Id(this ChatReply reply) => reply.Json.GetProperty("id").GetString()!;

    public static string Status(this JsonElement response) => response.GetProperty("status").GetString()!;

    public static string Type(this JsonElement ev) => ev.GetProperty("type").GetString()!;

    public static IEnumerable<long> Numbers(this IEnumerable<JsonElement> events) => events.Select(e => e.GetProperty("sequence_number").GetInt64());

    /// <summary>The text of a response's messages.</summary>
    public static string OutputText(this JsonElement response) => string.Concat(
        from item in response.GetProperty("output").EnumerateArray()
        where item.GetProperty("type").GetString() == "message"
        from part in item.GetProperty("content").EnumerateArray()
        where part.GetProperty("type").GetString() == "output_text"
        select part.GetProperty("text").GetString());

    /// <summary>The texts of an input_items list, in its order.</summary>
    public static IReadOnlyList<string> ItemTexts(this ChatReply list) =>
    [
        .. from item in list.Json.GetProperty("data").EnumerateArray()
           from part in item.GetProperty("content").EnumerateArray()
           select part.GetProperty("text").GetString(),
    ];
}
