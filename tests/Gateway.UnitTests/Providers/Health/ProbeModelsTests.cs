using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health.Probing;

namespace AIHigress.Gateway.UnitTests.Providers.Health;

public sealed class ProbeModelsTests
{
    [Fact]
    public void Order_ByName_SmallChatModelsFirstAndNoOthersAtAll() =>
        Assert.Equal(["x-mini", "a-large", "z"], ProbeModels.Order([Model("z"), Model("text-embedding-3"), Model("x-mini"), Model("whisper-1"), Model("a-large")], null));

    [Fact]
    public void Order_WhatAnsweredLast_ComesFirst() =>
        Assert.Equal(["z", "x-mini"], ProbeModels.Order([Model("x-mini"), Model("z")], "z"));

    [Fact]
    public void Order_KnownCapabilities_BeatTheName() =>
        Assert.Equal(["image-talker"], ProbeModels.Order([Model("image-talker", "chat"), Model("a", "embedding")], null));

    private static ProviderModel Model(string id, params string[] capabilities) =>
        new() { ProviderId = "p", Model = id, Capabilities = capabilities.Length == 0 ? null : capabilities };
}
