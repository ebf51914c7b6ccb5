using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>
/// Makes parts of an upstream's content blocks. The upstream may forget a block's start or its end, start one twice, or send a delta that does
/// not fit its block: the parts come out in order all the same.
/// </summary>
internal sealed class BlockTracker
{
    private readonly List<OpenBlock> _open = [];
    private byte[] _scratch = new byte[1024];
    private int _parts;

    /// <summary>A call has been made.</summary>
    public bool HasCalls { get; private set; }

    public void Begin(long index, ReadOnlySpan<byte> json, IAnswerSink sink)
    {
        var fields = BlockFields.Read(json);
        if (Lookup(index, fields.Kind) is { } same && (same.Kind != BlockKind.Call || same.Id == fields.Id))
        {
            // Started twice.
            return;
        }

        EndOthers(index, sink);
        var block = Open(index, fields, sink);
        if (block.Kind == BlockKind.Call)
        {
            // {} is what every call starts with; a server that sends all arguments here sends them nowhere else.
            if (!fields.Input.IsEmpty && !IsEmptyObject(fields.Input))
            {
                block.Follow(fields.Input);
                sink.Delta(block.Part, fields.Input);
            }
        }
        else
        {
            GiveText(block, fields.Text, sink);
            GiveSeal(block, fields.Seal, sink);
        }
    }

    public void Delta(long index, ReadOnlySpan<byte> json, IAnswerSink sink)
    {
        var fields = BlockFields.Read(json);
        if (fields.Kind == BlockKind.Ignored || Lookup(index, BlockKind.Ignored) is not null)
        {
            return;
        }

        if (Find(index, fields, sink) is { } block)
        {
            GiveText(block, fields.Text, sink);
            GiveSeal(block, fields.Seal, sink);
        }
    }

    public void End(long index, IAnswerSink sink)
    {
        foreach (var block in _open.FindAll(b => b.Index == index))
        {
            End(block, sink);
        }
    }

    public void EndAll(IAnswerSink sink)
    {
        while (_open.Count > 0)
        {
            End(_open[0], sink);
        }
    }

    private OpenBlock? Lookup(long index, BlockKind kind)
    {
        foreach (var block in _open)
        {
            if (block.Index == index && block.Kind == kind)
            {
                return block;
            }
        }

        return null;
    }

    private OpenBlock? OnlyOne(BlockKind kind)
    {
        OpenBlock? found = null;
        foreach (var block in _open)
        {
            if (block.Kind == kind && found is not null)
            {
                return null;
            }

            found = block.Kind == kind ? block : found;
        }

        return found;
    }

    private OpenBlock? Find(long index, in BlockFields fields, IAnswerSink sink)
    {
        var kind = fields.Kind;
        if (Lookup(index, kind) is { } fitting)
        {
            return fitting;
        }

        if (kind == BlockKind.Call || fields.IsSignature)
        {
            // An index that changes inside the stream: clear only while one block of the kind is open. Without a name there is no call.
            return OnlyOne(kind);
        }

        if (fields.Text.Length <= 2)
        {
            return null;
        }

        EndOthers(null, sink);
        return Open(index, fields, sink);
    }

    /// <summary>What is open ends when something new begins: all but calls that still wait for arguments at another index.</summary>
    private void EndOthers(long? index, IAnswerSink sink)
    {
        foreach (var block in _open.FindAll(b => b.Kind != BlockKind.Call || b.IsWhole || b.Index == index))
        {
            End(block, sink);
        }
    }

    private OpenBlock Open(long index, in BlockFields fields, IAnswerSink sink)
    {
        var isCall = fields.Kind == BlockKind.Call;
        var block = new OpenBlock(index, fields.Kind == BlockKind.Ignored ? -1 : _parts++, fields.Kind) { Id = fields.Id ?? "" };
        _open.Add(block);
        HasCalls |= isCall;
        if (block.Part >= 0)
        {
            sink.PartStart(new PartStart(block.Part, 0, KindOf(block.Kind))
            {
                Id = isCall ? block.Id : "",
                Name = isCall ? fields.Name ?? "" : "",
            });
        }

        return block;
    }

    private void End(OpenBlock block, IAnswerSink sink)
    {
        _open.Remove(block);
        if (block.Part < 0)
        {
            return;
        }

        if (block is { Kind: BlockKind.Call, HasArguments: false })
        {
            sink.Delta(block.Part, "{}"u8);
        }

        sink.PartEnd(block.Part);
    }

    /// <param name="quoted">A JSON string with its quotes, or nothing.</param>
    private void GiveText(OpenBlock block, ReadOnlySpan<byte> quoted, IAnswerSink sink)
    {
        if (quoted.Length <= 2 || block.Kind is BlockKind.Redacted or BlockKind.Ignored)
        {
            return;
        }

        var text = Unescape(quoted[1..^1]);
        if (block.Kind == BlockKind.Call)
        {
            if (block.IsWhole)
            {
                // The complete arguments once more.
                return;
            }

            block.Follow(text);
        }

        sink.Delta(block.Part, text);
    }

    private static void GiveSeal(OpenBlock block, string? seal, IAnswerSink sink)
    {
        if (block.Kind is (BlockKind.Thinking or BlockKind.Redacted) && Seal.Read(WireProtocol.Messages, seal) is { } read)
        {
            sink.Seal(block.Part, read);
        }
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'\\') < 0)
        {
            return text;
        }

        if (_scratch.Length < text.Length)
        {
            _scratch = new byte[Math.Max(text.Length, _scratch.Length * 2)];
        }

        return _scratch.AsSpan(0, JsonText.Unescape(text, _scratch));
    }

    private static bool IsEmptyObject(ReadOnlySpan<byte> json) => json[1..^1].IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static AnswerPartKind KindOf(BlockKind kind) => kind switch
    {
        BlockKind.Thinking => AnswerPartKind.Reasoning,
        BlockKind.Redacted => AnswerPartKind.RedactedReasoning,
        BlockKind.Call => AnswerPartKind.ToolCall,
        _ => AnswerPartKind.Text,
    };
}
