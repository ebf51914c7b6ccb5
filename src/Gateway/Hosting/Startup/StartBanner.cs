using System.Reflection;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Hosting.Web;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Hosting.Startup;

/// <summary>What the person at the terminal reads when the server is ready: plain text, not log lines.</summary>
internal static class StartBanner
{
    public static string Version { get; } =
        typeof(StartBanner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void Warn(IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
        {
            Console.Error.WriteLine($"aihigress: warning: {warning}");
        }
    }

    /// <param name="app">Started.</param>
    /// <param name="setupLink">Path and token, when there is no user yet.</param>
    /// <param name="createdUser">E-mail of the administrator that this start created.</param>
    public static void Print(WebApplication app, string? setupLink, string? createdUser)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = app.Services.GetRequiredService<PublicAddress>().Base;
        var lines = new List<string> { "", $"AI-Higress Gateway {Version} is ready.", "" };
        lines.AddRange(addresses.Select((a, i) => $"  {(i == 0 ? "Address" : ""),-10}{a}"));
        lines.Add($"  {"Data",-10}{app.Services.GetRequiredService<DataFolder>().Path}");
        lines.Add($"  {"Database",-10}{app.Services.GetRequiredService<DatabaseUrl>().Display}");
        if (createdUser is not null)
        {
            lines.Add($"  {"Sign in",-10}the administrator {createdUser} was created with DEFAULT_ADMIN_PASSWORD");
        }

        if (app.Services.GetRequiredService<IOptions<WebOptions>>().Value.ShowsApiDocs(app.Services.GetRequiredService<IOptions<ServerOptions>>().Value))
        {
            lines.Add($"  {"Reference",-10}{address}/docs");
        }

        if (setupLink is not null)
        {
            lines.Add($"  {"Set-up",-10}{address}{setupLink}");
            lines.Add("");
            lines.Add("  Next: open the set-up link (good once, for 24 hours) and create the first administrator.");
            lines.Add("  Then add a provider and an API key, and point your client's base URL at " + address + "/v1");
        }

        lines.Add("");
        lines.Add("  Stop with Ctrl-C.");
        lines.Add("");
        Console.Out.WriteLine(string.Join(Environment.NewLine, lines));
        Console.Out.Flush();
    }
}
