using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Security;

/// <summary>
/// The column type for id numbers, phones, addresses of people: AES-GCM value, a keyed blind index for equality, the last four characters.
/// The key lies outside the database (data folder keys/, or CourtOps:Secrets:Key in Base64, 64 bytes).
/// </summary>
public sealed class Secrets : IDisposable
{
    private readonly ThreadLocal<AesGcm> cipher; // a cipher serves one thread, and making one costs more than using it
    private readonly byte[] blind;

    public Secrets(DataFolder folder, string? configured)
    {
        var key = configured is { Length: > 0 } ? Convert.FromBase64String(configured) : FromFile(folder.File("keys", "secret.key"));
        if (key.Length != 64)
            throw new InvalidOperationException("The secret key must have 64 bytes.");
        var encryption = key[..32];
        cipher = new ThreadLocal<AesGcm>(() => new AesGcm(encryption, 16), trackAllValues: true);
        blind = key[32..];
    }

    private AesGcm Cipher => cipher.Value!;

    public void Dispose()
    {
        foreach (var one in cipher.Values)
            one.Dispose();
        cipher.Dispose();
    }

    /// <summary>Null and blank stay null.</summary>
    public string? Protect(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return null;
        var plain = Encoding.UTF8.GetBytes(value.Trim());
        var output = new byte[12 + plain.Length + 16];
        RandomNumberGenerator.Fill(output.AsSpan(0, 12));
        Cipher.Encrypt(output.AsSpan(0, 12), plain, output.AsSpan(12, plain.Length), output.AsSpan(12 + plain.Length));
        return "1:" + Convert.ToBase64String(output);
    }

    /// <exception cref="CryptographicException">Another key, or a changed value.</exception>
    public string? Reveal(string? stored)
    {
        if (stored is null)
            return null;
        if (!stored.StartsWith("1:", StringComparison.Ordinal))
            throw new CryptographicException("Unknown form of a protected value.");
        var bytes = Convert.FromBase64String(stored[2..]);
        var plain = new byte[bytes.Length - 28];
        Cipher.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(12, plain.Length), bytes.AsSpan(12 + plain.Length), plain);
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>For equality only; the same value gives the same index.</summary>
    public string? Blind(string? value) =>
        string.IsNullOrWhiteSpace(value) ? null : Convert.ToHexStringLower(HMACSHA256.HashData(blind, Encoding.UTF8.GetBytes(value.Trim().ToUpperInvariant())));

    /// <summary>Keyed digest of a short code a person types; useless without the key.</summary>
    public string Keyed(string purpose, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(blind, Encoding.UTF8.GetBytes(purpose + "\n" + value)));

    public static string? Tail(string? value)
    {
        var v = value?.Trim();
        return v is { Length: > 0 } ? v[Math.Max(0, v.Length - 4)..] : null;
    }

    /// <summary>A token for strangers' links: 128 random bits.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static string Digest(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Compares without telling by time where the difference is.</summary>
    public static bool Same(string? a, string? b) =>
        a is not null && b is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));

    private static byte[] FromFile(string path)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            try
            {
                using var file = new FileStream(path, options);
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(64))));
                file.Flush(flushToDisk: true);
            }
            catch (IOException) when (File.Exists(path))
            {
                // another process of the same start made it first
            }
        }
        return Convert.FromBase64String(File.ReadAllText(path));
    }
}
