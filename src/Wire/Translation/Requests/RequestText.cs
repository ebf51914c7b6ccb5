using System.Text;

namespace AIHigress.Wire.Translation.Requests;

/// <summary>Gathers the text of a request for a tokenizer: roles, texts, calls and results, then the tools; no image or file data.</summary>
public static class RequestText
{
    public static string Of(ModelRequest request)
    {
        var text = new StringBuilder();
        foreach (var part in request.System)
        {
            text.AppendLine(part.Text);
        }

        foreach (var message in request.Messages)
        {
            text.AppendLine(message.Role switch { Role.User => "user", Role.Assistant => "assistant", _ => "system" });
            Append(message.Parts, text);
        }

        foreach (var tool in request.Tools)
        {
            text.AppendLine(tool.Name).AppendLine(tool.Description).AppendLine((tool as FunctionTool)?.Parameters ?? (tool as CustomTool)?.Format);
        }

        return text.ToString();
    }

    private static void Append(IReadOnlyList<Part> parts, StringBuilder text)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart p:
                    text.AppendLine(p.Text);
                    break;
                case RefusalPart p:
                    text.AppendLine(p.Text);
                    break;
                case ReasoningPart p:
                    text.AppendLine(p.Text);
                    break;
                case ToolCallPart p:
                    text.AppendLine(p.Name).AppendLine(p.Arguments);
                    break;
                case ToolResultPart p:
                    Append(p.Content, text);
                    break;
                case FilePart { Source: { IsText: true, Data: { } data } }:
                    text.AppendLine(data);
                    break;
            }
        }
    }
}
