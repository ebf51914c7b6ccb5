namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

internal sealed record FieldSample(string Path, string Body, string Marker) { public string? Chat { get; init; } public string? Responses { get; init; } public string? Messages { get; init; } public string? Gemini { get; init; } }
