using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Kit;

/// <summary>A client that sees everything: statuses, headers, bytes and events as they came over the socket.</summary>
public sealed class ChatClient : IDisposable
{
    private readonly HttpClient _http;

    public ChatClient(string address, string? key)
    {
        _http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, UseProxy = false })
        {
            BaseAddress = new Uri(address),
            Timeout = TestKit.Timeouts.Wait,
        };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public static string Body(string model, bool stream = false, string extra = "") =>
        $$"""{"model":{{JsonSerializer.Serialize(model)}},"messages":[{"role":"user","content":"Say something."}]{{(stream ? ",\"stream\":true" : "")}}{{extra}}}""";

    /// <summary>Asks and reads the answer to its end.</summary>
    public Task<ChatReply> AskAsync(string model, bool stream = false, string extra = "", params (string Name, string Value)[] headers) =>
        SendAsync(Body(model, stream, extra), headers);

    public async Task<ChatReply> SendAsync(string body, params (string Name, string Value)[] headers)
    {
        using var response = await OpenAsync(body, CancellationToken.None, headers);
        return await ChatReply.ReadAsync(response);
    }

    public async Task<ChatReply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return await ChatReply.ReadAsync(response);
        }
    }

    public async Task<ChatReply> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return await ChatReply.ReadAsync(response);
    }

    /// <summary>Asks and comes back with the headers.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string body, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        using var request = Request(body);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public static HttpRequestMessage Request(string body) => new(HttpMethod.Post, "/v1/chat/completions")
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };

    /// <summary>The data of each event, as soon as its empty line is there.</summary>
    public static async IAsyncEnumerable<string> EventsAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var reader = new StreamReader(body);
        var data = new List<string>();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data.Add(line[5..].TrimStart(' '));
            }
            else if (line.Length == 0 && data.Count > 0)
            {
                yield return string.Join('\n', data);
                data.Clear();
            }
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>A whole answer.</summary>
public sealed record ChatReply(HttpStatusCode StatusCode, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public int Status => (int)StatusCode;

    public Guid RequestId => Guid.Parse(Headers["X-Request-Id"]);

    public string? ServedBy => Headers.GetValueOrDefault("X-Served-By");

    public string? Attempts => Headers.GetValueOrDefault("X-Attempts");

    /// <summary>The data of each event of a stream.</summary>
    public IReadOnlyList<string> Events => [.. Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Where(e => e.StartsWith("data:", StringComparison.Ordinal))
        .Select(e => e[5..].TrimStart(' '))];

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>OpenAI's error object.</summary>
    public JsonElement Error => Json.GetProperty("error");

    public string? ErrorCode => Error.GetProperty("code").GetString();

    public string ErrorMessage => Error.GetProperty("message").GetString()!;

    /// <summary>The text of a plain answer.</summary>
    public string PlainText => Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    /// <summary>The text of a stream's content deltas.</summary>
    public string StreamText => string.Concat(Events.Select(TextOf));

    public static string TextOf(string data)
    {
        if (data == "[DONE]")
        {
            return "";
        }

        using var json = JsonDocument.Parse(data);
        return json.RootElement.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0
            && choices[0].GetProperty("delta").TryGetProperty("content", out var content)
            ? content.GetString() ?? ""
            : "";
    }

    public static async Task<ChatReply> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new ChatReply(response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }
}
