namespace CourtOps.Workzone.Inspections;

/// <summary>One rule on recorded data. Whether it counts in a court, how heavily and from which stage on, says the table of the court.</summary>
/// <param name="Code">Stored with findings: it never changes.</param>
/// <param name="Label">Chinese, the key of its translation.</param>
/// <param name="Field">What is to be corrected: a key "field.…" of the texts.</param>
/// <param name="Way">Where it is corrected, one of <see cref="Ways"/>.</param>
/// <param name="Severity">The default: error, warning, info or off.</param>
/// <param name="Stage">The stage from which on it counts by default.</param>
/// <param name="Find">What each finding is about, a name, a day or nothing; none where the data are in order. Pure.</param>
internal sealed record InspectionRule(
    string Code,
    string Label,
    string Field,
    string Way,
    string Severity,
    string Stage,
    Func<CaseRecord, DateOnly, IEnumerable<string>> Find
)
{
    /// <summary>By default an error opens an order to correct it; what is no fault of the data opens none.</summary>
    public bool Orders { get; init; } = Severity == "error";

    /// <summary>Days in which it is to be corrected.</summary>
    public int Days { get; init; } = Severity == "error" ? 3 : 10;
}

/// <summary>Where a finding is corrected.</summary>
internal static class Ways
{
    public const string Case = "case";
    public const string Party = "party";
    public const string Agent = "agent";
    public const string Events = "events";
    public const string Panel = "panel";
    public const string Clock = "clock";
    public const string Documents = "documents";
    public const string Judge = "judge";

    /// <summary>The address of the form that corrects it.</summary>
    public static string Href(string way, long caseId, long? partyId) =>
        way switch
        {
            Party when partyId is { } p => $"/parties/{p}/address",
            Party or Agent => $"/cases/{caseId}/inspection#parties",
            Events => $"/cases/{caseId}/inspection#events",
            Panel => $"/cases/{caseId}/panel",
            Clock => $"/cases/{caseId}/clock",
            Documents => $"/cases/{caseId}#documents",
            Judge => $"/cases/{caseId}/access",
            _ => $"/cases/{caseId}/inspection#correct",
        };
}

/// <summary>All rules, in the order they are shown.</summary>
internal static class InspectionRules
{
    public static IReadOnlyList<InspectionRule> All { get; } = [.. FilingRules.All, .. PartyRules.All, .. HearingRules.All, .. ClosingRules.All];

    public static readonly IReadOnlyDictionary<string, InspectionRule> ByCode = All.ToDictionary(r => r.Code);

    public static readonly IReadOnlyDictionary<string, string> Labels = All.ToDictionary(r => r.Code, r => r.Label);

    internal static IEnumerable<string> If(bool wrong, string about = "") => wrong ? [about] : [];

    internal static IEnumerable<string> If(bool wrong, DateOnly? day) => wrong ? [day is { } d ? Kernel.Web.Times.Iso(d) : ""] : [];
}
