using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>Makes an upstream's text fit to show: no key, no address, no control characters, not too long.</summary>
internal static class Scrubber
{
    private const int Longest = 500;

    public static string Clean(string text, ProviderRoute provider, ProviderKeyRoute? key)
    {
        if (key is not null)
        {
            text = text.Replace(key.Secret, "[key]", StringComparison.Ordinal);
        }

        text = text
            .Replace(provider.BaseUrl.AbsoluteUri.TrimEnd('/'), "[upstream]", StringComparison.OrdinalIgnoreCase)
            .Replace(provider.BaseUrl.Authority, "[upstream]", StringComparison.OrdinalIgnoreCase)
            .Replace(provider.BaseUrl.Host, "[upstream]", StringComparison.OrdinalIgnoreCase);
        var clipped = text.Length > Longest ? string.Concat(text.AsSpan(0, Longest), "…") : text;
        return string.Create(clipped.Length, clipped, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }
}
