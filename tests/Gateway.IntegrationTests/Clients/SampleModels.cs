using AIHigress.TestKit;
using YamlDotNet.RepresentationModel;

namespace AIHigress.Gateway.IntegrationTests.Clients;

/// <summary>A logical model of a sample's gateway.yaml; its id is also the name of the upstream model in tests.</summary>
public sealed record SampleModel(string Id, IReadOnlyList<string> Aliases);

/// <summary>What a sample tells its users to declare is what the tests declare.</summary>
internal static class SampleModels
{
    public static IReadOnlyList<SampleModel> Of(string sample)
    {
        using var text = new StreamReader(Repository.File($"samples/{sample}/gateway.yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        var models = (YamlSequenceNode)yaml.Documents[0].RootNode["logical_models"];
        return [.. models.Cast<YamlMappingNode>().Select(m => new SampleModel(m["id"].ToString(), Names(m)))];
    }

    private static IReadOnlyList<string> Names(YamlMappingNode model) => model.Children.TryGetValue("aliases", out var aliases)
        ? [.. ((YamlSequenceNode)aliases).Select(alias => alias.ToString())]
        : [];
}
