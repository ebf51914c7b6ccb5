using AIHigress.Gateway.Common;
using Microsoft.AspNetCore.DataProtection;

namespace AIHigress.Gateway.Data;

/// <summary>Encrypts what must be read back (provider keys, session secrets, signing keys, kept conversations) with the Data Protection ring.</summary>
public sealed class SecretProtector(IDataProtectionProvider provider)
{
    private readonly IDataProtector _protector = provider.CreateProtector("AIHigress.Secrets.v1");

    public ProtectedSecret Protect(string plaintext) => new(_protector.Protect(plaintext));

    /// <exception cref="System.Security.Cryptography.CryptographicException">The ring has no key for it, or it was altered.</exception>
    public string Unprotect(ProtectedSecret secret) => _protector.Unprotect(secret.Ciphertext);

    /// <summary>The same for what is too large to be text.</summary>
    public byte[] Protect(byte[] plaintext) => _protector.Protect(plaintext);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The ring has no key for it, or it was altered.</exception>
    public byte[] Unprotect(byte[] ciphertext) => _protector.Unprotect(ciphertext);
}
