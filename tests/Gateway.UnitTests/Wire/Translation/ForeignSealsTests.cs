using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>What another protocol's provider sealed leaves a request; everything else stays as it was sent.</summary>
public sealed class ForeignSealsTests
{
    private static readonly string Marked = new Seal(WireProtocol.Responses, "opaque") { Provider = "other" }.For(WireProtocol.Messages);

    [Theory]
    [InlineData(
        WireProtocol.Messages,
        """{"messages": [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"SEAL"},{"type":"tool_use","id":"x","input":{"n":1.50}}]}]}""",
        """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"x","input":{"n":1.50}}]}]}""")]
    [InlineData(
        WireProtocol.Messages,
        """{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"SEAL"},{"type":"redacted_thinking","data":"SEAL"}]},{"role":"user","content":"b"}]}""",
        """{"messages":[{"role":"user","content":"b"}]}""")]
    [InlineData(
        WireProtocol.Messages,
        """{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":""},{"type":"text","text":"a"}]},{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"SEAL"},{"type":"tool_use","id":"x","input":{"list":[{"signature":""}]}}]}]}""",
        """{"messages":[{"role":"assistant","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":[{"type":"tool_use","id":"x","input":{"list":[{"signature":""}]}}]}]}""")]
    [InlineData(
        WireProtocol.Responses,
        """{"input":[{"type":"reasoning","summary":[],"encrypted_content":"SEAL"},{"type":"function_call","call_id":"c"}]}""",
        """{"input":[{"type":"function_call","call_id":"c"}]}""")]
    [InlineData(
        WireProtocol.Gemini,
        """{"contents":[{"parts":[{"text":"t","thought":true,"thoughtSignature":"SEAL"},{"functionCall":{"name":"f"},"thoughtSignature":"SEAL"},{"text":"x","thought_signature":"SEAL"},{"text":"","thoughtSignature":"SEAL"}]}]}""",
        """{"contents":[{"parts":[{"functionCall":{"name":"f"},"thoughtSignature":"skip_thought_signature_validator"},{"text":"x"}]}]}""")]
    [InlineData(
        WireProtocol.Chat,
        """{"messages":[{"role":"assistant","content":"a","reasoning_details":[{"type":"reasoning.text","signature":"SEAL"}]}]}""",
        """{"messages":[{"role":"assistant","content":"a","reasoning_details":[]}]}""")]
    public void Remove_MarkedSeals_OnlyTheyLeave(WireProtocol client, string body, string left)
    {
        var removed = ForeignSeals.Remove(client, Encoding.UTF8.GetBytes(body.Replace("SEAL", Marked, StringComparison.Ordinal)));

        Assert.NotNull(removed);
        Assert.Equal(left, Encoding.UTF8.GetString(removed));
    }

    [Fact]
    public void Remove_SealsOfTheOwnProtocol_Stay()
    {
        var body = $$"""{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"{{Marked}}"},{"type":"thinking","thinking":"u","signature":"own+/="}]}]}""";

        var removed = ForeignSeals.Remove(WireProtocol.Messages, Encoding.UTF8.GetBytes(body));

        Assert.Equal("""{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"u","signature":"own+/="}]}]}""", Encoding.UTF8.GetString(removed!));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"YWloaWcu is how it begins"}]}""", true)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image","source":{"data":"YWloaWcuAAAA"}}]}]}""", true)]
    [InlineData("""{"messages":[{"role":"user","content":"hello"}]}""", false)]
    [InlineData("""{"messages":[{"signature":"YWloaWcu""", false)]
    public void Remove_NothingMarked_TheBodyMeansTheSame(string body, bool looked)
    {
        var removed = ForeignSeals.Remove(WireProtocol.Messages, Encoding.UTF8.GetBytes(body));

        Assert.Equal(looked ? body : null, removed is null ? null : Encoding.UTF8.GetString(removed));
    }
}
