namespace AIHigress.Gateway.DataPlane.Routing.Circuits;

/// <summary>What replicas tell each other of a circuit. Clocks differ, so that times are spans up to the moment of telling.</summary>
/// <param name="Open">Open (or half-open), against closed again.</param>
/// <param name="AgeMs">Milliseconds since it became so; the younger of two records holds.</param>
/// <param name="LeftMs">Milliseconds until a trial may pass; 0 when closed, or when one may pass now.</param>
/// <param name="Level">How often it has opened in a row: each time doubles the next.</param>
/// <param name="LastError">Scrubbed text of the failure that opened it.</param>
internal sealed record CircuitRecord(bool Open, long AgeMs, long LeftMs, int Level, string? LastError);

/// <summary>What replicas tell each other of a provider key that rests.</summary>
/// <param name="LeftMs">Milliseconds that it still rests.</param>
/// <param name="Fails">Failures in a row: each doubles the next rest.</param>
/// <param name="LastError">Scrubbed text of the last failure.</param>
internal sealed record KeyRestRecord(long LeftMs, int Fails, string? LastError);
