using System.Buffers;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers.Items;

internal enum OutputItemKind
{
    Message,
    Reasoning,
    FunctionCall,
    CustomCall,

    /// <summary>Becomes a function call when its arguments turn out not to be an action.</summary>
    ShellCall,
}

/// <summary>One item of a response's output, as far as it has come.</summary>
internal sealed class OutputItem(OutputItemKind kind)
{
    public OutputItemKind Kind { get; set; } = kind;

    /// <summary>Place in the output; −1 until it has been announced.</summary>
    public int Index { get; set; } = -1;

    public string Id { get; set; } = "";

    public string CallId { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Namespace { get; init; }

    /// <summary>What <c>encrypted_content</c> shows.</summary>
    public string? Sealed { get; set; }

    /// <summary>A message's content; one part for every other kind.</summary>
    public List<OutputPart> Parts { get; } = [];

    public bool IsAnnounced => Index >= 0;

    public bool IsDone { get; set; }
}

/// <summary>A part of the answer inside its item.</summary>
internal sealed class OutputPart(OutputItem item, AnswerPartKind kind)
{
    public OutputItem Item { get; } = item;

    public AnswerPartKind Kind { get; } = kind;

    /// <summary>Place in the item's content.</summary>
    public int Index { get; init; }

    /// <summary>UTF-8.</summary>
    public ArrayBufferWriter<byte> Text { get; } = new();

    /// <summary>Set when the text comes wrapped in JSON.</summary>
    public CustomInput? Wrapped { get; init; }

    public bool IsOpen { get; set; } = true;

    /// <summary>Whether the first piece, and with it the beginning of a summary, has been shown.</summary>
    public bool HasBegun { get; set; }

    public Seal? Seal { get; set; }
}
