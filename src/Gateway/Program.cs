using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.Features.Administration;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Usage;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddIdentity();
builder.AddProviders();
builder.AddModels();
builder.AddUsage();
builder.AddAdministration();
builder.AddDataPlane();

var app = builder.Build();

app.MapIdentity();
app.MapProviders();
app.MapModels();
app.MapUsage();
app.MapAdministration();
app.MapDataPlane();

await app.RunAsync();
