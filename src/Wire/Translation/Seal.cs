using System.Buffers.Text;
using System.Text;

namespace AIHigress.Wire.Translation;

/// <summary>
/// Something that only its maker can read: a signature of thoughts, or thoughts encrypted. It is kept through any client protocol and
/// given back to its maker only.
/// </summary>
/// <param name="Maker">The protocol of the upstream that made it.</param>
/// <param name="Value">As the maker sent it.</param>
public sealed record Seal(WireProtocol Maker, string Value)
{
    // Six bytes, so that their base64 is eight characters whatever follows. Some clients decode and re-encode the field: it must be base64.
    private const string Header = "aihig.";
    private const string HeaderBase64 = "YWloaWcu";
    private const string Letters = "CRMG";

    /// <summary>The provider (not the protocol) that made it; null when a client brought it unmarked.</summary>
    public string? Provider { get; init; }

    /// <summary>The text for a client: the maker's own where the client speaks the maker's protocol, else marked with its maker.</summary>
    public string For(WireProtocol client) => client == Maker
        ? Value
        : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Header}{Letters[(int)Maker]}{Provider}\n{Value}"));

    /// <summary>The other way round: what a client sent back.</summary>
    public static Seal From(WireProtocol client, string text)
    {
        if (!text.StartsWith(HeaderBase64, StringComparison.Ordinal) || !Base64.IsValid(text))
        {
            return new Seal(client, text);
        }

        var marked = Encoding.UTF8.GetString(Convert.FromBase64String(text));
        var end = marked.IndexOf('\n');
        var maker = marked.Length > Header.Length ? Letters.IndexOf(marked[Header.Length]) : -1;
        if (maker < 0 || end < 0)
        {
            return new Seal(client, text);
        }

        var provider = marked[(Header.Length + 1)..end];
        return new Seal((WireProtocol)maker, marked[(end + 1)..]) { Provider = provider.Length > 0 ? provider : null };
    }

    /// <summary>How every marked text begins; whatever else begins so is not marked.</summary>
    internal static ReadOnlySpan<byte> Mark => "YWloaWcu"u8;

    /// <summary>Whether a text that a client sent back is one that was marked here.</summary>
    internal static bool IsMarked(WireProtocol client, string text) => !ReferenceEquals(From(client, text).Value, text);

    /// <summary>As <see cref="From"/>; null for nothing, and for the mark of thoughts that nobody signed.</summary>
    public static Seal? Read(WireProtocol client, string? text) =>
        !string.IsNullOrEmpty(text) && From(client, text) is { Value.Length: > 0 } seal ? seal : null;

    /// <summary>Whether this upstream made it, as far as is known.</summary>
    public bool IsReadableBy(WireProtocol upstream, string? provider) =>
        Maker == upstream && (Provider is null || provider is null || Provider == provider);
}
