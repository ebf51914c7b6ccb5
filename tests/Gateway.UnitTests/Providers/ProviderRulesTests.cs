using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Features.Providers.Keys;

namespace AIHigress.Gateway.UnitTests.Providers;

public sealed class ProviderRulesTests
{
    private static readonly CreateProvider Good = new() { Name = "A provider", BaseUrl = "https://host.test" };

    [Fact]
    public void Check_GoodProvider_NoFault() => Assert.Empty(Faults(Good));

    [Theory]
    [InlineData("Authorization", "x")]
    [InlineData("x-api-key", "x")]
    [InlineData("X-Auth-Token", "x")]
    [InlineData("Ocp-Apim-Subscription-Key", "x")]
    [InlineData("Cookie", "a=b")]
    [InlineData("X-Team", "Bearer abc")]
    [InlineData("X-Team", "sk-abc")]
    public void Check_HeaderThatCarriesACredential_Refused(string name, string value) =>
        Assert.Equal("credential", Assert.Single(Faults(Good with { Headers = new() { [name] = value } })).Problem.Code);

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("X-Forwarded-For")]
    [InlineData("Proxy-Connection")]
    public void Check_HeaderThatTheGatewaySets_Refused(string name) =>
        Assert.Equal("reserved", Assert.Single(Faults(Good with { Headers = new() { [name] = "x" } })).Problem.Code);

    [Theory]
    [InlineData("X-Team", "a\r\nX-Evil: 1")]
    [InlineData("X-Team", "ü")]
    [InlineData("X Team", "a")]
    [InlineData("X-Team:", "a")]
    public void Check_HeaderThatWouldBreakARequest_Refused(string name, string value) =>
        Assert.Single(Faults(Good with { Headers = new() { [name] = value } }));

    [Fact]
    public void Check_QueryWithKey_Refused() =>
        Assert.Equal("query.api_key", Assert.Single(Faults(Good with { Query = new() { ["api_key"] = "x" } })).Path);

    [Theory]
    [InlineData("chat_completions", "/v2/chat", true)]
    [InlineData("chat_completions", "v2/chat", false)]
    [InlineData("chat_completions", "/a/../b", false)]
    [InlineData("chat_completions", "/a?b=c", false)]
    [InlineData("something", "/a", false)]
    public void Check_Path_Judged(string operation, string path, bool good) =>
        Assert.Equal(good, Faults(Good with { Paths = new() { [operation] = path } }).Count == 0);

    [Theory]
    [InlineData(ProviderAuthStyle.Bearer, null, true)]
    [InlineData(ProviderAuthStyle.None, null, true)]
    [InlineData(ProviderAuthStyle.Header, "x-api-key", true)]
    [InlineData(ProviderAuthStyle.Query, "key", true)]
    [InlineData(ProviderAuthStyle.Header, null, false)]
    [InlineData(ProviderAuthStyle.Bearer, "x", false)]
    [InlineData(ProviderAuthStyle.Header, "host", false)]
    public void Check_Auth_Judged(ProviderAuthStyle style, string? name, bool good) =>
        Assert.Equal(good, Faults(Good with { Auth = new ProviderAuth(style, name) }).Count == 0);

    [Fact]
    public void Check_ManyFaults_EachIsNamed()
    {
        var input = Good with
        {
            Id = "Bad Id",
            Name = " ",
            Kind = "telepathy",
            Weight = 1001,
            Timeouts = new ProviderTimeouts(ConnectMs: 1),
            RetryableStatusCodes = [200],
            Models = ["a", "a", "b c"],
            Keys = [new NewProviderKey { Label = "l", Key = "k1", Weight = 0.05 }, new NewProviderKey { Label = "l", Key = "k1" }],
        };

        Assert.Equal(
            ["id", "keys[0].weight", "keys[1].key", "keys[1].label", "kind", "models[1]", "models[2]", "name", "retryable_status_codes[0]", "timeouts.connect_ms", "weight"],
            Faults(input).Select(f => f.Path));
    }

    [Theory]
    [InlineData("sk-0123456789abcdef", "cdef")]
    [InlineData("short", "")]
    [InlineData("elevenchars", "")]
    public void Hint_Secret_TellsFourCharactersOfALongOneOnly(string secret, string hint) => Assert.Equal(hint, KeyRules.Hint(secret));

    private static List<(string Path, AIHigress.Gateway.Hosting.Errors.FieldProblem Problem)> Faults(CreateProvider input)
    {
        var errors = new FieldErrors();
        ProviderRules.Id(input.Id, errors);
        ProviderRules.Check(input, errors);
        KeyRules.Check(input.Keys, errors);
        return [.. errors.All];
    }
}
