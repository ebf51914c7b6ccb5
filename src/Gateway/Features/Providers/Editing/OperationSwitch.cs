using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>Why a provider is paused or resumed; up to 500 characters.</summary>
public sealed record OperationReason(string? Reason = null);

/// <summary>
/// Pauses and resumes: new requests stop or come back within a second. The status is no part of a provider's
/// declaration, so it can be switched for one that gateway.yaml declares too.
/// </summary>
internal sealed class OperationSwitch(GatewayDbContext db, ChangeWriter changes, TimeProvider time)
{
    public async Task RunAsync(string id, OperationStatus status, OperationReason? input, CurrentUser user, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Text("reason", input?.Reason, 0, 500);
        errors.ThrowIfAny();
        var provider = await ProviderAccess.FindForOperationAsync(db, id, user, cancellationToken);
        var by = user.Has(Permissions.ProvidersOperate) || user.Has(Permissions.ProvidersManageAll) ? "admin" : "owner";
        if (by == "owner" && (provider.OperationStatus == OperationStatus.Offline || (provider.OperationStatus != OperationStatus.Active && provider.StatusBy == "admin")))
        {
            throw Problems.Forbidden(Permissions.ProvidersOperate);
        }

        // What health paused, a person may take over: then it is not resumed by itself.
        var takesOver = status == OperationStatus.Paused && provider.StatusBy == Provider.ByHealth;
        if (provider.OperationStatus == status && !takesOver)
        {
            return;
        }

        var diff = new AuditDiff().Add("operation_status", provider.OperationStatus, status).Add("reason", provider.StatusReason, input?.Reason);
        provider.OperationStatus = status;
        provider.StatusBy = by;
        provider.StatusReason = input?.Reason;
        provider.StatusSince = time.GetUtcNow();
        provider.UpdatedAt = provider.StatusSince.Value;
        provider.Version++;
        var action = status switch
        {
            OperationStatus.Active => "provider.resumed",
            OperationStatus.Paused => "provider.paused",
            _ => "provider.taken_offline",
        };
        try
        {
            await changes.SaveAsync(db, user.Actor, [new AuditEvent(action, $"provider:{id}", diff.Text)], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.Conflict("conflict", "The provider was changed at the same moment; try again.");
        }
    }
}
