using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace AIHigress.Gateway.Data.Secrets;

/// <summary>How one entry of the Data Protection ring is wrapped: AES-256-GCM under a key derived from SECRET_KEY, named by its fingerprint.</summary>
internal static class RingWrap
{
    public const string ElementName = "secretKeyWrap";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static XElement Wrap(SecretKey key, string plaintext)
    {
        var data = Encoding.UTF8.GetBytes(plaintext);
        var box = new byte[NonceSize + data.Length + TagSize];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key.WrappingKey, TagSize);
        aes.Encrypt(
            box.AsSpan(0, NonceSize), data, box.AsSpan(NonceSize, data.Length), box.AsSpan(NonceSize + data.Length),
            Encoding.ASCII.GetBytes(key.Fingerprint));
        CryptographicOperations.ZeroMemory(data);
        return new XElement(ElementName, new XAttribute("fingerprint", key.Fingerprint), Convert.ToBase64String(box));
    }

    /// <exception cref="CryptographicException">It was wrapped with another key, or altered.</exception>
    public static string Unwrap(SecretKey key, XElement wrapped)
    {
        var box = Convert.FromBase64String(wrapped.Value);
        if (box.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("The wrapped ring entry is cut short.");
        }

        var data = new byte[box.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key.WrappingKey, TagSize);
        aes.Decrypt(
            box.AsSpan(0, NonceSize), box.AsSpan(NonceSize, data.Length), box.AsSpan(NonceSize + data.Length), data,
            Encoding.ASCII.GetBytes(key.Fingerprint));
        return Encoding.UTF8.GetString(data);
    }

    public static string? Fingerprint(XElement wrapped) => (string?)wrapped.Attribute("fingerprint");
}

/// <summary>Wraps new ring entries under the current SECRET_KEY.</summary>
internal sealed class RingEncryptor(SecretKeyFile keys) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(RingWrap.Wrap(keys.Current, plaintextElement.ToString(SaveOptions.DisableFormatting)), typeof(RingDecryptor));
}

/// <summary>Opens ring entries; made by Data Protection from the type name in the entry, hence public with this constructor.</summary>
public sealed class RingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var fingerprint = RingWrap.Fingerprint(encryptedElement);
        var key = fingerprint is null ? null : services.GetRequiredService<SecretKeyFile>().Find(fingerprint);
        return key is null
            ? throw new CryptographicException($"The ring entry was wrapped under the key {fingerprint}, which this server does not have.")
            : XElement.Parse(RingWrap.Unwrap(key, encryptedElement));
    }
}
