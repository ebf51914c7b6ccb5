using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Hosting;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Hosting;

/// <summary>Hosting alone, on a real socket, with endpoints made for a test: what holds whatever the features do.</summary>
internal sealed class BareServer : IAsyncDisposable
{
    private readonly TempFolder _data = new();
    private readonly WebApplication _app;

    private BareServer(Action<WebApplication> map, Action<IServiceCollection>? services, (string Name, string Value)[] settings)
    {
        var given = settings.ToDictionary(s => s.Name, s => (string?)s.Value);
        given["DATA_DIR"] = _data.Path;
        given.TryAdd("LOG_LEVEL", "CRITICAL");
        var start = StartSettings.Read(given, "http://127.0.0.1:0", AppContext.BaseDirectory);
        var builder = WebHostSetup.CreateBuilder(start, out var database);
        builder.AddHosting();
        builder.AddData(database);
        services?.Invoke(builder.Services);
        _app = builder.Build();
        _app.UseHosting();
        _app.UseManagementLimit();
        _app.MapHosting();
        map(_app);
    }

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public static async Task<BareServer> StartAsync(
        Action<WebApplication>? map = null, Action<IServiceCollection>? services = null, params (string Name, string Value)[] settings)
    {
        var server = new BareServer(map ?? (_ => { }), services, settings);
        await using (var scope = server._app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().PrepareAsync(CancellationToken.None);
        }

        await server._app.StartAsync();
        server.Client = new HttpClient { BaseAddress = new Uri(server._app.Urls.First()) };
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
    }
}
