using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Providers;

namespace AIHigress.Gateway.IntegrationTests.Routing;

[Collection(RoutingGateway.Name)]
public sealed class AffinityTests(RoutingGateway gateway)
{
    private static readonly string[] Prompts = [.. Enumerable.Range(0, 12).Select(i => $"You are assistant number {i}.")];

    [Fact]
    public async Task Prefix_SamePrompt_StaysAtOneUpstreamAndPromptsSpread()
    {
        var model = await ModelAsync();

        var first = await PlacesAsync(model, null, "Hello");
        var second = await PlacesAsync(model, null, "Something else");

        Assert.Equal(first, second);
        Assert.InRange(first.Distinct().Count(), 2, 3);
    }

    [Fact]
    public async Task Prefix_TwoUsersWithTheSamePrompts_ArePlacedWithoutRegardToEachOther()
    {
        var model = await ModelAsync();
        var stranger = await RoutingGateway.NewKeyAsync((await gateway.AddSignedInUserAsync()).Api);

        var own = await PlacesAsync(model, null, "Hello");
        var other = await PlacesAsync(model, stranger, "Hello");

        // Twelve prompts over three upstreams: to agree in all by chance happens once in half a million.
        Assert.NotEqual(own, other);
        Assert.Equal(other, await PlacesAsync(model, stranger, "Bye"));
        Assert.Equal(own, await PlacesAsync(model, null, "Bye"));
    }

    [Fact]
    public async Task Prefix_NoSystemPromptAndNoTools_GoesByTheStrategy()
    {
        var model = await ModelAsync();

        var firsts = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            firsts.Add((await gateway.Traffic.AskAsync(model))[0]);
        }

        Assert.Equal(3, firsts.Count);
    }

    private async Task<IReadOnlyList<string>> PlacesAsync(string model, string? key, string question)
    {
        var places = new List<string>();
        foreach (var prompt in Prompts)
        {
            var body = JsonSerializer.Serialize(new
            {
                model,
                messages = new[] { new { role = "system", content = prompt }, new { role = "user", content = question } },
            });
            places.Add((await gateway.Traffic.AskAsync(model, body: body, otherKey: key))[0]);
        }

        return places;
    }

    private async Task<string> ModelAsync()
    {
        var admin = await gateway.AdminAsync();
        var names = Enumerable.Range(0, 3).Select(_ => UpstreamGateway.NewName("cache")).ToList();
        foreach (var name in names)
        {
            (await gateway.AddProviderAsync(admin, name, name)).MustBe(201);
            gateway.Traffic.Is(name, 0.1);
        }

        return await gateway.AddModelAsync("weighted", [.. names.Select(n => (n, 1))], affinity: "prefix");
    }
}
