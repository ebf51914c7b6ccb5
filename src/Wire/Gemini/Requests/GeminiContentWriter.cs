using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>Writes the conversation of one request: turns of one side that follow each other become one content.</summary>
internal sealed class GeminiContentWriter(Utf8JsonWriter json, RequestTarget target, IReadOnlyList<Message> messages)
{
    // Google's word for a signature that was never there: https://ai.google.dev/gemini-api/docs/thought-signatures
    private const string NoSignature = "skip_thought_signature_validator";

    private readonly GeminiModelKind _model = new(target.Model);
    private readonly Dictionary<string, string> _names = GeminiCallIds.Names(messages);

    // Images and files of results, for models that take none inside: they follow the last result of the turn.
    private readonly List<Part> _moved = [];

    public void Write()
    {
        var turns = Merge();
        var current = turns.FindLastIndex(t => !t.IsModel && t.Parts.Any(p => p is not ToolResultPart));
        json.WriteStartArray("contents");
        for (var i = 0; i < turns.Count; i++)
        {
            WriteTurn(turns[i], needsSignature: i > current && turns[i].IsModel && _model.ChecksSignatures);
        }

        json.WriteEndArray();
    }

    private List<Turn> Merge()
    {
        var turns = new List<Turn>();
        foreach (var message in messages)
        {
            var isModel = message.Role == Role.Assistant;
            var parts = message.Parts.Where(CanWrite).ToList();
            if (parts.Count == 0)
            {
                continue;
            }

            if (turns.LastOrDefault() is { } last && last.IsModel == isModel)
            {
                last.Parts.AddRange(parts);
            }
            else
            {
                turns.Add(new Turn(isModel, parts));
            }
        }

        return turns;
    }

    // Thoughts without a signature of this upstream's own mean nothing to it.
    private bool CanWrite(Part part) => part is not ReasoningPart reasoning || Readable(reasoning.Seal) is not null;

    private string? Readable(Seal? seal) => seal is not null && seal.IsReadableBy(WireProtocol.Gemini, target.Provider) ? seal.Value : null;

    private void WriteTurn(Turn turn, bool needsSignature)
    {
        json.WriteStartObject();
        json.WriteString("role", turn.IsModel ? "model" : "user");
        json.WriteStartArray("parts");
        string? pending = null;
        foreach (var part in turn.Parts)
        {
            if (part is not ToolResultPart)
            {
                WriteMoved();
            }

            if (pending is not null && part is not (TextPart or ImagePart))
            {
                WriteSignature(pending);
                pending = null;
            }

            if (part is ReasoningPart { Text.Length: 0 } bare)
            {
                // It is the signature of the part behind it.
                WritePending(pending);
                pending = Readable(bare.Seal);
                continue;
            }

            var placeholder = needsSignature && part is ToolCallPart ? NoSignature : null;
            needsSignature &= part is not ToolCallPart;
            WritePart(part, pending, placeholder);
            pending = null;
        }

        WritePending(pending);
        WriteMoved();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteMoved()
    {
        _moved.ForEach(WriteMediaPart);
        _moved.Clear();
    }

    private void WritePending(string? signature)
    {
        if (signature is not null)
        {
            WriteSignature(signature);
        }
    }

    private void WriteSignature(string signature)
    {
        json.WriteStartObject();
        json.WriteString("text", "");
        json.WriteString("thoughtSignature", signature);
        json.WriteEndObject();
    }

    private void WritePart(Part part, string? signature, string? placeholder)
    {
        if (part is ToolResultPart result)
        {
            WriteResult(result);
            return;
        }

        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("text", text.Text);
                break;
            case RefusalPart refusal:
                json.WriteString("text", refusal.Text);
                break;
            case ReasoningPart reasoning:
                json.WriteString("text", reasoning.Text);
                json.WriteBoolean("thought", true);
                signature = Readable(reasoning.Seal);
                break;
            case ToolCallPart call:
                WriteCall(call);
                signature = Readable(call.Seal) ?? placeholder;
                break;
            default:
                WriteMedia(part);
                break;
        }

        json.WriteMember("thoughtSignature", signature);
        json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call)
    {
        json.WriteStartObject("functionCall");
        if (call.Id.Length > 0)
        {
            json.WriteString("id", call.Id);
        }

        json.WriteString("name", call.Name);
        GeminiArguments.Write(json, call.Arguments, call.IsCustom);
        json.WriteEndObject();
    }

    private void WriteResult(ToolResultPart result)
    {
        var media = result.Content.Where(p => p is not TextPart).ToList();
        json.WriteStartObject();
        json.WriteStartObject("functionResponse");
        if (result.CallId.Length > 0)
        {
            json.WriteString("id", result.CallId);
        }

        json.WriteString("name", result.Name ?? _names.GetValueOrDefault(result.CallId, "tool"));
        GeminiFunctionResponse.Write(json, result);
        if (_model.IsThird && media.Count > 0)
        {
            json.WriteStartArray("parts");
            media.ForEach(WriteMediaPart);
            json.WriteEndArray();
        }
        else
        {
            _moved.AddRange(media);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteMediaPart(Part part)
    {
        json.WriteStartObject();
        WriteMedia(part);
        json.WriteEndObject();
    }

    private void WriteMedia(Part part)
    {
        switch (part)
        {
            case ImagePart image:
                GeminiMedia.Write(json, image.Source, "image/png");
                break;
            case AudioPart audio:
                GeminiMedia.Write(json, audio.Source, "audio/wav");
                break;
            case VideoPart video:
                GeminiMedia.Write(json, video.Source, "video/mp4");
                break;
            case FilePart file:
                GeminiMedia.Write(json, file.Source, "application/pdf");
                break;
            default:
                throw new ArgumentException($"A {part.GetType().Name} can't stand here.", nameof(part));
        }
    }

    private sealed record Turn(bool IsModel, List<Part> Parts);
}
