using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Catalogue;

/// <summary>Changes of a provider's model by a person.</summary>
internal sealed class ModelChange(GatewayDbContext db, ChangeWriter changes, IOptions<JsonOptions> json, TimeProvider time)
{
    public async Task<ProviderModelView> RunAsync(string providerId, string model, JsonElement patch, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var row = await FindAsync(providerId, model, user, request, cancellationToken);
        var before = Document(row);
        var input = MergePatch.Apply(before, patch, json.Value.SerializerOptions);
        Check(input);
        row.Alias = input.Alias;
        row.Disabled = input.Disabled ?? false;
        row.Capabilities = input.Capabilities;
        row.ContextLength = input.ContextLength;
        row.MaxOutput = input.MaxOutput;
        var after = Document(row);
        var diff = new AuditDiff().Add("alias", before.Alias, after.Alias).Add("disabled", before.Disabled, after.Disabled)
            .Add("capabilities", before.Capabilities, after.Capabilities)
            .Add("context_length", before.ContextLength, after.ContextLength).Add("max_output", before.MaxOutput, after.MaxOutput);
        if (!diff.IsEmpty)
        {
            row.Version++;
            row.UpdatedAt = time.GetUtcNow();
            await SaveAsync(row, new AuditEvent("provider_model.updated", Target(row), diff.Text), user, cancellationToken);
        }

        return ProviderModelView.Of(row);
    }

    public async Task RemoveAsync(string providerId, string model, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var row = await FindAsync(providerId, model, user, request, cancellationToken);
        if (row.Source == ProviderModelSource.Discovered)
        {
            throw Problems.Conflict("conflict", "The provider itself lists this model; switch it off with disabled=true instead.");
        }

        db.ProviderModels.Remove(row);
        await SaveAsync(row, new AuditEvent("provider_model.deleted", Target(row)), user, cancellationToken);
    }

    private static string Target(ProviderModel row) => $"provider:{row.ProviderId}/models/{row.Model}";

    private static EditProviderModel Document(ProviderModel row) => new()
    {
        Alias = row.Alias,
        Disabled = row.Disabled,
        Capabilities = row.Capabilities,
        ContextLength = row.ContextLength,
        MaxOutput = row.MaxOutput,
    };

    private static void Check(EditProviderModel input)
    {
        var errors = new FieldErrors();
        if (input.Alias is not null && !ModelNameRule.IsValid(input.Alias))
        {
            errors.Add("alias", "invalid_id", ModelNameRule.Text);
        }

        for (var i = 0; i < input.Capabilities?.Length; i++)
        {
            if (!ModelCapabilities.All.Contains(input.Capabilities[i]))
            {
                errors.Add($"capabilities[{i}]", "not_allowed", $"must be one of {string.Join(", ", ModelCapabilities.All)}");
            }
        }

        errors.Range("context_length", input.ContextLength, 1, 100_000_000);
        errors.Range("max_output", input.MaxOutput, 1, 100_000_000);
        errors.ThrowIfAny();
    }

    private async Task<ProviderModel> FindAsync(string providerId, string model, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindAsync(db, providerId, user, cancellationToken);
        var row = await db.ProviderModels.SingleOrDefaultAsync(m => m.ProviderId == providerId && m.Model == model, cancellationToken);
        if (!ProviderAccess.IsOwner(user, provider))
        {
            user.Demand(Permissions.ProvidersManageAll);
        }

        if (row is null)
        {
            throw Problems.NotFound();
        }

        if (row.Source == ProviderModelSource.Static)
        {
            // gateway.yaml declares the list itself; what the provider told may be refined here all the same.
            ManagedBy.DemandApi(provider.ManagedBy);
        }

        EntityTag.Demand(request, row.Version);
        return row;
    }

    private async Task SaveAsync(ProviderModel row, AuditEvent change, CurrentUser user, CancellationToken cancellationToken)
    {
        try
        {
            await changes.SaveAsync(db, user.Actor, [change], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.StaleVersion(await db.ProviderModels.Where(m => m.Id == row.Id).Select(m => m.Version).SingleOrDefaultAsync(cancellationToken));
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.NameTaken(row.Alias!);
        }
    }
}
