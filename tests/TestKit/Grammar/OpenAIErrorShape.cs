namespace AIHigress.TestKit.Grammar;

/// <summary>The error member of OpenAI's bodies and chat chunks: message and type are words, param and code may be null.</summary>
internal static class OpenAIErrorShape
{
    public static SeenError Read(Node body)
    {
        const string rule = "error-shape";
        var error = body.Object("error", rule);
        if (error.Has("code"))
        {
            var code = error.Member("code");
            code.Require(code.Kind is System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Number, rule);
        }

        error.TextOrNull("param", rule);
        return new SeenError(error.Name("type", rule), error.Has("code") ? error.Member("code").Value.ToString() : null, error.Name("message", rule));
    }
}
