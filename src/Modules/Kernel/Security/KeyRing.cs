using System.Security.Cryptography;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Security;

/// <param name="Id">1, 2, …; stands before every value written with it.</param>
/// <param name="State">active: writes; retired: still reads; removed: known by number only.</param>
public sealed record RingKey(int Id, DateTimeOffset Created, string State, string Suite);

/// <summary>
/// The keys, outside the database. Key 1 is keys/secret.key (or CourtOps:Secrets:Key); later ones lie in keys/ring.json with the
/// state of all. The file is written whole to a second name, flushed and put in place; only the owner may read it.
/// </summary>
public sealed class KeyRing : IDisposable
{
    public const string Active = "active";
    public const string Retired = "retired";
    public const string Removed = "removed";

    internal const string Setting = "CourtOps:Secrets:Key";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>So long after it was added every host writes with a new key: they look every two seconds, and what was begun with the old one has
    /// ended.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromMinutes(1);

    private readonly DataFolder folder;
    private readonly string? configured;
    private readonly Dictionary<string, ICipherSuite> suites;
    private readonly string suite;
    private readonly Lock sync = new();
    private Loaded keys;
    private long lookedAt;
    private string? made;
    private DateTime written;

    /// <exception cref="BadSetting">A key of the wrong length, an unknown suite, a damaged ring: said at the start.</exception>
    public KeyRing(DataFolder folder, string? configured, IEnumerable<ICipherSuite>? suites = null, string? suite = null)
    {
        this.folder = folder;
        this.configured = configured is { Length: > 0 } ? configured : null;
        this.suites = (suites ?? [new AesSuite()]).ToDictionary(s => s.Name);
        this.suite = suite is { Length: > 0 } ? suite : "aes-gcm";
        SuiteOf(this.suite);
        keys = Load();
    }

    /// <summary>Every key ever made, by number.</summary>
    public IReadOnlyList<RingKey> All => Now().Entries;

    internal Key Writing => Now().Writing;

    /// <summary>The keys that can still read, the writing one first.</summary>
    internal IReadOnlyList<Key> Usable => Now().Usable;

    /// <summary>Adds a key that writes from now on; the one before only reads.</summary>
    public RingKey Add(DateTimeOffset now)
    {
        lock (sync)
        {
            var (ring, _) = Read();
            var entries = ring.Select(e => e.State == Active ? e with { State = Retired } : e).ToList();
            var bytes = RandomNumberGenerator.GetBytes(SuiteOf(suite).KeyBytes + 32);
            var next = new Entry(entries.Max(e => e.Id) + 1, now, Active, suite, Convert.ToBase64String(bytes));
            entries.Add(next);
            Write(entries);
            keys = Load();
            return next.Face;
        }
    }

    /// <summary>Takes a retired key away for good. Whoever calls has made sure that no value uses it.</summary>
    public void Remove(int id)
    {
        lock (sync)
        {
            var (ring, _) = Read();
            if (ring.All(e => e.Id != id || e.State != Retired))
                throw new InvalidOperationException($"Key {id} is not a retired key.");
            Write([.. ring.Select(e => e.Id == id ? e with { State = Removed, Key = null } : e)]);
            if (id == 1 && configured is null)
                File.Delete(folder.File("keys", "secret.key"));
            keys = Load();
        }
    }

    /// <summary>Looks whether another host has added a key.</summary>
    internal void Refresh()
    {
        lock (sync)
        {
            lookedAt = Environment.TickCount64;
            var path = RingPath;
            if (File.Exists(path) && File.GetLastWriteTimeUtc(path) != written)
                keys = Load();
        }
    }

    public void Dispose()
    {
        foreach (var key in keys.Usable)
            key.Cipher.Dispose();
    }

    private string RingPath => Path.Combine(folder.Root, "keys", "ring.json");

