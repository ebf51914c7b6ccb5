namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>
/// Finds what an upstream that goes on with an answer says again: the white space that its request had to leave out, or the whole
/// text from the beginning, where it starts over instead of going on. Text that only looks so at first is given back whole.
/// </summary>
/// <param name="said">Bytes of the text that the client has.</param>
/// <param name="asked">Bytes of it that the upstream was given; the rest is white space.</param>
internal sealed class RepeatedText(int said, int asked)
{
    // A shorter beginning may well be said twice.
    private const int ShortestRepeat = 16;

    private int _matched;
    private int _space = asked;
    private bool _isOver = said < ShortestRepeat;
    private bool _isPastSpace;

    /// <summary>The part of <paramref name="text"/> that is new.</summary>
    /// <param name="text">What the upstream says next.</param>
    /// <param name="whole">What the client has; may have grown since.</param>
    /// <param name="withheld">What was taken for a repetition and is none: to be said first.</param>
    public ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> text, ReadOnlySpan<byte> whole, out ReadOnlySpan<byte> withheld)
    {
        withheld = [];
        if (_isOver)
        {
            return WithoutSpace(text, whole);
        }

        var same = text.CommonPrefixLength(whole[_matched..said]);
        _matched += same;
        if (_matched == said)
        {
            _isOver = _isPastSpace = true;
            return text[same..];
        }

        if (same == text.Length)
        {
            return [];
        }

        _isOver = true;
        var before = whole[..(_matched - same)];
        withheld = before.IsEmpty ? before : WithoutSpace(before, whole);
        return WithoutSpace(text, whole);
    }

    /// <summary>At the end: what is still taken for a repetition, and was all there is.</summary>
    public ReadOnlySpan<byte> Release(ReadOnlySpan<byte> whole)
    {
        var withheld = _isOver ? [] : whole[.._matched];
        _isOver = true;
        return withheld;
    }

    private ReadOnlySpan<byte> WithoutSpace(ReadOnlySpan<byte> text, ReadOnlySpan<byte> whole)
    {
        if (_isPastSpace)
        {
            return text;
        }

        var same = text.CommonPrefixLength(whole[_space..said]);
        _space += same;
        _isPastSpace = _space == said || same < text.Length;
        return text[same..];
    }
}
