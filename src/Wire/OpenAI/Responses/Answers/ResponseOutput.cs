using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>
/// The output items that an answer's parts become: texts and refusals in a row are one message, everything else an item of its own.
/// Plain answers and streams are both made with it, so that they agree.
/// </summary>
internal sealed class ResponseOutput
{
    private readonly AnswerContext _context;
    private readonly Dictionary<string, ToolDefinition> _special = [];
    private readonly List<OutputPart?> _parts = [];
    private readonly bool _hasShell;
    private OutputItem? _message;

    public ResponseOutput(AnswerContext context)
    {
        _context = context;
        _hasShell = LocalShell.IsOffered(context.Request);
        foreach (var tool in context.Request.Tools.Where(t => t is CustomTool || t.Namespace is not null))
        {
            _special[tool.Name] = tool;
        }
    }

    /// <summary>Announced items, in order.</summary>
    public List<OutputItem> Items { get; } = [];

    public bool HasRefusal { get; private set; }

    /// <summary>Null for parts of other choices: this protocol has one answer.</summary>
    public OutputPart? Find(int part) => part < _parts.Count ? _parts[part] : null;

    /// <summary>The message that may still take content, if the next part is not content itself: it is over.</summary>
    public OutputItem? TakeMessage(AnswerPartKind next)
    {
        if (_message is null || next is AnswerPartKind.Text or AnswerPartKind.Refusal && !_message.Parts.Exists(p => p.IsOpen))
        {
            return null;
        }

        var message = _message;
        _message = null;
        return message.Parts.Exists(p => p.IsOpen) ? null : message;
    }

    /// <summary>The last message, at the end.</summary>
    public OutputItem? TakeMessage()
    {
        var message = _message;
        _message = null;
        return message;
    }

    /// <summary>The message has no more content to come.</summary>
    public bool IsOver(OutputItem message) => message != _message && !message.Parts.Exists(p => p.IsOpen);

    public OutputPart? Begin(in PartStart head)
    {
        var part = head.Choice == 0 ? NewPart(head) : null;
        _parts.Add(part);
        return part;
    }

    /// <summary>Gives the item its place and its id.</summary>
    public void Announce(OutputItem item)
    {
        item.Index = Items.Count;
        Items.Add(item);
        item.Id = item.Id.StartsWith("rs_", StringComparison.Ordinal) ? item.Id : $"{Prefix(item.Kind)}{_context.Seed}{item.Index:x2}";
    }

    /// <summary>An item that only carries what a call's maker must get back with it; null when it can't.</summary>
    public OutputItem? NewCallSeal(OutputItem call, Seal seal) =>
        ItemSeal.PackCall(seal, _context.Provider, call.CallId) is { } packed ? new OutputItem(OutputItemKind.Reasoning) { Sealed = packed } : null;

    public void Seal(OutputPart part, Seal seal)
    {
        part.Seal = seal;
        part.Item.Sealed = ItemSeal.Pack(seal, _context.Provider, part.Kind == AnswerPartKind.RedactedReasoning);
    }

    private OutputPart NewPart(in PartStart head)
    {
        if (head.Kind is AnswerPartKind.Text or AnswerPartKind.Refusal)
        {
            HasRefusal |= head.Kind == AnswerPartKind.Refusal;
            _message ??= new OutputItem(OutputItemKind.Message);
            return Add(new OutputPart(_message, head.Kind) { Index = _message.Parts.Count });
        }

        var item = head.Kind == AnswerPartKind.ToolCall
            ? NewCall(head)
            : new OutputItem(OutputItemKind.Reasoning) { Id = IsItemId(head.Id) ? head.Id : "" };
        var isWrapped = item.Kind == OutputItemKind.CustomCall && !head.IsCustom;
        return Add(new OutputPart(item, head.Kind) { Wrapped = isWrapped ? new CustomInput() : null });
    }

    private static OutputPart Add(OutputPart part)
    {
        part.Item.Parts.Add(part);
        return part;
    }

    private OutputItem NewCall(in PartStart head)
    {
        var special = _special.GetValueOrDefault(head.Name);
        var kind = head.IsCustom || special is CustomTool ? OutputItemKind.CustomCall
            : _hasShell && head.Name == LocalShell.Name ? OutputItemKind.ShellCall
            : OutputItemKind.FunctionCall;
        return new OutputItem(kind)
        {
            CallId = head.Id.Length > 0 ? head.Id : $"call_{_context.Seed}{_parts.Count:x2}",
            Name = special?.Namespace is { } space ? ToolNames.Split(space, head.Name) : head.Name,
            Namespace = special?.Namespace,
        };
    }

    private static bool IsItemId(string id) =>
        id.Length is > 3 and <= 256 && id.StartsWith("rs_", StringComparison.Ordinal) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static string Prefix(OutputItemKind kind) => kind switch
    {
        OutputItemKind.Message => "msg_",
        OutputItemKind.Reasoning => "rs_",
        OutputItemKind.CustomCall => "ctc_",
        OutputItemKind.ShellCall => "lsh_",
        _ => "fc_",
    };
}
