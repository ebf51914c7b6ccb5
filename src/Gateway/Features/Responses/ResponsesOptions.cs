using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Responses;

/// <summary>What is kept for clients of the Responses API.</summary>
public sealed class ResponsesOptions
{
    public const string Section = "Responses";

    [Setting("RESPONSES_TTL_DAYS", "Days that responses are kept for follow-ups, unless the request says store:false.", Live = true)]
    [Range(1, 400)]
    public int TtlDays { get; set; } = 30;
}
