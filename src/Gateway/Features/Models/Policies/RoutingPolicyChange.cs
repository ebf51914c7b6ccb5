using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Policies;

/// <summary>Stores a new version of the routing policy; the database decides between two who do so at once.</summary>
internal sealed class RoutingPolicyChange(GatewayDbContext db, ChangeWriter changes, TimeProvider time)
{
    public async Task<RoutingPolicyView> ReplaceAsync(RoutingPolicy policy, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        RoutingPolicyRules.Check(policy, errors);
        errors.ThrowIfAny();
        var before = await RoutingPolicyView.ReadAsync(db, null, cancellationToken);
        EntityTag.Demand(request, before!.Version);
        var diff = Diff(before.Policy, policy);
        if (diff.IsEmpty)
        {
            return before;
        }

        var stored = new StoredRoutingPolicy
        {
            Version = before.Version + 1,
            Body = StoredRoutingPolicy.Write(policy),
            MadeById = user.Id,
            MadeBy = user.Actor.Name,
            CreatedAt = time.GetUtcNow(),
        };
        db.RoutingPolicies.Add(stored);
        try
        {
            await changes.SaveAsync(db, user.Actor, [new AuditEvent("routing_policy.updated", "routing_policy", diff.Text)], cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.StaleVersion(await db.RoutingPolicies.MaxAsync(p => p.Version, cancellationToken));
        }

        return RoutingPolicyView.Of(stored);
    }

    private static AuditDiff Diff(RoutingPolicy before, RoutingPolicy after) => new AuditDiff()
        .Add("default_strategy", before.DefaultStrategy, after.DefaultStrategy)
        .Add("coefficients", before.Coefficients, after.Coefficients)
        .Add("ttft_norm_ms", before.TtftNormMs, after.TtftNormMs)
        .Add("exploration", before.Exploration, after.Exploration)
        .Add("attempts", before.Attempts, after.Attempts)
        .Add("timeouts", before.Timeouts, after.Timeouts)
        .Add("circuit", before.Circuit, after.Circuit)
        .Add("dynamic_weights", before.DynamicWeights, after.DynamicWeights)
        .Add("stickiness", before.Stickiness, after.Stickiness);
}
