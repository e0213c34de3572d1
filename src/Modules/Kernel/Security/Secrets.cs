using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Security;

/// <summary>
/// The column type for id numbers, phones, addresses of people: an encrypted value "key:base64", a keyed blind index for equality,
/// the last four characters. The keys lie outside the database; several may read, one writes.
/// </summary>
public sealed class Secrets(KeyRing ring) : IDisposable
{
    public Secrets(DataFolder folder, string? configured)
        : this(new KeyRing(folder, configured)) { }

    public KeyRing Ring => ring;

    public void Dispose() => ring.Dispose();

    /// <summary>Null and blank stay null.</summary>
    public string? Protect(string? value) => string.IsNullOrWhiteSpace(value) ? null : ProtectBytes(Encoding.UTF8.GetBytes(value.Trim()));

    /// <exception cref="CryptographicException">Another key, or a changed value.</exception>
    public string? Reveal(string? stored) => stored is null ? null : Encoding.UTF8.GetString(RevealBytes(stored));

    /// <summary>Any bytes, such as the key of one file.</summary>
    public string ProtectBytes(ReadOnlySpan<byte> plain)
    {
        var key = ring.Writing;
        var output = new byte[12 + plain.Length + 16];
        RandomNumberGenerator.Fill(output.AsSpan(0, 12));
        key.Cipher.Encrypt(output.AsSpan(0, 12), plain, output.AsSpan(12, plain.Length), output.AsSpan(12 + plain.Length), default);
        return string.Create(CultureInfo.InvariantCulture, $"{key.Id}:{Convert.ToBase64String(output)}");
    }

    /// <exception cref="CryptographicException">Another key, or a changed value.</exception>
    public byte[] RevealBytes(string stored)
    {
        var id = KeyOf(stored) ?? throw new CryptographicException("Unknown form of a protected value.");
        var key = Find(id);
        var bytes = new byte[stored.Length];
        if (!Convert.TryFromBase64String(stored[(stored.IndexOf(':', StringComparison.Ordinal) + 1)..], bytes, out var length) || length < 28)
            throw new CryptographicException("Unknown form of a protected value.");
        var plain = new byte[length - 28];
        key.Cipher.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(12, plain.Length), bytes.AsSpan(12 + plain.Length, 16), plain, default);
        return plain;
    }

    /// <summary>The number of the key a value was written with; null for what is no protected value.</summary>
    public static int? KeyOf(string? stored) =>
        stored?.IndexOf(':', StringComparison.Ordinal) is > 0 and < 7 and var end
        && int.TryParse(stored.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    /// <summary>For equality only; the same value gives the same index. To be stored beside a value written now.</summary>
    public string? Blind(string? value) => Blind(ring.Writing, value);

    /// <summary>Every index a value may have while keys are changed: search by IN, and nothing is missed during a rotation.</summary>
    public IReadOnlyList<string> BlindAll(string? value) => [.. ring.Usable.Select(k => Blind(k, value)).OfType<string>()];

    /// <summary>The index that belongs beside a stored value, by the key of that value.</summary>
    internal string? BlindBeside(string stored, string? plain) => Blind(Find(KeyOf(stored) ?? 0), plain);

    /// <summary>Keyed digest of a short code a person types; useless without the key. From key 2 on its number stands before it.</summary>
    public string Keyed(string purpose, string value) => Keyed(ring.Writing, purpose, value);

    /// <summary>Whether a stored keyed digest is of this value, under any key that still reads.</summary>
    public bool SameKeyed(string? stored, string purpose, string value)
    {
        var same = false;
        foreach (var key in ring.Usable)
            same |= Same(stored, Keyed(key, purpose, value));
        return same;
    }

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

    /// <summary>What a database keeps of a key to know it again: nothing can be computed back from it.</summary>
    internal string CheckValue(int id) => Keyed(Find(id), "key-check", id.ToString(CultureInfo.InvariantCulture));

    private KeyRing.Key Find(int id)
    {
        if (ring.Usable.FirstOrDefault(k => k.Id == id) is { } key)
            return key;
        ring.Refresh(); // another host may have added it just now
        return ring.Usable.FirstOrDefault(k => k.Id == id) ?? throw new CryptographicException($"The key {id} of this value is not in the key ring.");
    }

    private static string? Blind(KeyRing.Key key, string? value) =>
        string.IsNullOrWhiteSpace(value) ? null : Convert.ToHexStringLower(key.Suite.Mac(key.Blind, Encoding.UTF8.GetBytes(value.Trim().ToUpperInvariant())));

    private static string Keyed(KeyRing.Key key, string purpose, string value)
    {
        var hex = Convert.ToHexStringLower(key.Suite.Mac(key.Blind, Encoding.UTF8.GetBytes(purpose + "\n" + value)));
        return key.Id == 1 ? hex : string.Create(CultureInfo.InvariantCulture, $"{key.Id}.{hex}")[..64];
    }
}
