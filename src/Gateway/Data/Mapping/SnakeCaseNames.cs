using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data.Mapping;

/// <summary>Columns are named as the API names fields: snake_case. Hand-written SQL (drain, filters) relies on it.</summary>
internal static class SnakeCaseNames
{
    public static void Apply(ModelBuilder modelBuilder)
    {
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (entity.IsMappedToJson())
            {
                continue;
            }

            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            }
        }
    }
}
