namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>The numbers of an answer's parts, over all choices.</summary>
internal sealed class PartNumbers
{
    private int _next;

    public int Next() => _next++;
}
