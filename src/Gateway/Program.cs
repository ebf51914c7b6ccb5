using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.Features.Administration;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Responses;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.Hosting;
using AIHigress.Gateway.Hosting.Commands;
using AIHigress.Gateway.Hosting.Settings;

return await CommandLine.RunAsync(args, Build);

static WebApplication Build(StartSettings settings)
{
    var builder = WebHostSetup.CreateBuilder(settings, out var database);
    builder.AddHosting();
    builder.AddData(database);
    builder.AddIdentity();
    builder.AddProviders();
    builder.AddModels();
    builder.AddUsage();
    builder.AddResponses();
    builder.AddAdministration();
    builder.AddDataPlane();
    DesignTime.KeepStill(builder.Services);

    var app = builder.Build();
    app.UseHosting();
    app.UseIdentity();
    app.UseManagementLimit();

    app.MapHosting();
    app.MapIdentity();
    app.MapProviders();
    app.MapModels();
    app.MapUsage();
    app.MapAdministration();
    app.MapDataPlane();
    return app;
}
