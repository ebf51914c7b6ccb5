using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>One pass over one JSON object of an answer: a stream's chunk or a whole completion, which differ only in <c>delta</c> and <c>message</c>.</summary>
internal ref struct ChatAnswerPass(ReadOnlySpan<byte> data, IBufferWriter<byte>? text)
{
    private readonly IBufferWriter<byte>? _text = text;
    private Utf8JsonReader _reader = new(data, JsonFault.Strict);
    private bool _objectIsError;
    private bool _errorMember;
    private int? _errorStatus;
    private int? _rootStatus;
    private TokenUsage? _rootUsage;
    private TokenUsage? _choiceUsage;

    public bool ChoicesPresent { get; private set; }

    public bool HasChoices { get; private set; }

    public bool HasContent { get; private set; }

    public bool HasFinish { get; private set; }

    public readonly bool IsError => _errorMember || _objectIsError;

    public readonly int? ErrorStatus => _errorStatus ?? (IsError ? _rootStatus : null);

    // Moonshot reports usage inside the last choice; the usual place wins when both are there.
    public readonly TokenUsage? Usage => _rootUsage ?? _choiceUsage;

    /// <summary>False when the data is not one JSON object. Text of the part before the fault may have been appended by then.</summary>
    public bool TryRead()
    {
        try
        {
            return ReadRoot();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool ReadRoot()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadRootMember();
        }

        _reader.Read();
        return true;
    }

    private void ReadRootMember()
    {
        if (_reader.Is("choices"u8))
        {
            _reader.Read();
            ReadChoices();
        }
        else if (_reader.Is("usage"u8))
        {
            _reader.Read();
            _rootUsage = OpenAIUsage.Read(ref _reader) ?? _rootUsage;
        }
        else if (_reader.Is("error"u8))
        {
            _reader.Read();
            ReadError();
        }
        else if (_reader.Is("object"u8))
        {
            _reader.Read();
            _objectIsError = _reader.TokenType == JsonTokenType.String && _reader.Is("error"u8);
            _reader.Skip();
        }
        else if (_reader.Is("code"u8) || _reader.Is("status"u8))
        {
            _rootStatus = ReadStatus() ?? _rootStatus;
        }
        else
        {
            _reader.Skip();
        }
    }

    private void ReadError()
    {
        if (_reader.TokenType == JsonTokenType.String)
        {
            _errorMember = _reader.ValueSpan.Length > 0;
            return;
        }

        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        _errorMember = true;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.Is("code"u8) || _reader.Is("status"u8) || _reader.Is("status_code"u8))
            {
                _errorStatus = ReadStatus() ?? _errorStatus;
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private int? ReadStatus()
    {
        _reader.Read();
        var status = 0;
        var isStatus = _reader.TokenType switch
        {
            JsonTokenType.Number => _reader.TryGetInt32(out status),
            JsonTokenType.String => _reader.ValueSpan.Length == 3 && int.TryParse(_reader.ValueSpan, out status),
            _ => false,
        };
        _reader.Skip();
        return isStatus && status is >= 400 and <= 599 ? status : null;
    }

    private void ReadChoices()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            _reader.Skip();
            return;
        }

        ChoicesPresent = true;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                HasChoices = true;
                ReadChoice();
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadChoice()
    {
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.Is("delta"u8) || _reader.Is("message"u8))
            {
                _reader.Read();
                HasContent |= ChatMessageText.Read(ref _reader, _text);
            }
            else if (_reader.Is("finish_reason"u8))
            {
                _reader.Read();
                HasFinish |= _reader.TokenType == JsonTokenType.String && _reader.ValueSpan.Length > 0;
                _reader.Skip();
            }
            else if (_reader.Is("text"u8))
            {
                _reader.Read();
                HasContent |= ChatMessageText.ReadString(ref _reader, _text);
            }
            else if (_reader.Is("usage"u8))
            {
                _reader.Read();
                _choiceUsage = OpenAIUsage.Read(ref _reader) ?? _choiceUsage;
            }
            else
            {
                _reader.Skip();
            }
        }
    }
}
