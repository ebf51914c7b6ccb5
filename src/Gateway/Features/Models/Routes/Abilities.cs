using AIHigress.Wire;

namespace AIHigress.Gateway.Features.Models.Routes;

/// <summary>Reads a model's declared capabilities as what requests may need of it.</summary>
internal static class Abilities
{
    /// <summary>Null when nothing was declared: then nothing is known.</summary>
    public static RequestNeeds? Of(string[]? capabilities)
    {
        if (capabilities is null)
        {
            return null;
        }

        var found = RequestNeeds.None;
        foreach (var capability in capabilities)
        {
            found |= capability switch
            {
                "tools" => RequestNeeds.Tools,
                "vision" => RequestNeeds.Vision,
                "audio_in" => RequestNeeds.Audio,
                "json_schema" => RequestNeeds.JsonSchema,
                "reasoning" => RequestNeeds.Reasoning,
                _ => RequestNeeds.None,
            };
        }

        return found;
    }
}
