using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>One pass over one Chat request: the reader and what has been found so far.</summary>
internal ref struct ChatRequestPass(ReadOnlySpan<byte> body)
{
    private JsonBodyReader _reader = new(body);
    private uint _seen;
    private string? _model;
    private ByteSpan _modelValue;
    private bool? _stream;
    private ByteSpan? _streamNull;
    private StreamOptionsFound _options;
    private long? _maxTokens;
    private long? _maxCompletionTokens;
    private bool _hasTools;
    private long _toolsBytes;
    private ChatMessagesFound _messages;
    private bool _wantsJsonSchema;
    private bool _wantsReasoning;
    private int _choices = 1;
    private string? _promptCacheKey;
    private string? _user;
    private string? _metadataUserId;

    public ChatRequestHead Read()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw new WireFormatException(
                WireFormatException.InvalidRequest, $"The body must be a JSON object; it is {JsonMembers.NameOf(_reader.TokenType)}.", position: _reader.TokenStart);
        }

        var objectStart = _reader.TokenStart + 1;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember();
        }

        // One more step, so that anything but white space after the object is refused.
        _reader.Read();
        if (string.IsNullOrEmpty(_model))
        {
            throw new WireFormatException(WireFormatException.InvalidRequest, "'model' is missing or empty; name the model that shall answer.", "model");
        }

        return ToHead(objectStart, _model);
    }

    private readonly ChatRequestHead ToHead(int objectStart, string model) => new()
    {
        Model = model,
        ModelValue = _modelValue,
        ObjectStart = objectStart,
        Stream = _stream,
        StreamNull = _streamNull,
        IncludeUsage = _options.IncludeUsage,
        StreamOptionsValue = _options.Value,
        StreamOptionsIsNull = _options.IsNull,
        StreamOptionsIsEmptyObject = _options.IsEmptyObject,
        IncludeUsageValue = _options.IncludeUsageValue,
        MaxTokens = _maxCompletionTokens ?? _maxTokens,
        HasTools = _hasTools,
        ToolsBytes = _toolsBytes,
        HasImages = _messages.HasImages,
        HasAudio = _messages.HasAudio,
        TextBytes = _messages.TextBytes,
        WantsJsonSchema = _wantsJsonSchema,
        WantsReasoning = _wantsReasoning,
        Choices = _choices,
        PromptCacheKey = _promptCacheKey,
        User = _user,
        MetadataUserId = _metadataUserId,
    };

    private void ReadMember()
    {
        Span<byte> scratch = stackalloc byte[JsonKeys.ScratchBytes];
        var field = ChatRequestKeys.Find(JsonText.Key(_reader.ValueSpan, _reader.ValueIsEscaped, scratch), out var exact);
        if (field != ChatRequestField.None)
        {
            var bit = 1u << (int)field;
            if ((_seen & bit) != 0)
            {
                throw JsonMembers.Duplicate(ref _reader, ChatRequestKeys.NameOf(field));
            }

            _seen |= bit;
        }

        _reader.Read();
        if (exact)
        {
            ReadField(field);
        }
        else
        {
            _reader.Skip();
        }
    }

    private void ReadField(ChatRequestField field)
    {
        switch (field)
        {
            case ChatRequestField.Model:
                ReadModel();
                break;
            case ChatRequestField.Stream:
                _streamNull = _reader.TokenType == JsonTokenType.Null ? JsonMembers.ValueSpanOf(ref _reader) : null;
                _stream = JsonMembers.ReadBoolean(ref _reader, "stream");
                break;
            case ChatRequestField.StreamOptions:
                _options = StreamOptionsFound.Read(ref _reader);
                break;
            case ChatRequestField.MaxTokens:
                _maxTokens = ReadLimit("max_tokens");
                break;
            case ChatRequestField.MaxCompletionTokens:
                _maxCompletionTokens = ReadLimit("max_completion_tokens");
                break;
            case ChatRequestField.Tools or ChatRequestField.Functions:
                ReadTools(ChatRequestKeys.NameOf(field));
                break;
            case ChatRequestField.Messages:
                _messages = ChatMessagesFound.Read(ref _reader);
                break;
            case ChatRequestField.ResponseFormat:
                ReadResponseFormat();
                break;
            case ChatRequestField.Choices:
                _choices = ReadChoices();
                break;
            case ChatRequestField.PromptCacheKey:
                _promptCacheKey = JsonMembers.ReadString(ref _reader, "prompt_cache_key");
                break;
            case ChatRequestField.User:
                _user = JsonMembers.ReadString(ref _reader, "user");
                break;
            case ChatRequestField.Metadata:
                ReadMetadata();
                break;
            default:
                _wantsReasoning |= _reader.TokenType != JsonTokenType.Null && !(_reader.TokenType == JsonTokenType.String && _reader.Is("none"u8));
                _reader.Skip();
                break;
        }
    }

    private void ReadModel()
    {
        if (_reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        _modelValue = JsonMembers.ValueSpanOf(ref _reader);
        _model = JsonMembers.ReadString(ref _reader, "model", "a string");
        if (_reader.ValueIsEscaped && _model!.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new WireFormatException(WireFormatException.InvalidRequest, "'model' holds half of a surrogate pair; send the model's name as text.", "model", _modelValue.Start);
        }
    }

    // A negative limit is how some clients say "no limit" to servers that allow it; the upstream decides, we only have no number.
    private long? ReadLimit(string name) => JsonMembers.ReadInteger(ref _reader, name) is { } limit and >= 0 ? limit : null;

    private int ReadChoices()
    {
        var start = _reader.TokenStart;
        return JsonMembers.ReadInteger(ref _reader, "n") switch
        {
            null => 1,
            >= 1 and <= int.MaxValue and var n => (int)n,
            _ => throw new WireFormatException(WireFormatException.InvalidRequest, "'n' must be an integer of at least 1, or null.", "n", start),
        };
    }

    private void ReadTools(string name)
    {
        if (_reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        JsonMembers.Require(ref _reader, JsonTokenType.StartArray, name, "an array or null");
        var start = _reader.TokenStart;
        var isEmpty = true;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            isEmpty = false;
            _reader.Skip();
        }

        _hasTools |= !isEmpty;
        _toolsBytes += isEmpty ? 0 : _reader.TokenEnd - start;
    }

    private void ReadResponseFormat()
    {
        var cursor = new JsonMemberSearch("response_format", "type"u8);
        if (cursor.Find(ref _reader))
        {
            _wantsJsonSchema = _reader.TokenType == JsonTokenType.String
                ? _reader.Is("json_schema"u8)
                : _reader.TokenType == JsonTokenType.Null ? false : throw JsonMembers.WrongType(ref _reader, "response_format.type", "a string");
            cursor.Finish(ref _reader);
        }
    }

    private void ReadMetadata()
    {
        var cursor = new JsonMemberSearch("metadata", "user_id"u8);
        if (cursor.Find(ref _reader))
        {
            _metadataUserId = JsonMembers.ReadString(ref _reader, "metadata.user_id");
            cursor.Finish(ref _reader);
        }
    }
}
