using System.Text.Json.Nodes;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Hosting;

public sealed class OpenApiTests(SqliteGateway gateway) : IClassFixture<SqliteGateway>
{
    [Fact]
    public async Task Document_Served_IsTheCommittedOne()
    {
        using var client = gateway.CreateClient();
        var served = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"));
        var committed = JsonNode.Parse(await File.ReadAllTextAsync(Repository.File("docs/api/openapi.json")));

        Assert.True(JsonNode.DeepEquals(committed, served), "docs/api/openapi.json is not what the server serves: build src/Gateway and commit it");
    }

    [Fact]
    public async Task Document_EveryOperation_HasNameSummaryAndTag()
    {
        using var client = gateway.CreateClient();
        var document = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!;
        var operations = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => (Path: $"{o.Key} {p.Key}", Body: o.Value!))).ToList();

        Assert.NotEmpty(operations);
        Assert.All(operations, operation =>
        {
            Assert.True(operation.Body["operationId"] is not null, $"{operation.Path} has no WithName");
            Assert.True(operation.Body["summary"] is not null, $"{operation.Path} has no WithSummary");
            Assert.True(operation.Body["tags"] is JsonArray { Count: > 0 }, $"{operation.Path} has no WithTags");
        });
    }
}
