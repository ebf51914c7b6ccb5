using System.IO.Compression;
using AIHigress.Gateway.Data;

namespace AIHigress.Gateway.Features.Responses;

/// <summary>How content lies in the database: compressed, then encrypted as provider keys are.</summary>
public sealed class ResponseCipher(SecretProtector protector)
{
    // What a row may unfold to: far above what a request body may be.
    private const int MostBytes = 1024 * 1024 * 1024;

    public byte[] Seal(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(content);
        }

        return protector.Protect(packed.ToArray());
    }

    /// <exception cref="System.Security.Cryptography.CryptographicException">The ring has no key for it, or it was altered.</exception>
    public byte[] Open(byte[] stored)
    {
        using var packed = new MemoryStream(protector.Unprotect(stored));
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = brotli.Read(buffer)) > 0 && content.Length < MostBytes)
        {
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
