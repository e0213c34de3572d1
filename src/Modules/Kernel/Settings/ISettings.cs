using System.Globalization;
using System.Text.Json;

namespace CourtOps.Kernel.Settings;

/// <summary>
/// What modules ask. A lookup reads memory only. Work that must go on by the rules it began with keeps <see cref="Pin{T}"/> and asks by
/// <see cref="Pinned{T}"/>.
/// </summary>
public interface ISettings
{
    /// <summary>The value that counts now in a court.</summary>
    T Current<T>(long courtId)
        where T : class;

    /// <summary>The same by key, where several settings have one type.</summary>
    T Current<T>(string key, long courtId)
        where T : class;

    /// <summary>The value that counts, or counted, at an instant. Midnight belongs to the new day.</summary>
    T At<T>(long courtId, DateTimeOffset at)
        where T : class;

    /// <summary>The value at an instant with its source.</summary>
    (object Value, SettingSource Source) Find(string key, long courtId, DateTimeOffset at);

    /// <summary>The version that counts now, to be kept with work that begins ($note: where nothing is set it holds the default itself, which a later program
    /// may change).</summary>
    string Pin<T>(long courtId)
        where T : class;

    string Pin(string key, long courtId);

    /// <summary>The value behind a pin.</summary>
    T Pinned<T>(string pin)
        where T : class;

    object Pinned(string key, string pin);
}

internal sealed class CurrentSettings(SettingStore store, SettingCatalogue catalogue, TimeProvider clock) : ISettings
{
    public T Current<T>(long courtId)
        where T : class => (T)store.Find(catalogue.Of(typeof(T)), courtId, clock.GetUtcNow()).Value;

    public T Current<T>(string key, long courtId)
        where T : class => (T)store.Find(Known(key), courtId, clock.GetUtcNow()).Value;

    public T At<T>(long courtId, DateTimeOffset at)
        where T : class => (T)store.Find(catalogue.Of(typeof(T)), courtId, at).Value;

    public (object Value, SettingSource Source) Find(string key, long courtId, DateTimeOffset at) => store.Find(Known(key), courtId, at);

    public string Pin<T>(long courtId)
        where T : class => Pin(catalogue.Of(typeof(T)).Key, courtId);

    public string Pin(string key, long courtId)
    {
        var (value, source) = store.Find(Known(key), courtId, clock.GetUtcNow());
        return source.CourtId is null ? "=" + Known(key).Write(value) : source.ToString();
    }

    public T Pinned<T>(string pin)
        where T : class => (T)Pinned(catalogue.Of(typeof(T)).Key, pin);

    public object Pinned(string key, string pin)
    {
        if (pin.StartsWith('='))
            return Known(key).Read(pin[1..]);
        var at = pin.IndexOf(':', StringComparison.Ordinal);
        return at < 0
            ? throw new JsonException($"{pin} is no pin.")
            : store.Version(Known(key), long.Parse(pin[..at], CultureInfo.InvariantCulture), int.Parse(pin[(at + 1)..], CultureInfo.InvariantCulture));
    }

    private SettingDefinition Known(string key) => catalogue.Find(key) ?? throw new InvalidOperationException($"No setting is called {key}.");
}
