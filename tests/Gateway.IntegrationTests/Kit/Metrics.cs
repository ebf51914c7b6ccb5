using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace AIHigress.Gateway.IntegrationTests.Kit;

/// <summary>What a server tells Prometheus.</summary>
internal static class Metrics
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TestKit.Timeouts.Wait };

    /// <summary>A gauge or counter, summed over its labels; 0 when it does not exist.</summary>
    public static async Task<double> SumAsync(string address, string token, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address + "/metrics");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var line = $@"^{Regex.Escape(name)}(\{{[^}}]*\}})? (?<value>[0-9.eE+-]+)";
        return Regex.Matches(await answer.Content.ReadAsStringAsync(), line, RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Sum(m => double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture));
    }
}
