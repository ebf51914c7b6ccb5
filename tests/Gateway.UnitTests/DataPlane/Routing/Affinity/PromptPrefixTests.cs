using System.Text;
using AIHigress.Gateway.DataPlane.Routing.Affinity;
using AIHigress.Wire;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing.Affinity;

public sealed class PromptPrefixTests
{
    private static readonly Guid User = Guid.Parse("00000000-0000-0000-0000-000000000001");

    /// <summary>Two requests that begin alike, and one that does not, of each protocol.</summary>
    public static TheoryData<WireProtocol, string, string, string> Requests => new()
    {
        {
            WireProtocol.Chat,
            """{"model":"a","messages":[{"role":"system","content":"You are kind."},{"role":"user","content":"Hello"}],"tools":[{"type":"function"}]}""",
            """{"tools":[{"type":"function"}],"messages":[{"role":"system","content":"You are kind."},{"role":"user","content":"Bye"},{"role":"system","content":"x"}],"stream":true}""",
            """{"model":"a","messages":[{"role":"system","content":"You are rude."},{"role":"user","content":"Hello"}],"tools":[{"type":"function"}]}"""
        },
        {
            WireProtocol.Chat,
            """{"messages":[{"content":"Terse.","role":"developer"},{"role":"user","content":[{"role":"system"}]}]}""",
            """{"messages":[{"content":"Terse.","role":"developer"},{"role":"user","content":"?"}],"n":1}""",
            """{"messages":[{"content":"Terse.","role":"developer"},{"role":"system","content":"And quick."},{"role":"user","content":"?"}]}"""
        },
        {
            WireProtocol.Responses,
            """{"instructions":"You are kind.","input":"Hello","tools":[{"type":"web_search"}]}""",
            """{"input":[{"role":"user","content":"Bye"}],"instructions":"You are kind.","tools":[{"type":"web_search"}]}""",
            """{"instructions":"You are kind.","input":[{"role":"developer","content":"Be brief."}],"tools":[{"type":"web_search"}]}"""
        },
        {
            WireProtocol.Messages,
            """{"system":[{"type":"text","text":"You are kind."}],"messages":[{"role":"user","content":"Hello"}]}""",
            """{"max_tokens":1,"system":[{"type":"text","text":"You are kind."}],"messages":[]}""",
            """{"system":[{"type":"text","text":"You are kind."}],"tools":[{"name":"f"}],"messages":[]}"""
        },
        {
            WireProtocol.Gemini,
            """{"systemInstruction":{"parts":[{"text":"Kind."}]},"contents":[{"parts":[{"text":"Hello"}]}]}""",
            """{"contents":[],"system_instruction":{"parts":[{"text":"Kind."}]}}""",
            """{"systemInstruction":{"parts":[{"text":"Rude."}]},"contents":[]}"""
        },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Digest_SameSystemPromptAndTools_IsTheSameWhateverFollows(WireProtocol protocol, string one, string alike, string other)
    {
        var digest = Digest(protocol, one);

        Assert.NotNull(digest);
        Assert.Equal(digest, Digest(protocol, alike));
        Assert.NotEqual(digest, Digest(protocol, other));
        Assert.NotNull(Digest(protocol, other));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void Digest_SamePromptOfAnotherUser_IsAnother(WireProtocol protocol, string one, string alike, string other)
    {
        foreach (var body in (string[])[one, alike, other])
        {
            Assert.NotEqual(Digest(protocol, body), PromptPrefix.DigestOf(protocol, Encoding.UTF8.GetBytes(body), Guid.NewGuid()));
        }
    }

    [Theory]
    [InlineData(WireProtocol.Chat, """{"messages":[{"role":"user","content":"Hello"},{"role":"system","content":"late"}]}""")]
    [InlineData(WireProtocol.Chat, """{"messages":[{"role":"user","content":"Hello"}],"tools":[]}""")]
    [InlineData(WireProtocol.Chat, """{"messages":[{"role":"user","content":{"tools":[1,2,3]}}],"tools":null}""")]
    [InlineData(WireProtocol.Messages, """{"system":"","messages":[]}""")]
    [InlineData(WireProtocol.Responses, """{"input":"Hello"}""")]
    [InlineData(WireProtocol.Chat, """{"messages":[{"role":"system","content":"cut""")]
    [InlineData(WireProtocol.Chat, """["tools"]""")]
    [InlineData(WireProtocol.Chat, "")]
    public void Digest_NothingToBeginWith_IsNone(WireProtocol protocol, string body) => Assert.Null(Digest(protocol, body));

    private static ulong? Digest(WireProtocol protocol, string body) => PromptPrefix.DigestOf(protocol, Encoding.UTF8.GetBytes(body), User);
}
