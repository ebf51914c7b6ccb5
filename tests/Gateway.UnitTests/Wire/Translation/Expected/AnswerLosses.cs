using System.Text;
using System.Text.Json;
using AIHigress.Gateway.UnitTests.Wire.Translation.Generators;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

/// <summary>What an answer loses, declared per protocol, when it is written for a client and read again as if it came from an upstream.</summary>
internal static class AnswerLosses
{
    /// <summary>Without what no answer of this protocol can hold.</summary>
    public static ModelAnswer Legal(WireProtocol protocol, ModelAnswer answer) => protocol switch
    {
        WireProtocol.Chat => answer,
        WireProtocol.Gemini => EachPart(answer, AsFunctionCall),
        WireProtocol.Responses => answer with { Choices = [answer.Choices[0]] },
        _ => EachPart(answer with { Choices = [answer.Choices[0]] }, AsFunctionCall),
    };

    /// <summary>The same for an answer that this protocol's own upstream could make: Anthropic seals no calls.</summary>
    public static ModelAnswer OfUpstream(WireProtocol protocol, ModelAnswer answer) => protocol == WireProtocol.Messages
        ? EachPart(Legal(protocol, answer), part => part is ToolCallPart call ? call with { Seal = null } : part)
        : Legal(protocol, answer);

    /// <summary>An answer written and read. Ids that the encoder makes are left empty.</summary>
    public static ModelAnswer Expected(WireProtocol protocol, ModelAnswer answer) =>
        Written(protocol, answer) with { Id = Prefix(protocol) is { Length: > 0 } prefix && answer.Id.StartsWith(prefix, StringComparison.Ordinal) ? answer.Id : "" };

    private static ModelAnswer Written(WireProtocol protocol, ModelAnswer answer) => protocol switch
    {
        WireProtocol.Chat => ChatAnswerLosses.Of(answer),
        WireProtocol.Responses => ResponsesAnswerLosses.Of(answer),
        WireProtocol.Messages => MessagesAnswerLosses.Of(answer),
        _ => GeminiAnswerLosses.Of(answer),
    };

    /// <summary>
    /// The order in which a whole answer stands. Chat's message has a fixed one. Messages shows the seal of a call in front of it as thoughts, but
    /// behind it when it came after the call had begun.
    /// </summary>
    public static ModelAnswer AsPlain(WireProtocol protocol, ModelAnswer answer) => protocol switch
    {
        WireProtocol.Chat => ChatAnswerLosses.InMessageOrder(answer),
        WireProtocol.Messages => MessagesAnswerLosses.SealsInFront(answer),
        _ => answer,
    };

    /// <summary>The same for what has been a stream: Chat's keeps its order.</summary>
    public static ModelAnswer AsStream(WireProtocol protocol, ModelAnswer answer) => protocol == WireProtocol.Chat ? answer : AsPlain(protocol, answer);

    /// <summary>Ids that the encoder had to make are not known here: they must be there and of the protocol's form.</summary>
    public static void AssertSame(WireProtocol protocol, ModelAnswer expected, ModelAnswer actual, ReadOnlySpan<byte> bytes)
    {
        var prefix = Prefix(protocol);
        Assert.StartsWith(prefix, actual.Id, StringComparison.Ordinal);
        Assert.NotEqual("", actual.Id);
        if (prefix.Length > 0 && expected.Id.StartsWith(prefix, StringComparison.Ordinal))
        {
            Assert.Equal(expected.Id, actual.Id);
        }

        var known = expected.Choices.SelectMany(c => c.Parts).OfType<ReasoningPart>().Select(p => p.Id).ToHashSet();
        actual = EachPart(actual, p => p is ReasoningPart { Id: { } id } made && !known.Contains(id) && id.StartsWith("rs_", StringComparison.Ordinal) ? made with { Id = null } : p);
        var differences = PathList.Differences(expected with { Id = "" }, actual with { Id = "" });
        Assert.True(differences.Count == 0, $"{string.Join("\n", differences)}\n--- expected\n{PathList.Show(expected)}\n--- got\n{PathList.Show(actual)}\n--- bytes\n{Encoding.UTF8.GetString(bytes)}");
    }

    public static ModelAnswer EachPart(ModelAnswer answer, Func<Part, Part?> change) => EachPart(answer, p => change(p) is { } changed ? [changed] : (Part[])[]);

    public static ModelAnswer EachPart(ModelAnswer answer, Func<Part, Part[]> change) =>
        answer with { Choices = [.. answer.Choices.Select(c => c with { Parts = [.. c.Parts.SelectMany(change)] })] };

    /// <summary>The seal as it comes back from a client of the protocol: marked with its provider where another protocol made it.</summary>
    public static Seal? Sealed(WireProtocol protocol, Seal? seal) =>
        seal is null ? null : Seal.From(protocol, (seal with { Provider = seal.Provider ?? CodecRun.Provider }).For(protocol));

    /// <summary>The seal as this protocol's decoder takes it from an upstream: its own, whatever is packed inside.</summary>
    public static Seal? Taken(WireProtocol protocol, Seal? seal) =>
        seal is null ? null : new Seal(protocol, (seal with { Provider = seal.Provider ?? CodecRun.Provider }).For(protocol));

    /// <summary>Calls of functions that stand for custom tools, as a client gets them that offered the tool.</summary>
    public static Part AsCustom(Part part)
    {
        if (part is not ToolCallPart { IsCustom: false } call || !call.Name.StartsWith(PartGen.CustomPrefix, StringComparison.Ordinal))
        {
            return part;
        }

        using var arguments = JsonDocument.Parse(call.Arguments);
        return call with { IsCustom = true, Arguments = arguments.RootElement.GetProperty("input").GetString()! };
    }

    /// <summary>For answers without an id, time or model of the upstream.</summary>
    public static ModelAnswer WithHead(ModelAnswer answer, bool hasTime) => answer with
    {
        Model = answer.Model.Length > 0 ? answer.Model : "m",
        Created = !hasTime ? 0 : answer.Created == 0 ? 1_770_000_000 : answer.Created,
    };

    public static ModelAnswer WithFinish(ModelAnswer answer, Func<FinishReason, FinishReason> change) =>
        answer with { Choices = [.. answer.Choices.Select(c => c with { Finish = change(c.Finish), StopSequence = null })] };

    /// <summary>A refusal without its words is a filter's cut to those who have no other word for it.</summary>
    public static ModelAnswer WithRefusalsSaid(ModelAnswer answer) => answer with
    {
        Choices = [.. answer.Choices.Select(c => c.Finish == FinishReason.Refusal && !c.Parts.Any(p => p is RefusalPart) ? c with { Finish = FinishReason.ContentFilter } : c)],
    };

    private static string Prefix(WireProtocol protocol) => protocol switch
    {
        WireProtocol.Chat => "chatcmpl-",
        WireProtocol.Responses => "resp_",
        WireProtocol.Messages => "msg_",
        _ => "",
    };

    // Custom tools are functions to this protocol.
    private static Part? AsFunctionCall(Part part) => part is ToolCallPart { IsCustom: true } call
        ? RequestLosses.AsFunction(call)
        : part;
}
