using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AIHigress.Gateway.Features.Models;
using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane;

/// <summary>
/// Cuts a model list as Anthropic's and Google's clients ask for it. A place is a name, not a number, so that a list that changes between
/// two pages loses none; without parameters the list is whole, as OpenAI's always is.
/// </summary>
internal static class ModelPages
{
    private const int Most = 1000;

    /// <param name="protocol">Whose parameters are meant.</param>
    /// <param name="models">By rising name (ordinal).</param>
    /// <param name="query">The request's query.</param>
    /// <exception cref="GatewayErrorException">400 naming the parameter and its rule.</exception>
    public static ModelPage Of(WireProtocol protocol, IReadOnlyList<KeyValuePair<string, LogicalRoute>> models, IQueryCollection query) => protocol switch
    {
        WireProtocol.Messages => Anthropic(models, query),
        WireProtocol.Gemini => Google(models, query),
        _ => new ModelPage(models, HasMore: false, NextToken: null),
    };

    private static ModelPage Anthropic(IReadOnlyList<KeyValuePair<string, LogicalRoute>> models, IQueryCollection query)
    {
        var limit = Number(query, "limit", 1) ?? Math.Max(1, models.Count);
        var (after, before) = (query["after_id"].ToString(), query["before_id"].ToString());
        if (after.Length > 0 && before.Length > 0)
        {
            throw new GatewayErrorException(GatewayError.Invalid("Send either after_id or before_id, not both.", "before_id"));
        }

        if (before.Length > 0)
        {
            var earlier = models.TakeWhile(m => string.CompareOrdinal(m.Key, before) < 0).ToArray();
            return new ModelPage([.. earlier.TakeLast(limit)], earlier.Length > limit, NextToken: null);
        }

        return After(models, after, limit);
    }

    private static ModelPage Google(IReadOnlyList<KeyValuePair<string, LogicalRoute>> models, IQueryCollection query)
    {
        // 0 is Google's way to leave it open.
        var size = Number(query, "pageSize", 0) is { } asked and > 0 ? asked : Math.Max(1, models.Count);
        return After(models, ReadToken(query["pageToken"].ToString()), size);
    }

    private static ModelPage After(IReadOnlyList<KeyValuePair<string, LogicalRoute>> models, string after, int limit)
    {
        var later = models.SkipWhile(m => after.Length > 0 && string.CompareOrdinal(m.Key, after) <= 0).ToArray();
        var page = later.Take(limit).ToArray();
        return later.Length > page.Length
            ? new ModelPage(page, HasMore: true, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[^1].Key)))
            : new ModelPage(page, HasMore: false, NextToken: null);
    }

    private static int? Number(IQueryCollection query, string name, int least)
    {
        var text = query[name].ToString();
        return text.Length == 0 ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? Math.Min(number, Most)
            : throw new GatewayErrorException(GatewayError.Invalid($"{name} must be a whole number from {least} to {Most}.", name));
    }

    private static string ReadToken(string token)
    {
        if (token.Length == 0)
        {
            return "";
        }

        return Base64Url.IsValid(token)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token))
            : throw new GatewayErrorException(GatewayError.Invalid("pageToken is none that this server gave. Leave it out to start with the first page.", "pageToken"));
    }
}

/// <summary>Some of a caller's models.</summary>
/// <param name="Models">In their order.</param>
/// <param name="HasMore">There are others in the direction asked for.</param>
/// <param name="NextToken">Gets Google's clients the next page.</param>
internal sealed record ModelPage(IReadOnlyList<KeyValuePair<string, LogicalRoute>> Models, bool HasMore, string? NextToken);