    private Loaded Now()
    {
        if (Environment.TickCount64 - Volatile.Read(ref lookedAt) > LookAgain.TotalMilliseconds)
            Refresh();
        return keys;
    }

    private Loaded Load()
    {
        var (entries, stamp) = Read();
        written = stamp;
        var usable = entries
            .Where(e => e.State != Removed)
            .OrderByDescending(e => e.State == Active)
            .ThenByDescending(e => e.Id)
            .Select(e =>
            {
                var by = SuiteOf(e.Suite);
                var bytes = e.Key is null ? First() : Convert.FromBase64String(e.Key);
                if (bytes.Length != by.KeyBytes + 32)
                    throw new BadSetting(Setting, $"The secret key {e.Id} must have {by.KeyBytes + 32} bytes.");
                return new Key(e.Id, by, by.Open(bytes.AsSpan(0, by.KeyBytes)), bytes[by.KeyBytes..]);
            })
            .ToList();
        if (entries.Count(e => e.State == Active) != 1)
            throw new BadSetting(Setting, $"{RingPath} must have exactly one active key.");
        return new Loaded([.. entries.Select(e => e.Face).OrderBy(e => e.Id)], usable, usable[0]);
    }

    private (List<Entry> Entries, DateTime Stamp) Read()
    {
        var path = RingPath;
        if (!File.Exists(path))
            return ([new Entry(1, DateTimeOffset.UnixEpoch, Active, "aes-gcm", null)], default);
        try
        {
            var stamp = File.GetLastWriteTimeUtc(path);
            return (JsonSerializer.Deserialize<List<Entry>>(File.ReadAllText(path), Json.Stored) ?? [], stamp);
        }
        catch (JsonException e)
        {
            throw new BadSetting(Setting, $"{path} is damaged; put back its copy from the last backup.", e);
        }
    }

    private void Write(List<Entry> entries)
    {
        var path = folder.File("keys", "ring.json");
        WriteWhole(path, JsonSerializer.Serialize(entries, Json.Stored));
    }

    private byte[] First()
    {
        if (configured is not null)
            return Bytes(configured, Setting);
        var path = folder.File("keys", "secret.key");
        if (!File.Exists(path) && File.Exists(RingPath))
            throw new BadSetting(
                Setting,
                $"Key 1 is missing: {path} is not there and CourtOps:Secrets:Key is not set. Put it back from the backup; nothing was changed."
            );
        return MakeOrRead(path);
    }

    /// <summary>Takes back the key 1 that this process made, when the database turns out to have one already. False when it made none.</summary>
    internal bool TakeBack()
    {
        if (made is null)
            return false;
        File.Delete(made);
        made = null;
        return true;
    }

    private static byte[] Bytes(string text, string where)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new BadSetting(Setting, $"The secret key in {where} is not Base64.", e);
        }
    }

    private ICipherSuite SuiteOf(string name) =>
        suites.TryGetValue(name, out var found)
            ? found
            : throw new BadSetting("CourtOps:Secrets:Suite", $"There is no cipher suite “{name}”. There are: {string.Join(", ", suites.Keys)}.");

    private static void WriteWhole(string path, string text)
    {
        var part = path + ".part";
        File.Delete(part);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(part, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    private byte[] MakeOrRead(string path)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            try
            {
                using var file = new FileStream(path, options);
                file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(64))));
                file.Flush(flushToDisk: true);
                made = path;
            }
            catch (IOException) when (File.Exists(path))
            {
                // another process of the same start made it first
            }
        }
        return Bytes(File.ReadAllText(path), path);
    }

    internal sealed record Key(int Id, ICipherSuite Suite, ICipher Cipher, byte[] Blind);

    private sealed record Loaded(IReadOnlyList<RingKey> Entries, IReadOnlyList<Key> Usable, Key Writing);

    private sealed record Entry(int Id, DateTimeOffset Created, string State, string Suite, string? Key)
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public RingKey Face => new(Id, Created, State, Suite);
    }
}
