namespace AIHigress.Gateway.DataPlane.Routing.Circuits;

/// <summary>
/// Whose request failed, so that one client's poisonous prompt does not shut an upstream for everybody (ADR 0015).
/// </summary>
/// <param name="Caller">A number for the API key.</param>
/// <param name="Request">A number for the request's bytes.</param>
/// <param name="IsSure">No prompt can cause it: no connection, no name, no TLS.</param>
internal readonly record struct FailureSource(int Caller, int Request, bool IsSure)
{
    /// <summary>Of probes and tests: nobody's prompt.</summary>
    public static readonly FailureSource Sure = new(0, 0, IsSure: true);

    public bool IsSameRequest(FailureSource other) => !IsSure && !other.IsSure && Caller == other.Caller && Request == other.Request;
}
