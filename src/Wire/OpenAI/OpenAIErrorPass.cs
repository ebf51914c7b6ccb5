using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>One pass over an error body.</summary>
internal ref struct OpenAIErrorPass(ReadOnlySpan<byte> body)
{
    private Utf8JsonReader _reader = new(body, JsonFault.Strict);
    private string? _message;
    private string? _type;
    private string? _param;
    private string? _code;
    private bool _hasError;

    public OpenAIErrorInfo? Read()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartArray)
        {
            _reader.Read();
        }

        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        ReadObject(isRoot: true);
        return _message is null && !_hasError ? null : new OpenAIErrorInfo(_message ?? "", _type, _param, _code);
    }

    // Members of the inner "error" object are more to the point than their namesakes beside it, wherever they stand.
    private void ReadObject(bool isRoot)
    {
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isRoot && _reader.Is("error"u8))
            {
                _reader.Read();
                ReadErrorMember();
            }
            else if (_reader.Is("message"u8) || (isRoot && _reader.Is("detail"u8)))
            {
                _reader.Read();
                _message = Prefer(ReadMessage(), _message, isRoot);
            }
            else if (!isRoot || _reader.Is("code"u8) || _reader.Is("type"u8) || _reader.Is("param"u8))
            {
                ReadDetail(isRoot);
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadDetail(bool isRoot)
    {
        if (_reader.Is("code"u8))
        {
            _code = Prefer(ReadScalar(), _code, isRoot);
        }
        else if (_reader.Is("type"u8))
        {
            _type = Prefer(ReadScalar(), _type, isRoot);
        }
        else if (_reader.Is("status"u8))
        {
            var status = ReadScalar();
            _type ??= status;
        }
        else if (_reader.Is("param"u8))
        {
            _param = Prefer(ReadScalar(), _param, isRoot);
        }
        else
        {
            _reader.Skip();
        }
    }

    private void ReadErrorMember()
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            _hasError = true;
            ReadObject(isRoot: false);
        }
        else if (_reader.TokenType == JsonTokenType.String)
        {
            _message = _reader.ValueSpan.IsEmpty ? _message : _reader.GetText();
        }
        else
        {
            _reader.Skip();
        }
    }

    private string? ReadMessage()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            return ReadString();
        }

        string? first = null;
        var depth = _reader.CurrentDepth;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            if (_reader.TokenType == JsonTokenType.PropertyName && _reader.Is("msg"u8))
            {
                _reader.Read();
                first ??= ReadString();
            }
        }

        return first;
    }

    private string? ReadString()
    {
        var text = _reader.TokenType == JsonTokenType.String ? _reader.GetText() : null;
        _reader.Skip();
        return text;
    }

    private string? ReadScalar()
    {
        _reader.Read();
        var text = _reader.TokenType is JsonTokenType.String or JsonTokenType.Number ? _reader.GetText() : null;
        _reader.Skip();
        return text;
    }

    private static string? Prefer(string? value, string? known, bool isRoot) => isRoot ? known ?? value : value ?? known;
}
