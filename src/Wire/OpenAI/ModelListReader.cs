using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>
/// Reads the model ids of an upstream's model list: <c>{"data":[…]}</c>, <c>{"models":[…]}</c> or a bare array, of objects with
/// <c>id</c> (else <c>name</c>) or of plain strings. A null list is an empty one.
/// </summary>
public static class ModelListReader
{
    /// <summary>The ids in their order, each once. Throws <see cref="WireFormatException"/> when the answer is no model list.</summary>
    public static IReadOnlyList<string> Read(ReadOnlySpan<byte> body)
    {
        JsonFault.RequireUtf8(body, "The model list");
        try
        {
            return new ModelListPass(body).Read();
        }
        catch (JsonException)
        {
            throw JsonFault.Explain(body, "The model list");
        }
    }
}

/// <summary>One pass over a model list.</summary>
internal ref struct ModelListPass(ReadOnlySpan<byte> body)
{
    private readonly List<string> _ids = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private Utf8JsonReader _reader = new(body, JsonFault.Strict);

    public IReadOnlyList<string> Read()
    {
        _reader.Read();
        var found = _reader.TokenType switch
        {
            JsonTokenType.StartArray => ReadList(),
            JsonTokenType.StartObject => ReadRoot(),
            _ => false,
        };
        if (!found)
        {
            throw new WireFormatException(
                WireFormatException.InvalidRequest, "The answer is not a model list: it has neither a 'data' nor a 'models' array. Check the provider's base URL.", "data");
        }

        _reader.Read();
        return _ids;
    }

    private bool ReadRoot()
    {
        var found = false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isList = _reader.Is("data"u8) || _reader.Is("models"u8);
            _reader.Read();
            if (isList && _reader.TokenType is (JsonTokenType.StartArray or JsonTokenType.Null))
            {
                found |= _reader.TokenType == JsonTokenType.Null || ReadList();
            }
            else
            {
                _reader.Skip();
            }
        }

        return found;
    }

    private bool ReadList()
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.String:
                    Add(_reader.GetText());
                    break;
                case JsonTokenType.StartObject:
                    Add(ReadId());
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }

        return true;
    }

    private string? ReadId()
    {
        string? id = null;
        string? name = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = _reader.Is("id"u8);
            var isName = !isId && _reader.Is("name"u8);
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.String && (isId || isName))
            {
                var text = _reader.GetText();
                id = isId ? text : id;
                name = isName ? text : name;
            }
            else
            {
                _reader.Skip();
            }
        }

        return string.IsNullOrEmpty(id) ? name : id;
    }

    private readonly void Add(string? id)
    {
        if (!string.IsNullOrEmpty(id) && _known.Add(id))
        {
            _ids.Add(id);
        }
    }
}
