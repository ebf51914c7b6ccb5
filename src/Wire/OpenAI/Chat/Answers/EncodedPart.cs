using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Where the deltas of a part go.</summary>
/// <param name="Choice">Index of the choice.</param>
/// <param name="Kind">Which member of the delta.</param>
/// <param name="Number">Which call, or which thoughts, of the choice; from 0.</param>
/// <param name="IsCustom">The call goes to a custom tool.</param>
internal sealed record EncodedPart(int Choice, AnswerPartKind Kind, int Number, bool IsCustom)
{
    /// <summary>Set when the upstream gives the input of a custom tool as JSON.</summary>
    public CustomInput? Wrapped { get; init; }

    /// <summary>Its seal went out with its beginning.</summary>
    public bool IsSealed { get; init; }
}

/// <summary>What has been written of a choice.</summary>
internal sealed class EncodedChoice
{
    public bool IsOpen { get; set; }

    public int Calls { get; set; }

    public int Thoughts { get; set; }

    public bool HasRefusal { get; set; }
}
