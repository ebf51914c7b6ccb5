namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>The headers by which clients ask for a version or a beta of their protocol. What of them an upstream gets is its adapter's choice.</summary>
internal sealed record ClientBetas(string? AnthropicVersion, IReadOnlyList<string> Anthropic, IReadOnlyList<string> OpenAI)
{
    public static readonly ClientBetas None = new(null, [], []);

    private const int MostValues = 50;

    public static ClientBetas Read(IHeaderDictionary headers)
    {
        var version = headers["anthropic-version"].ToString();
        var anthropic = Split(headers["anthropic-beta"].ToString());
        var openai = Split(headers["openai-beta"].ToString());
        return version.Length == 0 && anthropic.Length == 0 && openai.Length == 0
            ? None
            : new ClientBetas(version.Length > 0 ? version : null, anthropic, openai);
    }

    private static string[] Split(string value) => value.Length == 0
        ? []
        : [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MostValues)];
}
