using System.ComponentModel;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Data.Paging;

/// <summary>What every list takes in its query string; bind it with <c>[AsParameters]</c>.</summary>
public sealed record PageQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    [FromQuery(Name = "limit"), Description("Items per page, 1 to 200; 50 when left out.")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor"), Description("The next_cursor of the page before; good only with the same sort and filters.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "sort"), Description("A field name; a leading '-' sorts downwards.")]
    public string? Sort { get; init; }

    [FromQuery(Name = "q"), Description("Text that the name must contain, in any letter case.")]
    public string? Q { get; init; }

    [FromQuery(Name = "include_total"), Description("True counts the matches, up to 10,000.")]
    public bool? IncludeTotal { get; init; }

    /// <exception cref="ProblemException">400 when the limit is out of range.</exception>
    internal int ValidLimit()
    {
        var limit = Limit ?? DefaultLimit;
        return limit is >= 1 and <= MaxLimit
            ? limit
            : throw Problems.Field("limit", "out_of_range", $"must be between 1 and {MaxLimit}",
                new Dictionary<string, object?> { ["min"] = 1, ["max"] = MaxLimit });
    }
}
