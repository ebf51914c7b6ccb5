namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

public sealed class FieldPathTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", "a", """{"b":2}""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", "a.b", """{"a":{"c":2}}""")]
    [InlineData("""{"a":[1,2]}""", "a[]", """{"a":[]}""")]
    [InlineData("""{"m":[{"role":"user","x":1},{"role":"tool","x":1}]}""", "m[user].x", """{"m":[{"role":"user"},{"role":"tool","x":1}]}""")]
    [InlineData("""{"m":[{"type":"a","c":[{"type":"t","v":1}]}]}""", "m[a].c[t]", """{"m":[{"type":"a","c":[]}]}""")]
    [InlineData("""{"choice":{"type":"tool","n":1}}""", "choice[tool]", "{}")]
    [InlineData("""{"choice":{"type":"auto","n":1}}""", "choice[tool]", """{"choice":{"type":"auto","n":1}}""")]
    [InlineData("""{"p":[{"d":{"mimeType":"image/png"}},{"d":{"mimeType":"application/pdf"}}]}""", "p[].d[pdf]", """{"p":[{"d":{"mimeType":"image/png"}},{}]}""")]
    public void Remove_Path_TakesOutWhatStandsThere(string body, string path, string rest) => Assert.Equal(rest, FieldPath.Remove(body, path));
}
