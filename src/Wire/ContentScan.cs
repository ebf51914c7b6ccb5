using System.Runtime.InteropServices;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire;

/// <summary>
/// Walks the turns of a Responses, Messages or Gemini request for the media in them. Only places where a protocol puts parts are looked at, so that
/// a tool's arguments that merely look like a part count for nothing; whatever has another form passes unread.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ContentScan
{
    public RequestNeeds Needs { get; private set; }

    /// <summary>Bytes of embedded files, which say nothing about how many tokens they make.</summary>
    public long MediaBytes { get; private set; }

    /// <summary>Reads the value at the reader: turns in an array, one turn, or a text.</summary>
    public void ReadTurns(ref JsonBodyReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadItem(ref reader);
            return;
        }

        ReadItems(ref reader);
    }

    private void ReadItems(ref JsonBodyReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadItem(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // One level of nesting in JSON is at most one of calls here, and the reader refuses more than its depth.
    private void ReadItem(ref JsonBodyReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader);
        }
    }

    private void ReadMember(ref JsonBodyReader reader)
    {
        if (reader.Is("type"u8))
        {
            reader.Read();
            ReadType(ref reader);
        }
        else if (reader.Is("content"u8) || reader.Is("parts"u8) || reader.Is("output"u8))
        {
            if (!reader.TryStepOverText(out _))
            {
                reader.Read();
                ReadTurns(ref reader);
            }
        }
        else if (reader.Is("inlineData"u8) || reader.Is("inline_data"u8) || reader.Is("fileData"u8) || reader.Is("file_data"u8))
        {
            ReadMedia(ref reader);
        }
        else
        {
            var isMedia = reader.Is("source"u8) || reader.Is("image_url"u8) || reader.Is("input_audio"u8);
            Skip(ref reader, isMedia);
        }
    }

    private void ReadType(ref JsonBodyReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
        }
        else if (reader.Is("image"u8) || reader.Is("input_image"u8))
        {
            Needs |= RequestNeeds.Vision;
        }
        else if (reader.Is("input_audio"u8))
        {
            Needs |= RequestNeeds.Audio;
        }
    }

    /// <summary>Google's media tell their kind by MIME type. Responses puts a file's data under the same name, as a text.</summary>
    private void ReadMedia(ref JsonBodyReader reader)
    {
        var start = reader.TokenEnd;
        if (!reader.TryStepOverText(out _))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMediaMembers(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        MediaBytes += reader.TokenEnd - start;
    }

    private void ReadMediaMembers(ref JsonBodyReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKind = reader.Is("mimeType"u8) || reader.Is("mime_type"u8);
            if (reader.TryStepOverText(out _))
            {
                continue;
            }

            reader.Read();
            if (isKind && reader.TokenType == JsonTokenType.String)
            {
                Needs |= reader.ValueSpan.StartsWith("image/"u8) ? RequestNeeds.Vision : reader.ValueSpan.StartsWith("audio/"u8) ? RequestNeeds.Audio : RequestNeeds.None;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void Skip(ref JsonBodyReader reader, bool isMedia)
    {
        var start = reader.TokenEnd;
        if (!reader.TryStepOverText(out _))
        {
            reader.Read();
            reader.Skip();
        }

        MediaBytes += isMedia ? reader.TokenEnd - start : 0;
    }
}
