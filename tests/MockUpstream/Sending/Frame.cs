namespace AIHigress.MockUpstream.Sending;

/// <summary>One write of an event stream: an event, or a comment, which does not count as one.</summary>
internal readonly record struct Frame(Template Template, bool IsEvent);

/// <summary>An event before it is framed; most protocols name theirs.</summary>
internal readonly record struct StreamEvent(string Data, string? Name = null);
