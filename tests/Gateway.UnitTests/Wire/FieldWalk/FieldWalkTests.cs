using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AIHigress.Gateway.UnitTests.Wire.Translation;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Losses;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>Every field of every protocol goes to every other one, and what becomes of it is what its table says.</summary>
public sealed class FieldWalkTests
{
    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Samples_EveryRule_HasOneAndNoneIsWithoutRule(WireProtocol client)
    {
        var rules = CodecsUnderTest.Of(client).Fields.Rules.Select(r => r.Path).ToHashSet();
        var samples = FieldSamples.Of(client).Select(s => s.Path).ToHashSet();

        Assert.Empty(rules.Except(samples));
        Assert.Empty(samples.Except(rules));
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.Each), MemberType = typeof(CodecsUnderTest))]
    public void Samples_EveryBody_IsSeenByItsRuleAndUsesNothingUnknown(WireProtocol client)
    {
        var codec = CodecsUnderTest.Of(client);
        var faults = new List<string>();
        foreach (var sample in FieldSamples.Of(client))
        {
            var used = codec.Fields.Find(Encoding.UTF8.GetBytes(sample.Body));
            if (used.Rules.All(r => r.Path != sample.Path))
            {
                faults.Add($"{sample.Path} is not seen in {sample.Body}");
            }

            faults.AddRange(used.Unknown.Select(path => $"{sample.Path}: {path} is unknown"));

            // Kinds that nobody knows are refused by the reader.
            if (!sample.Path.EndsWith("[*]", StringComparison.Ordinal) && TryRead(codec, sample.Body, out var refusal) is null)
            {
                faults.Add($"{sample.Path}: {refusal}");
            }
        }

        Assert.Empty(faults);
    }

    [Theory]
    [MemberData(nameof(CodecsUnderTest.OtherPairs), MemberType = typeof(CodecsUnderTest))]
    public void Field_OverEachTarget_HasTheFateOfItsRule(WireProtocol client, WireProtocol target)
    {
        var (from, to) = (CodecsUnderTest.Of(client), CodecsUnderTest.Of(target));
        var rules = from.Fields.Rules.ToDictionary(r => r.Path);
        var faults = new List<string>();
        foreach (var sample in FieldSamples.Of(client).Where(s => rules.ContainsKey(s.Path)))
        {
            faults.AddRange(Faults(from, to, rules[sample.Path], sample).Select(fault => $"{sample.Path}: {fault}"));
        }

        Assert.True(faults.Count == 0, $"{faults.Count} faults:\n{string.Join("\n", faults)}");
    }

    [Theory]
    [InlineData(WireProtocol.Chat, """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}""", "messages.0.content.0")]
    [InlineData(WireProtocol.Responses, """{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]}""", "input.0.content.0")]
    [InlineData(WireProtocol.Messages, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}""", "messages.0.content.0")]
    [InlineData(WireProtocol.Gemini, """{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}""", "contents.0.parts.0")]
    public void UnknownMember_Anywhere_IsDroppedAndNamed(WireProtocol client, string body, string place)
    {
        var codec = CodecsUnderTest.Of(client);
        var root = JsonNode.Parse(body)!;
        var inner = place.Split('.').Aggregate(root, (node, step) => int.TryParse(step, out var i) ? node[i]! : node[step]!);
        root["x_top"] = "marker-1";
        inner["x_inner"] = "marker-2";

        var used = codec.Fields.Find(Encoding.UTF8.GetBytes(root.ToJsonString()));

        Assert.Equal(2, used.Unknown.Count);
        Assert.Contains("x_top", used.Unknown);
        Assert.Contains(used.Unknown, path => path.EndsWith(".x_inner", StringComparison.Ordinal));
        foreach (var to in CodecsUnderTest.All.Where(c => c.Protocol != client))
        {
            Assert.Equal(used.Unknown, used.To(to.Protocol).Dropped);
            Assert.Empty(used.To(to.Protocol).Refused);
            Assert.DoesNotContain("marker-", Encode(to, codec.ReadRequest(Encoding.UTF8.GetBytes(root.ToJsonString()))), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(WireProtocol.Chat, """{"model":"m","messages":[{"role":"user","content":[{"type":"hologram","hologram":{}}]}]}""", "messages[0].content[0]")]
    [InlineData(WireProtocol.Chat, """{"model":"m","messages":[{"role":"oracle","content":"x"}]}""", "messages[0].role")]
    [InlineData(WireProtocol.Responses, """{"model":"m","input":[{"role":"user","content":[{"type":"hologram"}]}]}""", "input[0].content[0]")]
    [InlineData(WireProtocol.Responses, """{"model":"m","input":[{"type":"hologram"}]}""", "input[0]")]
    [InlineData(WireProtocol.Responses, """{"model":"m","input":[{"role":"oracle","content":"x"}]}""", "input[0].role")]
    [InlineData(WireProtocol.Messages, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"hologram"}]}]}""", "messages[0].content[0]")]
    [InlineData(WireProtocol.Messages, """{"model":"m","max_tokens":9,"messages":[{"role":"oracle","content":"x"}]}""", "messages[0].role")]
    [InlineData(WireProtocol.Gemini, """{"contents":[{"role":"user","parts":[{"hologram":{}}]}]}""", "contents[0].parts[0]")]
    [InlineData(WireProtocol.Gemini, """{"contents":[{"role":"oracle","parts":[{"text":"x"}]}]}""", "contents[0].role")]
    public void UnknownKind_OfPartOrRole_IsRefusedWithItsPath(WireProtocol client, string body, string path)
    {
        var codec = CodecsUnderTest.Of(client);

        var refusal = Assert.Throws<WireFormatException>(() => codec.ReadRequest(Encoding.UTF8.GetBytes(body)));

        Assert.Equal(WireFormatException.InvalidRequest, refusal.Code);
        Assert.StartsWith(path, refusal.Param, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WireProtocol.Chat, """{"model":"m","messages":[{"role":"user","content":[{"type":"hologram","hologram":{}}]}]}""")]
    [InlineData(WireProtocol.Responses, """{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"hologram"}]}]}""")]
    [InlineData(WireProtocol.Messages, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"hologram"}]}]}""")]
    [InlineData(WireProtocol.Gemini, """{"contents":[{"role":"user","parts":[{"hologram":{}}]}]}""")]
    public void UnknownKind_OfPart_IsRefusedByTheTableOverEveryOtherTarget(WireProtocol client, string body)
    {
        var used = CodecsUnderTest.Of(client).Fields.Find(Encoding.UTF8.GetBytes(body));

        Assert.All(Enum.GetValues<WireProtocol>().Where(p => p != client), target => Assert.NotEmpty(used.To(target).Refused));
    }

    private static IEnumerable<string> Faults(ProtocolCodec from, ProtocolCodec to, FieldRule rule, FieldSample sample)
    {
        var losses = from.Fields.Find(Encoding.UTF8.GetBytes(sample.Body)).To(to.Protocol);
        var fate = rule.To(to.Protocol);
        if (losses.Dropped.Contains(rule.Path) != (fate == Fate.Dropped) || losses.Refused.Contains(rule.Path) != (fate == Fate.Refused))
        {
            yield return $"is {fate} and listed otherwise";
        }

        // What a table refuses never gets to an encoder; and a body that its own codec does not read is a fault of its own test.
        if (losses.Refused.Count > 0 || TryRead(from, sample.Body, out _) is not { } request)
        {
            yield break;
        }

        var (marker, body) = (sample.MarkerFor(to.Protocol), Encode(to, request));
        if (marker.Length > 0 && body.Contains(marker, StringComparison.Ordinal) != (fate == Fate.Carried))
        {
            yield return $"is {fate}; '{marker}' {(fate == Fate.Carried ? "is missing" : "stands")} in {body}";
        }

        if (marker.Length > 0 && fate == Fate.Carried && TryRead(from, FieldPath.Remove(sample.Body, rule.Path), out _) is { } control
            && Encode(to, control) is var without && without.Contains(marker, StringComparison.Ordinal))
        {
            yield return $"'{marker}' stands without the field too, in {without}";
        }
    }

    private static ModelRequest? TryRead(ProtocolCodec codec, string body, out string? refusal)
    {
        try
        {
            refusal = null;
            return codec.ReadRequest(Encoding.UTF8.GetBytes(body));
        }
        catch (WireFormatException e)
        {
            refusal = e.Message;
            return null;
        }
    }

    private static string Encode(ProtocolCodec to, ModelRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        to.WriteRequest(request, new RequestTarget(request.Model, request.Stream), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
