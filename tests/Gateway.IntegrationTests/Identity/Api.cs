using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Identity;

/// <summary>The management API as a client sees it; keeps no cookies of its own.</summary>
internal sealed class Api(HttpClient client)
{
    private string? _token;

    public string? Token => _token;

    public Api With(string? token) => new(client) { _token = token };

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (_token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsStringAsync());
    }
}

internal sealed class Answer
{
    private readonly JsonElement _json;

    public Answer(HttpResponseMessage response, string body)
    {
        Status = (int)response.StatusCode;
        Body = body;
        Headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        _json = body.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? JsonDocument.Parse(body).RootElement
            : default;
    }

    public int Status { get; }
    public string Body { get; }
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The stable code of a problem.</summary>
    public string? Code => _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public JsonElement Json => _json;

    public JsonElement this[string field] => _json.GetProperty(field);

    public string Text(string field) => _json.GetProperty(field).GetString()!;

    /// <summary>The codes of one field's faults.</summary>
    public IReadOnlyList<string> Faults(string field) =>
        _json.TryGetProperty("errors", out var errors) && errors.TryGetProperty(field, out var list)
            ? [.. list.EnumerateArray().Select(f => f.GetProperty("code").GetString()!)]
            : [];

    /// <summary>The refresh cookie that the answer sets: its value and its attributes.</summary>
    public (string Value, string Attributes)? RefreshCookie
    {
        get
        {
            const string start = "aih_refresh=";
            if (!Headers.TryGetValue("Set-Cookie", out var cookie) || !cookie.StartsWith(start, StringComparison.Ordinal))
            {
                return null;
            }

            var end = cookie.IndexOf(';', StringComparison.Ordinal);
            return (cookie[start.Length..end], cookie[end..]);
        }
    }

    public void MustBe(int status, string? code = null)
    {
        Assert.True(Status == status && (code is null || Code == code), $"expected {status} {code}, got {Status} {Body}");
    }
}
