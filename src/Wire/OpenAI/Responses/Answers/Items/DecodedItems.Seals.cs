using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers.Items;

/// <summary>Seals that came in items of their own, for the calls they belong to.</summary>
internal sealed partial class DecodedItems
{
    private void GiveCallSeals(IAnswerSink sink)
    {
        if (_callSeals.Count == 0)
        {
            return;
        }

        foreach (var (callId, seal) in _callSeals.ToArray())
        {
            if (_openCalls.TryGetValue(callId, out var number) && _parts[number].IsOpen)
            {
                _callSeals.Remove(callId);
                sink.Seal(number, seal);
            }
        }
    }
}
