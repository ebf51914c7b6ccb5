using System.Text;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Translation.Answers;

/// <summary>Gives a whole answer to a sink as the events that it would have been.</summary>
public static class AnswerReplay
{
    public static void Into(ModelAnswer answer, IAnswerSink sink)
    {
        sink.Start(new AnswerStart(answer.Id, answer.Model, answer.Created));
        var number = 0;
        foreach (var choice in answer.Choices)
        {
            foreach (var part in choice.Parts)
            {
                Replay(part, number++, choice.Index, sink);
            }

            sink.Finish(new AnswerFinish(choice.Index, choice.Finish, choice.StopSequence));
        }

        if (answer.Usage is { } usage)
        {
            sink.Usage(usage);
        }
    }

    private static void Replay(Part part, int number, int choice, IAnswerSink sink)
    {
        var (head, text, seal) = part switch
        {
            TextPart p => (new PartStart(number, choice, AnswerPartKind.Text), p.Text, null),
            RefusalPart p => (new PartStart(number, choice, AnswerPartKind.Refusal), p.Text, null),
            ToolCallPart p => (new PartStart(number, choice, AnswerPartKind.ToolCall) { Id = p.Id, Name = p.Name, IsCustom = p.IsCustom }, p.Arguments, p.Seal),
            ReasoningPart p => (new PartStart(number, choice, p.IsRedacted ? AnswerPartKind.RedactedReasoning : AnswerPartKind.Reasoning) { Id = p.Id ?? "" }, p.Text, p.Seal),
            _ => throw new ArgumentException($"An answer has no part of type {part.GetType().Name}.", nameof(part)),
        };
        sink.PartStart(head);
        if (text.Length > 0)
        {
            sink.Delta(number, Encoding.UTF8.GetBytes(text));
        }

        if (seal is not null)
        {
            sink.Seal(number, seal);
        }

        sink.PartEnd(number);
    }
}
