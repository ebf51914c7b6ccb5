using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Logical;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Configuration.Applying;

/// <summary>Makes the stored logical models that gateway.yaml manages equal to what it declares.</summary>
internal sealed class ModelApplier(GatewayDbContext db, DateTimeOffset now, List<AuditEvent> events)
{
    public async Task ApplyAsync(DeclaredConfiguration declared, List<ConfigFault> faults, CancellationToken cancellationToken)
    {
        var rows = await db.LogicalModels.Where(m => m.ManagedBy == ManagedBy.Configuration).ToDictionaryAsync(m => m.Id, cancellationToken);
        var names = await db.ModelNames.ToDictionaryAsync(n => n.Name, cancellationToken);
        var kept = new Dictionary<string, ModelName>(StringComparer.Ordinal);
        foreach (var model in declared.LogicalModels)
        {
            var row = Apply(model.Fields, rows.GetValueOrDefault(model.Fields.Id!));
            foreach (var name in LogicalModelMapping.Names(row))
            {
                if (names.TryGetValue(name.Name, out var holder) && !rows.ContainsKey(holder.ModelId))
                {
                    faults.Add(model.Place.Fault(name.IsAlias ? "aliases" : "id", $"the name '{name.Name}' belongs to the model '{holder.ModelId}' that was made over the API; choose another name"));
                }

                kept[name.Name] = name;
            }
        }

        var wanted = declared.LogicalModels.Select(m => m.Fields.Id!).ToHashSet(StringComparer.Ordinal);
        ApplyNames(names, rows, kept);
        foreach (var row in rows.Values.Where(r => !wanted.Contains(r.Id)))
        {
            db.LogicalModels.Remove(row);
            events.Add(new AuditEvent("logical_model.deleted", $"logical_model:{row.Id}"));
        }
    }

    private LogicalModel Apply(CreateLogicalModel fields, LogicalModel? existing)
    {
        var row = existing ?? new LogicalModel { Id = fields.Id!, ManagedBy = ManagedBy.Configuration, CreatedAt = now, UpdatedAt = now };
        var before = existing is null ? new EditLogicalModel() : LogicalModelMapping.Document(existing);
        var wanted = new LogicalModel { Id = row.Id };
        LogicalModelMapping.Apply(fields, wanted);
        var diff = LogicalModelMapping.Diff(before, LogicalModelMapping.Document(wanted));
        if (existing is not null && diff.IsEmpty)
        {
            return row;
        }

        LogicalModelMapping.Apply(fields, row);
        row.UpdatedAt = now;
        if (existing is null)
        {
            db.LogicalModels.Add(row);
        }
        else
        {
            row.Version++;
        }

        events.Add(new AuditEvent(existing is null ? "logical_model.created" : "logical_model.updated", $"logical_model:{row.Id}", diff.Text));
        return row;
    }

    private void ApplyNames(Dictionary<string, ModelName> stored, Dictionary<string, LogicalModel> rows, Dictionary<string, ModelName> wanted)
    {
        foreach (var name in stored.Values.Where(n => rows.ContainsKey(n.ModelId) && !wanted.ContainsKey(n.Name)).ToList())
        {
            db.ModelNames.Remove(name);
        }

        foreach (var name in wanted.Values)
        {
            if (stored.TryGetValue(name.Name, out var row))
            {
                row.ModelId = name.ModelId;
                row.IsAlias = name.IsAlias;
            }
            else
            {
                db.ModelNames.Add(name);
            }
        }
    }
}
