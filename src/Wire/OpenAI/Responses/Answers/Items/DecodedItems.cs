using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Answers.Items;

/// <summary>The items of an upstream's stream, by their place in the output, and what becomes of them for the sink.</summary>
internal sealed partial class DecodedItems
{
    private readonly Dictionary<int, DecodedItem> _items = [];
    private readonly List<DecodedPart> _parts = [];
    private readonly Dictionary<string, Seal> _callSeals = [];
    private readonly Dictionary<string, int> _openCalls = [];
    private int _last = -1;

    public bool IsEmpty => _items.Count == 0;

    public bool HasCalls { get; private set; }

    public bool HasRefusal { get; private set; }

    public void Add(int index, ReadOnlyMemory<byte> json, IAnswerSink sink)
    {
        using var document = JsonTree.TryParse(json);
        if (document is not null)
        {
            Add(index < 0 ? _last + 1 : index, document.RootElement, sink);
        }
    }

    public void AddContent(int index, int contentIndex, ReadOnlyMemory<byte> json, IAnswerSink sink)
    {
        using var document = JsonTree.TryParse(json);
        var kind = document is null ? null : OutputItemReader.Text(document.RootElement, "type");
        if (kind is "output_text" or "refusal" && MessageAt(index) is { IsDone: false, Type: "message" } item && !item.Parts.ContainsKey(contentIndex))
        {
            Begin(item, contentIndex, new PartStart(_parts.Count, 0, kind == "refusal" ? AnswerPartKind.Refusal : AnswerPartKind.Text), sink);
        }
    }

    public void EndContent(int index, int contentIndex, IAnswerSink sink)
    {
        if (Find(index) is { Type: "message" } item && item.Parts.TryGetValue(contentIndex, out var part))
        {
            End(part, sink);
        }
    }

    public void AddText(in ResponsesEvent ev, ReadOnlySpan<byte> text, IAnswerSink sink)
    {
        switch (ev.Kind)
        {
            case ResponsesEventKind.TextDelta or ResponsesEventKind.TextDone:
                AddContentText(ev, AnswerPartKind.Text, ev.Kind == ResponsesEventKind.TextDone, text, sink);
                break;
            case ResponsesEventKind.RefusalDelta or ResponsesEventKind.RefusalDone:
                AddContentText(ev, AnswerPartKind.Refusal, ev.Kind == ResponsesEventKind.RefusalDone, text, sink);
                break;
            case ResponsesEventKind.SummaryDelta or ResponsesEventKind.SummaryDone:
                AddThought(ev, ResponsesEventKind.SummaryDelta, text, sink);
                break;
            case ResponsesEventKind.ThoughtDelta or ResponsesEventKind.ThoughtDone:
                AddThought(ev, ResponsesEventKind.ThoughtDelta, text, sink);
                break;
            default:
                AddArguments(ev, text, sink);
                break;
        }
    }

    /// <summary>The item as a whole: what has not come before is given now.</summary>
    public void End(int index, ReadOnlyMemory<byte> json, IAnswerSink sink)
    {
        using var document = JsonTree.TryParse(json);
        var item = document is not null && Find(index) is { IsDone: false } known && known.Type == OutputItemReader.Text(document.RootElement, "type") ? known : null;
        if (document is not null && item is null && !IsRepeated(index, document.RootElement))
        {
            item = Add(index < 0 ? _last + 1 : index, document.RootElement, sink);
        }

        if (document is null || item is null)
        {
            return;
        }

        GiveMissing(item, document.RootElement, sink);
        End(item, sink);
    }

    /// <summary>The whole output of a stream without items.</summary>
    public void AddWhole(ReadOnlyMemory<byte> output, IAnswerSink sink)
    {
        using var document = JsonTree.TryParse(output);
        if (document is null)
        {
            return;
        }

        foreach (var element in document.RootElement.EnumerateArray())
        {
            var item = Add(_last + 1, element, sink);
            GiveMissing(item, element, sink);
            End(item, sink);
        }
    }

    public void EndAll(IAnswerSink sink)
    {
        foreach (var part in _parts)
        {
            End(part, sink);
        }
    }

    private DecodedItem Add(int index, JsonElement element, IAnswerSink sink)
    {
        var type = OutputItemReader.Text(element, "type") ?? "";
        var call = type is "function_call" or "custom_tool_call" or "local_shell_call" ? OutputItemReader.ReadCall(element) : null;
        if (_items.TryGetValue(index, out var known) && !known.IsDone && known.Type == type && known.CallId == (call?.Id ?? ""))
        {
            return known;
        }

        var item = new DecodedItem(type, call?.Id ?? "");
        _items[index] = item;
        _last = index;
        if (call is not null)
        {
            BeginCall(item, call, sink);
        }
        else if (type == "reasoning" && OutputItemReader.ReadReasoning(element, _callSeals) is { } thoughts)
        {
            var kind = thoughts.IsRedacted ? AnswerPartKind.RedactedReasoning : AnswerPartKind.Reasoning;
            Begin(item, 0, new PartStart(_parts.Count, 0, kind) { Id = thoughts.Id ?? "" }, sink);
        }

        GiveCallSeals(sink);
        return item;
    }

    private void BeginCall(DecodedItem item, ToolCallPart call, IAnswerSink sink)
    {
        HasCalls = true;
        var part = Begin(item, 0, new PartStart(_parts.Count, 0, AnswerPartKind.ToolCall) { Id = call.Id, Name = call.Name, IsCustom = call.IsCustom }, sink);
        _openCalls[call.Id] = part.Number;
    }

