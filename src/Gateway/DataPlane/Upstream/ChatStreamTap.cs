using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Sse;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>Looks at every event of a Chat stream on its way: usage, generated text, how it ends.</summary>
internal sealed class ChatStreamTap(bool clientWantsUsage) : IDisposable
{
    // Enough for any model's output; beyond it the estimate is a lower bound.
    private const int MostText = 4 * 1024 * 1024;

    private readonly PooledBuffer _text = new();

    public TokenUsage? Usage { get; private set; }

    public bool Finished { get; private set; }

    public bool AnyContent { get; private set; }

    public ReadOnlyMemory<byte> Text => _text.Written;

    /// <summary>Reads one event and says what to do with it.</summary>
    public (StreamStep Step, ChatChunk Chunk) Inspect(in SseEvent ev)
    {
        if (!ev.HasData)
        {
            return (StreamStep.Pass, default);
        }

        var chunk = ChatChunkReader.Read(ev.Data.Span, _text.Length < MostText ? _text : null);
        if (chunk.IsDone)
        {
            return (StreamStep.Done, chunk);
        }

        if (chunk.IsMalformed)
        {
            return (StreamStep.Malformed, chunk);
        }

        if (chunk.IsError)
        {
            return (StreamStep.Error, chunk);
        }

        Usage = chunk.Usage ?? Usage;
        Finished |= chunk.HasFinish;
        AnyContent |= chunk.HasContent;
        // The usage chunk that only we asked for stays here.
        var isOurs = chunk.Usage is not null && !chunk.HasChoices && !clientWantsUsage;
        return (isOurs ? StreamStep.Hold : StreamStep.Pass, chunk);
    }

    public void Dispose() => _text.Dispose();
}

internal enum StreamStep
{
    Pass,
    Hold,
    Done,
    Error,
    Malformed,
}
