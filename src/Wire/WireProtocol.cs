namespace AIHigress.Wire;

/// <summary>The four formats that clients and upstreams speak.</summary>
public enum WireProtocol
{
    /// <summary>OpenAI Chat Completions.</summary>
    Chat,

    /// <summary>OpenAI Responses.</summary>
    Responses,

    /// <summary>Anthropic Messages.</summary>
    Messages,

    /// <summary>Google Gemini generateContent.</summary>
    Gemini,
}
