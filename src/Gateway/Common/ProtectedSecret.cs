namespace AIHigress.Gateway.Common;

/// <summary>
/// A secret as it is stored: ciphertext made by <c>SecretProtector</c>. A type of its own so that
/// neither plaintext can be saved by mistake nor ciphertext be sent as a credential.
/// </summary>
public readonly record struct ProtectedSecret(string Ciphertext)
{
    public override string ToString() => "[protected]";
}
