using System.Net;
using AIHigress.Gateway.Hosting.Redis;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.UnitTests.Hosting.Redis;

public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("redis://cache", "cache", 6379, 0, false)]
    [InlineData("redis://cache:7000", "cache", 7000, 0, false)]
    [InlineData("redis://cache:7000/", "cache", 7000, 0, false)]
    [InlineData("redis://cache/12", "cache", 6379, 12, false)]
    [InlineData("rediss://cache:6380/3", "cache", 6380, 3, true)]
    [InlineData(" redis://10.0.0.7:6379/0 ", "10.0.0.7", 6379, 0, false)]
    [InlineData("redis://[fd00::7]:6379/1", "fd00::7", 6379, 1, false)]
    public void Parse_HostPortDatabase_AreTaken(string url, string host, int port, int database, bool tls)
    {
        var options = RedisUrl.Parse(url, null);

        var found = Assert.Single(options.EndPoints) switch
        {
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            var other => (other.ToString() ?? "", 0),
        };
        Assert.Equal((host, port), found);
        Assert.Equal((database, tls), (options.DefaultDatabase, options.Ssl));
        Assert.False(options.AbortOnConnectFail);
    }

    [Theory]
    [InlineData("redis://cache/0", "other", null, "other")]
    [InlineData("redis://:s3cret@cache/0", "other", null, "s3cret")]
    [InlineData("redis://app:s3cret@cache/0", null, "app", "s3cret")]
    [InlineData("redis://app@cache/0", "other", "app", "other")]
    [InlineData("redis://app:@cache/0", "other", "app", "other")]
    [InlineData("redis://a%40b:p%3A%2F%23@cache/0", null, "a@b", "p:/#")]
    [InlineData("redis://cache/0", null, null, null)]
    public void Parse_Credentials_UrlWinsOverPassword(string url, string? given, string? user, string? password)
    {
        var options = RedisUrl.Parse(url, given);

        Assert.Equal((user, password), (options.User, options.Password));
    }

    [Theory]
    [InlineData("cache:6379", "redis://host:6379/0")]
    [InlineData("http://hunter2@cache", "redis://host:6379/0")]
    [InlineData("redis://", "redis://host:6379/0")]
    [InlineData("redis://:hunter2@cache:99999/0", "redis://host:6379/0")]
    [InlineData("redis://:hunter2@cache:0/0", "1 to 65535")]
    [InlineData("redis://:hunter2@cache/zero", "number of a database")]
    [InlineData("redis://:hunter2@cache/-1", "number of a database")]
    [InlineData("redis://:hunter2@cache/0?ssl=true", "no parameters")]
    [InlineData("redis://cache/0#hunter2", "no parameters")]
    public void Parse_NotUnderstood_NamesTheRuleAndNeverTheValue(string url, string rule)
    {
        var fault = Assert.Throws<SettingException>(() => RedisUrl.Parse(url, "hunter2"));

        Assert.Equal("REDIS_URL", fault.Setting);
        Assert.Contains(rule, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }
}
