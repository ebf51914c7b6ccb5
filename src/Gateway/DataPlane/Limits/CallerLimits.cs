using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Budgets;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>
/// Stage 3: the limits of a caller's key, user and group, each counted for itself; the tightest decides. Places and money are looked
/// at before the body is read; rates need to know how large the request is. Without limits it costs two looks at the caller.
/// </summary>
internal sealed class CallerLimits(
    LimitBoard board, LimitCounter counter, BudgetBook budgets, LimitMetrics metrics, IOptionsMonitor<ApiKeyOptions> options)
{
    /// <summary>Takes the caller's places in this replica. The admission is to be disposed of, refused or not.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="isContinued">The request was admitted before and now runs in the background: it is counted, and not refused again.</param>
    public (Admission Admission, GatewayError? Refusal) Enter(ApiCaller caller, bool isContinued)
    {
        if (!isContinued && budgets.IsSpent(caller, out var resetsAt))
        {
            metrics.OverBudget();
            return (Admission.Unlimited, LimitErrors.BudgetExceeded(resetsAt));
        }

        var user = caller.UserLimits ?? options.CurrentValue.UserLimits;
        if (caller.Limits is null && user is null && caller.GroupLimits is null)
        {
            return (Admission.Unlimited, null);
        }

        var admission = new Admission(counter);
        var refusal = Enter(admission, LimitScope.Key, caller.KeyId, caller.Limits, isContinued)
            ?? Enter(admission, LimitScope.User, caller.UserId, user, isContinued)
            ?? Enter(admission, LimitScope.Group, caller.GroupId, caller.GroupLimits, isContinued);
        if (refusal is null)
        {
            return (admission, null);
        }

        // Nothing is taken, but the client learns how its rates stand, as with every answer.
        AddRates(admission, caller, null, isContinued: true);
        admission.Claim.Rates.ForEach(rate => rate.View = rate.Local.Look(rate.Rate));
        return (admission, Refused(refusal));
    }

    /// <summary>Takes the rates, and the places that all replicas share; the refusal when something was in the way.</summary>
    public async ValueTask<GatewayError?> AdmitAsync(Admission admission, ApiCaller caller, InboundCall call, bool isContinued)
    {
        if (admission.IsUnlimited)
        {
            return null;
        }

        AddRates(admission, caller, call, isContinued);
        var refusal = await counter.TakeAsync(admission.Claim);
        admission.IsTaken = refusal is null;
        return refusal is null ? null : Refused(refusal);
    }

    private LimitRefusal? Enter(Admission admission, LimitScope scope, Guid? id, RequestLimits? limits, bool isContinued)
    {
        if (id is not { } subjectId || limits?.Concurrency is not { } most)
        {
            return null;
        }

        var subject = board.Of(scope, subjectId);
        var place = new PlaceClaim(scope, subject.PlacesName, isContinued ? int.MaxValue : most);
        if (isContinued)
        {
            subject.Enter();
        }
        else if (!subject.TryEnter(most))
        {
            return place.Refused();
        }

        admission.Entered(subject);
        admission.Claim.Places.Add(place);
        return null;
    }

    private void AddRates(Admission admission, ApiCaller caller, InboundCall? call, bool isContinued)
    {
        long? tokens = isContinued || call is null ? 0 : null;
        AddRates(admission, LimitScope.Key, caller.KeyId, caller.Limits, call, isContinued, ref tokens);
        AddRates(admission, LimitScope.User, caller.UserId, caller.UserLimits ?? options.CurrentValue.UserLimits, call, isContinued, ref tokens);
        AddRates(admission, LimitScope.Group, caller.GroupId, caller.GroupLimits, call, isContinued, ref tokens);
    }

    private void AddRates(
        Admission admission, LimitScope scope, Guid? id, RequestLimits? limits, InboundCall? call, bool isContinued, ref long? tokens)
    {
        if (id is not { } subjectId || limits is null)
        {
            return;
        }

        var subject = board.Of(scope, subjectId);
        if (limits.Rpm is { } requests)
        {
            admission.Claim.Rates.Add(new RateClaim(
                scope, LimitUnit.Requests, subject.Requests, subject.RequestsName, Rate.PerMinute(requests), isContinued ? 0 : 1));
        }

        if (limits.Tpm is { } most)
        {
            tokens ??= TokenEstimate.Of(call!);
            admission.Claim.Rates.Add(new RateClaim(scope, LimitUnit.Tokens, subject.Tokens, subject.TokensName, Rate.PerMinute(most), tokens.Value));
        }
    }

    private GatewayError Refused(LimitRefusal refusal)
    {
        metrics.Refused(refusal.Scope, refusal.Unit);
        return LimitErrors.Over(refusal);
    }
}
