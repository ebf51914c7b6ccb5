using AIHigress.Gateway.Hosting.Errors;

namespace AIHigress.Gateway.Data;

/// <summary>Who holds an object's definition: the API (null), or gateway.yaml.</summary>
internal static class ManagedBy
{
    public const string Configuration = "configuration";

    /// <exception cref="ProblemException">409 when gateway.yaml declares the object.</exception>
    public static void DemandApi(string? managedBy)
    {
        if (managedBy is not null)
        {
            throw Problems.ManagedByConfiguration();
        }
    }
}
