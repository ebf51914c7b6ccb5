namespace AIHigress.TestKit.Grammar;

/// <summary>One dispatched server-sent event.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Its event field, if any.</param>
/// <param name="Data">Its data lines joined by line feeds.</param>
internal sealed record SseFrame(int Number, string? Name, string Data);
