using System.Security.Cryptography;

namespace CourtOps.Kernel.Security;

/// <summary>
/// The algorithms behind secrets and files: authenticated encryption, keyed digest, digest. A certified provider (SM4, SM3) takes
/// the place of the default by implementing this, being registered, and being named in CourtOps:Secrets:Suite; a key keeps the
/// suite it was made for, so that changing the suite is a rotation.
/// </summary>
public interface ICipherSuite
{
    /// <summary>Stored with a key; never changes.</summary>
    string Name { get; }

    /// <summary>Bytes of an encryption key.</summary>
    int KeyBytes { get; }

    /// <summary>A cipher for one key. Used by many threads.</summary>
    ICipher Open(ReadOnlySpan<byte> key);

    /// <summary>A keyed digest of 32 bytes.</summary>
    byte[] Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data);
}

/// <summary>Authenticated encryption with a nonce of 12 bytes and a tag of 16.</summary>
public interface ICipher : IDisposable
{
    void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated);

    /// <exception cref="CryptographicException">Another key, or anything was changed.</exception>
    void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated);
}

/// <summary>The default: AES-256-GCM and HMAC-SHA-256 of the platform.</summary>
public sealed class AesSuite : ICipherSuite
{
    public string Name => "aes-gcm";

    public int KeyBytes => 32;

    public ICipher Open(ReadOnlySpan<byte> key) => new Cipher(key.ToArray());

    public byte[] Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) => HMACSHA256.HashData(key, data);

    // a cipher serves one thread, and making one costs more than using it
    private sealed class Cipher(byte[] key) : ICipher
    {
        private readonly ThreadLocal<AesGcm> aes = new(() => new AesGcm(key, 16), trackAllValues: true);

        public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated) =>
            aes.Value!.Encrypt(nonce, plain, cipher, tag, associated);

        public void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated) =>
            aes.Value!.Decrypt(nonce, cipher, tag, plain, associated);

        private bool closed;

        public void Dispose()
        {
            if (closed)
                return;
            closed = true;
            foreach (var one in aes.Values)
                one.Dispose();
            aes.Dispose();
        }
    }
}
