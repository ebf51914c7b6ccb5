namespace AIHigress.TestKit.Grammar.Chat;

/// <summary>A plain completion, or the error in its place.</summary>
internal static class ChatBody
{
    public static SeenAnswer Read(Node body)
    {
        if (body.Has("error"))
        {
            body.Require(!body.Has("choices"), "error-shape");
            return new SeenAnswer { Error = OpenAIErrorShape.Read(body) };
        }

        ChatShape.CheckHead(body, "chat.completion");
        var choices = body.Array("choices").Items().Select(ReadChoice).ToList();
        body.Require(choices.Count > 0, "choices-empty");
        return new SeenAnswer
        {
            Id = body.Text("id"),
            Model = body.Text("model"),
            Choices = choices,
            Usage = ChatShape.ReadUsage(body),
            EndedProperly = true,
        };
    }

    private static SeenChoice ReadChoice(Node choice, int position)
    {
        choice.Require(choice.Count("index") == position, "choice-index");
        var message = choice.Object("message");
        message.Is("role", "assistant", "role");
        message.Member("content");
        var calls = message.Has("tool_calls") ? ReadCalls(message.Array("tool_calls")) : [];
        var finish = choice.Text("finish_reason", "finish-reason");
        ChatShape.CheckFinish(choice, finish, calls);
        var reasoning = ChatShape.ReasoningMembers.Select(name => message.TextOrNull(name)).FirstOrDefault(text => text is not null);
        return new SeenChoice(position, finish, ChatShape.Parts(reasoning, message.TextOrNull("content"), message.TextOrNull("refusal"), calls));
    }

    private static List<SeenPart> ReadCalls(Node list)
    {
        var calls = list.Items().Select(ReadCall).ToList();
        list.Require(calls.Count > 0, "tool-calls-empty");
        list.Require(calls.DistinctBy(c => c.Id).Count() == calls.Count, "tool-id");
        return calls;
    }

    private static SeenPart ReadCall(Node call)
    {
        call.Is("type", "function", "tool-type");
        var function = call.Object("function", "tool-first");
        return new SeenPart(SeenKind.ToolCall, function.Text("arguments", "tool-first"), call.Name("id", "tool-first"), function.Name("name", "tool-first"));
    }
}
