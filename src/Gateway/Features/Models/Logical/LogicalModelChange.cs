using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>Makes, changes and deletes logical models; the table of names decides about clashes.</summary>
internal sealed class LogicalModelChange(GatewayDbContext db, ChangeWriter changes, RouteTables tables, IOptions<JsonOptions> json, TimeProvider time)
{
    public async Task<LogicalModelView> CreateAsync(CreateLogicalModel input, CurrentUser user, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        LogicalModelRules.Check(input.Id, input, errors);
        errors.ThrowIfAny();
        var now = time.GetUtcNow();
        var model = new LogicalModel { Id = input.Id!, CreatedAt = now, UpdatedAt = now };
        LogicalModelMapping.Apply(input, model);
        await CheckCircleAsync(model, cancellationToken);
        await CheckNamesAsync(model, LogicalModelMapping.Names(model), cancellationToken);
        db.LogicalModels.Add(model);
        db.ModelNames.AddRange(LogicalModelMapping.Names(model));
        var diff = LogicalModelMapping.Diff(new EditLogicalModel(), LogicalModelMapping.Document(model));
        await SaveAsync(model, new AuditEvent("logical_model.created", Target(model), diff.Text), user, cancellationToken);
        return await ViewAsync(model, user, cancellationToken);
    }

    public async Task<LogicalModelView> ChangeAsync(string id, JsonElement patch, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var model = await FindAsync(id, request, cancellationToken);
        var before = LogicalModelMapping.Document(model);
        var input = MergePatch.Apply(before, patch, json.Value.SerializerOptions);
        var errors = new FieldErrors();
        LogicalModelRules.Check(id, input, errors);
        errors.ThrowIfAny();
        var oldAliases = model.Aliases;
        LogicalModelMapping.Apply(input, model);
        await CheckCircleAsync(model, cancellationToken);
        await ApplyAliasesAsync(model, oldAliases, cancellationToken);
        var diff = LogicalModelMapping.Diff(before, LogicalModelMapping.Document(model));
        if (!diff.IsEmpty)
        {
            model.Version++;
            model.UpdatedAt = time.GetUtcNow();
            await SaveAsync(model, new AuditEvent("logical_model.updated", Target(model), diff.Text), user, cancellationToken);
        }

        return await ViewAsync(model, user, cancellationToken);
    }

    public async Task DeleteAsync(string id, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var model = await FindAsync(id, request, cancellationToken);
        var users = await db.LogicalModels.Where(m => m.Id != id && m.Fallbacks.Contains(id)).Select(m => m.Id).ToListAsync(cancellationToken);
        if (users.Count > 0)
        {
            throw Problems.Conflict("in_use", "Other logical models fall back to this one; change them first.",
                new Dictionary<string, object?> { ["used_by"] = users.Select(m => $"logical_model:{m}").Order(StringComparer.Ordinal).ToArray() });
        }

        db.LogicalModels.Remove(model);
        await SaveAsync(model, new AuditEvent("logical_model.deleted", Target(model)), user, cancellationToken);
    }

    private static string Target(LogicalModel model) => $"logical_model:{model.Id}";

    private async Task<LogicalModel> FindAsync(string id, HttpRequest request, CancellationToken cancellationToken)
    {
        var model = await db.LogicalModels.SingleOrDefaultAsync(m => m.Id == id, cancellationToken);
        if (model is null)
        {
            throw tables.Current.Names.TryGetValue(id, out var route) && route.Origin == RouteOrigin.Automatic
                ? Problems.Conflict("automatic_model", "This model is automatic: it follows what the providers have. Create a logical model of this id to change it.")
                : Problems.NotFound();
        }

        ManagedBy.DemandApi(model.ManagedBy);
        EntityTag.Demand(request, model.Version);
        return model;
    }

    private async Task CheckCircleAsync(LogicalModel model, CancellationToken cancellationToken)
    {
        if (model.Fallbacks.Length == 0)
        {
            return;
        }

        var rows = await db.LogicalModels.AsNoTracking().Select(m => new { m.Id, m.Fallbacks }).ToListAsync(cancellationToken);
        var fallbacks = rows.ToDictionary(m => m.Id, m => m.Fallbacks, StringComparer.Ordinal);
        fallbacks[model.Id] = model.Fallbacks;
        if (LogicalModelRules.Circle(model.Id, fallbacks) is { } circle)
        {
            throw Problems.Field("fallbacks", "circle", $"lead back to the model: {string.Join(" → ", circle)}");
        }
    }

    private async Task ApplyAliasesAsync(LogicalModel model, string[] before, CancellationToken cancellationToken)
    {
        var added = model.Aliases.Except(before).Select(alias => new ModelName { Name = alias, ModelId = model.Id, IsAlias = true }).ToList();
        await CheckNamesAsync(model, added, cancellationToken);
        var gone = before.Except(model.Aliases).ToList();
        db.ModelNames.RemoveRange(await db.ModelNames.Where(n => n.ModelId == model.Id && n.IsAlias && gone.Contains(n.Name)).ToListAsync(cancellationToken));
        db.ModelNames.AddRange(added);
    }

    /// <summary>Names the clash; the database refuses one that comes in between.</summary>
    private async Task CheckNamesAsync(LogicalModel model, IEnumerable<ModelName> names, CancellationToken cancellationToken)
    {
        var wanted = names.Select(n => n.Name).ToList();
        if (await db.ModelNames.Where(n => wanted.Contains(n.Name)).Select(n => n.Name).FirstOrDefaultAsync(cancellationToken) is { } taken)
        {
            throw Problems.NameTaken(taken);
        }
    }

    private async Task SaveAsync(LogicalModel model, AuditEvent change, CurrentUser user, CancellationToken cancellationToken)
    {
        try
        {
            await changes.SaveAsync(db, user.Actor, [change], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.StaleVersion(await db.LogicalModels.Where(m => m.Id == model.Id).Select(m => m.Version).SingleOrDefaultAsync(cancellationToken));
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.NameTaken(model.Id);
        }
    }

    private async Task<LogicalModelView> ViewAsync(LogicalModel model, CurrentUser user, CancellationToken cancellationToken)
    {
        var visibility = await ModelVisibility.OfAsync(db, user, cancellationToken);
        return LogicalModelView.Of(model, visibility) with { Warnings = await LogicalModelWarnings.OfAsync(db, tables.Current, model, cancellationToken) };
    }
}
