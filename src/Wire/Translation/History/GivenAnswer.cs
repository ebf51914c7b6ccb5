using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Translation.History;

/// <summary>Reads what a client was given, in the client's own protocol.</summary>
public static class GivenAnswer
{
    /// <summary>The first answer as a message; null when the bytes are no whole answer.</summary>
    /// <param name="protocol">The client's protocol.</param>
    /// <param name="body">All bytes that it got.</param>
    /// <param name="isStream">They are a stream of events.</param>
    /// <param name="isArray">The stream is one JSON array (Gemini).</param>
    public static Message? Read(WireProtocol protocol, ReadOnlyMemory<byte> body, bool isStream, bool isArray)
    {
        var answer = isStream ? Fold(protocol, isArray ? AsEvents(body) : body) : Codecs.Of(protocol).ReadAnswer(body).Answer;
        return answer is { Choices: [{ Parts.Count: > 0 } choice, ..] } ? new Message(Role.Assistant, choice.Parts) : null;
    }

    private static ModelAnswer? Fold(WireProtocol protocol, ReadOnlyMemory<byte> body)
    {
        var decoder = Codecs.Of(protocol).NewDecoder();
        var fold = new AnswerFold();
        using var reader = new SseReader(initialBytes: body.Length + 1);
        body.CopyTo(reader.GetMemory(body.Length + 1));
        reader.Advance(body.Length);
        reader.Complete();
        try
        {
            while (reader.TryRead(out var ev))
            {
                if (decoder.Read(ev, fold) is var step && step != DecodeStep.Continue)
                {
                    if (step != DecodeStep.Done)
                    {
                        return null;
                    }

                    break;
                }
            }
        }
        catch (WireFormatException)
        {
            // One event larger than any reader takes.
            return null;
        }

        if (!decoder.IsWhole)
        {
            return null;
        }

        decoder.Complete(fold);
        return fold.ToAnswer();
    }

    private static ReadOnlyMemory<byte> AsEvents(ReadOnlyMemory<byte> array)
    {
        var output = new ArrayBufferWriter<byte>(array.Length + 64);
        using var document = JsonTree.TryParse(array);
        if (document is { RootElement.ValueKind: JsonValueKind.Array })
        {
            foreach (var element in document.RootElement.EnumerateArray())
            {
                output.Write("data: "u8);
                using (var json = JsonOut.NewWriter(output))
                {
                    element.WriteTo(json);
                }

                output.Write("\n\n"u8);
            }
        }

        return output.WrittenMemory;
    }
}
