namespace CourtOps.Contracts;

/// <summary>The stored name and version of a notification, independent of its class name. Changes are additive; a breaking one is a new version beside the
/// old.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EventAttribute(string name, int version) : Attribute
{
    public string Name { get; } = name;

    public int Version { get; } = version;
}

/// <summary>Every notification of this assembly.</summary>
public static class Catalogue
{
    public static IReadOnlyList<(Type Type, string Name, int Version)> Events { get; } =
    [
        .. typeof(Catalogue)
            .Assembly.GetTypes()
            .Select(t => (Type: t, Event: (EventAttribute?)Attribute.GetCustomAttribute(t, typeof(EventAttribute))))
            .Where(t => t.Event is not null)
            .Select(t => (t.Type, t.Event!.Name, t.Event.Version))
            .OrderBy(t => t.Name, StringComparer.Ordinal)
            .ThenBy(t => t.Version),
    ];

    /// <summary>The key under which notifications of one case are kept in order.</summary>
    public static string CaseKey(long caseId) => "case:" + caseId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
