namespace AIHigress.Wire;

/// <summary>What a request asks of a model besides text; found in the one scan of its body.</summary>
[Flags]
public enum RequestNeeds
{
    None = 0,

    /// <summary>Tools are offered to the model.</summary>
    Tools = 1,

    /// <summary>An image is part of the prompt.</summary>
    Vision = 2,

    /// <summary>Sound is part of the prompt.</summary>
    Audio = 4,

    /// <summary>The answer must follow a JSON schema.</summary>
    JsonSchema = 8,

    /// <summary>The model is told to think, and how much.</summary>
    Reasoning = 16,
}

public static class RequestNeedsTerms
{
    /// <summary>The need, or none.</summary>
    public static RequestNeeds If(this RequestNeeds need, bool wanted) => wanted ? need : RequestNeeds.None;
}
