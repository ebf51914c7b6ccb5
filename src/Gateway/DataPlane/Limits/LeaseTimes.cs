namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>How long Redis keeps a place whose replica says nothing more, and how often a replica speaks up for its places.</summary>
internal sealed record LeaseTimes(TimeSpan Lease, TimeSpan RenewEvery)
{
    public static readonly LeaseTimes Usual = new(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30));
}
