using AIHigress.Gateway.Features.Identity.Access;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>Names the provider keys that attempts used; implemented by a feature that knows providers.</summary>
public interface IAttemptKeys
{
    /// <summary>Label and last characters of those keys whose provider the user sees the inside of.</summary>
    Task<IReadOnlyDictionary<Guid, AttemptKey>> FindAsync(IReadOnlyCollection<Guid> ids, CurrentUser user, CancellationToken cancellationToken);
}

/// <param name="Label">Its name within the provider.</param>
/// <param name="Hint">Its last four characters; empty for a short one.</param>
public readonly record struct AttemptKey(string Label, string Hint);
