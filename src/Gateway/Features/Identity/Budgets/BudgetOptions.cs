using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Identity.Budgets;

/// <summary>How money is counted in time.</summary>
public sealed class BudgetOptions
{
    public const string Section = "Budgets";

    [Setting("BILLING_TIMEZONE", "The time zone (IANA name, such as Europe/Berlin) at whose midnights the periods of budgets begin.", Live = true)]
    [TimeZoneName]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Of a checked name.</summary>
    internal TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}

/// <summary>The name of a time zone that this machine knows.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeZoneNameAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
}
