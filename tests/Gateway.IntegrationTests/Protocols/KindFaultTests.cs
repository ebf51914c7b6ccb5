namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Every way in which a provider of one kind fails before content, with a healthy one of another kind behind it: no client notices.</summary>
public sealed class KindFaultTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    public static TheoryData<string, string, string> Faults
    {
        get
        {
            var faults = new TheoryData<string, string, string>();
            foreach (var kind in ProtocolModels.HelperOf.Keys)
            {
                foreach (var fault in ProtocolModels.Faults.Keys)
                {
                    faults.Add(fault, kind, "messages");
                    faults.Add(fault, kind, "gemini");
                }
            }

            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task FirstProviderFails_AnotherKindAnswers(string fault, string kind, string protocol)
    {
        var client = new ProtocolClient(protocol);
        foreach (var stream in Forms(fault, kind))
        {
            var reply = await World.Client.SendAsync(client.Ask(ProtocolModels.FaultOf(fault, kind, protocol), stream));

            Assert.True(reply.Status == 200, $"{(stream ? "stream" : "plain")}: {reply.Status} {reply.Body}");
            Assert.Equal(ProtocolWorld.SpareOf(ProtocolModels.HelperOf[kind]) + "/mock-ok", reply.ServedBy);
            var answer = client.Read(reply, stream);
            Assert.True(answer.EndedProperly);
            Assert.Contains("token1 token2", string.Concat(answer.Choices[0].Parts.Select(p => p.Text)), StringComparison.Ordinal);
            var row = await World.Logs.OneAsync(reply.RequestId);
            Assert.Equal((200, null, true), (row.Status, row.ErrorCode, row.Ok));
            Assert.Equal("ok", row.Attempts[^1].Category);
            if (fault is not ("limited" or "forbids") || stream == Forms(fault, kind)[0])
            {
                // A key that was limited or refused rests, so that the second request does not try it.
                Assert.Equal(2, row.Attempts.Count);
            }
        }
    }

    private static bool[] Forms(string fault, string kind) => fault switch
    {
        "half-json" => [false],
        // Gemini's streams have no event before the first word.
        "start-then-end" => kind == "gemini" ? [] : [true],
        _ => [false, true],
    };
}