    private void GiveMissing(DecodedItem item, JsonElement element, IAnswerSink sink)
    {
        if (item.Type == "message")
        {
            var contentIndex = 0;
            foreach (var part in OutputItemReader.Read(element, _callSeals))
            {
                var (kind, text) = part is RefusalPart refusal ? (AnswerPartKind.Refusal, refusal.Text) : (AnswerPartKind.Text, ((TextPart)part).Text);
                var open = item.Parts.GetValueOrDefault(contentIndex) ?? Begin(item, contentIndex, new PartStart(_parts.Count, 0, kind), sink);
                GiveWhole(open, text, sink);
                contentIndex++;
            }
        }
        else if (item.Parts.GetValueOrDefault(0) is { Kind: AnswerPartKind.ToolCall } call)
        {
            GiveWhole(call, OutputItemReader.ReadCall(element).Arguments, sink);
        }
        else if (item.Parts.GetValueOrDefault(0) is { IsOpen: true } thoughts && OutputItemReader.ReadReasoning(element, _callSeals) is { } whole)
        {
            GiveWhole(thoughts, whole.Text, sink);
            if (whole.Seal is { } seal)
            {
                sink.Seal(thoughts.Number, seal);
            }
        }
    }

    private static void GiveWhole(DecodedPart part, string text, IAnswerSink sink)
    {
        if (part.IsOpen && !part.HasText)
        {
            Give(part, Encoding.UTF8.GetBytes(text), sink);
        }
    }

    private void AddContentText(in ResponsesEvent ev, AnswerPartKind kind, bool isWhole, ReadOnlySpan<byte> text, IAnswerSink sink)
    {
        if (MessageAt(ev.OutputIndex) is not { IsDone: false, Type: "message" } item)
        {
            return;
        }

        var part = item.Parts.GetValueOrDefault(ev.Index) ?? Begin(item, ev.Index, new PartStart(_parts.Count, 0, kind), sink);
        if (part.IsOpen && !(isWhole && part.HasText))
        {
            Give(part, text, sink);
        }

        if (isWhole)
        {
            End(part, sink);
        }
    }

    private void AddThought(in ResponsesEvent ev, ResponsesEventKind section, ReadOnlySpan<byte> text, IAnswerSink sink)
    {
        if (Find(ev.OutputIndex) is not { IsDone: false, Type: "reasoning" } item || item.Parts.GetValueOrDefault(0) is not { IsOpen: true } part || text.IsEmpty)
        {
            return;
        }

        // The whole of a section that has spoken, or a second telling of the same thoughts.
        var isSame = part.Section == (section, ev.Index);
        if ((isSame && ev.Kind != section) || (part.Section.Kind != ResponsesEventKind.None && part.Section.Kind != section) || ev.Index < part.Section.Index)
        {
            return;
        }

        if (!isSame && part.HasText)
        {
            Give(part, "\n\n"u8, sink);
        }

        part.Section = (section, ev.Index);
        Give(part, text, sink);
    }

    private void AddArguments(in ResponsesEvent ev, ReadOnlySpan<byte> text, IAnswerSink sink)
    {
        if (Find(ev.OutputIndex) is not { IsDone: false } item || item.Parts.GetValueOrDefault(0) is not { IsOpen: true, Kind: AnswerPartKind.ToolCall } part)
        {
            return;
        }

        var isWhole = ev.Kind is ResponsesEventKind.ArgumentsDone or ResponsesEventKind.InputDone;
        if (!(isWhole && part.HasText))
        {
            Give(part, text, sink);
        }
    }

    private static void Give(DecodedPart part, ReadOnlySpan<byte> text, IAnswerSink sink)
    {
        // Sealed thoughts have no text, whatever an upstream says.
        if (part.Kind != AnswerPartKind.RedactedReasoning && part.Accept(text))
        {
            sink.Delta(part.Number, text);
        }
    }

    private DecodedPart Begin(DecodedItem item, int contentIndex, in PartStart head, IAnswerSink sink)
    {
        HasRefusal |= head.Kind == AnswerPartKind.Refusal;
        var part = new DecodedPart(head.Part, head.Kind, isJson: head.Kind == AnswerPartKind.ToolCall && !head.IsCustom);
        item.Parts.Add(contentIndex, part);
        _parts.Add(part);
        sink.PartStart(head);
        return part;
    }

    private void End(DecodedItem item, IAnswerSink sink)
    {
        item.IsDone = true;
        foreach (var part in item.Parts.Values)
        {
            End(part, sink);
        }
    }

    private void End(DecodedPart part, IAnswerSink sink)
    {
        if (part.IsOpen)
        {
            GiveCallSeals(sink);
            part.IsOpen = false;
            sink.PartEnd(part.Number);
        }
    }

    private DecodedItem? Find(int index) => _items.GetValueOrDefault(index < 0 ? _last : index);

    // Some servers don't announce messages.
    private DecodedItem? MessageAt(int index)
    {
        if (Find(index) is { } known)
        {
            return known;
        }

        _last = index < 0 ? _last + 1 : index;
        return _items[_last] = new DecodedItem("message", "");
    }

    private bool IsRepeated(int index, JsonElement element) =>
        Find(index) is { IsDone: true } known && known.Type == OutputItemReader.Text(element, "type")
        && (known.CallId.Length == 0 || known.CallId == OutputItemReader.ReadCall(element).Id);
}
