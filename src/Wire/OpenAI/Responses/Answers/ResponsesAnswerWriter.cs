using System.Buffers;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>Writes a whole answer as a response object.</summary>
internal static class ResponsesAnswerWriter
{
    public static void Write(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output)
    {
        var collected = new Collector(context);
        AnswerReplay.Into(answer, collected);
        var finish = answer.Choices.FirstOrDefault(c => c.Index == 0)?.Finish ?? FinishReason.Stop;
        var reason = ResponsesFinish.IncompleteReason(finish, collected.Output.HasRefusal);
        using var json = JsonOut.NewWriter(output);
        new ResponseObject(context, new AnswerStart(answer.Id, answer.Model, answer.Created))
            .Write(json, reason is null ? "completed" : "incomplete", collected.Output.Items, answer.Usage, reason);
        json.Flush();
    }

    private sealed class Collector(AnswerContext context) : IAnswerSink
    {
        public ResponseOutput Output { get; } = new(context);

        public void Start(in AnswerStart start)
        {
        }

        public void PartStart(in PartStart part)
        {
            Output.TakeMessage(part.Kind);
            if (Output.Begin(part) is { Item: { IsAnnounced: false, Kind: not OutputItemKind.ShellCall } item })
            {
                Output.Announce(item);
                item.IsDone = true;
            }
        }

        public void Delta(int part, ReadOnlySpan<byte> text)
        {
            if (Output.Find(part) is { } open)
            {
                open.Text.Write(open.Wrapped is { } wrapped ? wrapped.Add(text) : text);
            }
        }

        public void Seal(int part, Seal seal)
        {
            if (Output.Find(part) is not { } open)
            {
                return;
            }

            if (open.Kind != AnswerPartKind.ToolCall)
            {
                Output.Seal(open, seal);
            }
            else if (Output.NewCallSeal(open.Item, seal) is { } item)
            {
                Output.Announce(item);
                item.IsDone = true;
            }
        }

        public void PartEnd(int part)
        {
            if (Output.Find(part) is not { } open)
            {
                return;
            }

            open.IsOpen = false;
            open.Text.Write(open.Wrapped is { } wrapped ? wrapped.Complete() : []);
            if (!open.Item.IsAnnounced)
            {
                open.Item.Kind = LocalShell.IsAction(open.Text.WrittenMemory) ? OutputItemKind.ShellCall : OutputItemKind.FunctionCall;
                Output.Announce(open.Item);
                open.Item.IsDone = true;
            }
        }

        public void Usage(in TokenUsage usage)
        {
        }

        public void Finish(in AnswerFinish finish)
        {
        }

        public void Ping()
        {
        }
    }
}
