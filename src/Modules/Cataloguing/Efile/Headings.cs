namespace CourtOps.Cataloguing.Efile;

/// <summary>Where a document stands in the main volume, by its kind. The order follows the usual filing order of a civil first-instance volume; full templates come with the catalogue.</summary>
internal static class Headings
{
    private static readonly (string Kind, string Heading, int Ordinal)[] Order =
    [
        ("complaint", "起诉状", 10), ("evidence", "证据材料", 30), ("notice", "通知书", 40), ("summons", "传票", 50), ("mediation", "调解书", 70), ("ruling", "裁定书", 80), ("judgment", "判决书", 90), ("proof", "送达回证", 100), ("other", "其他材料", 110),
    ];

    public static (string Heading, int Ordinal) Of(string kind)
    {
        var found = Array.Find(Order, o => o.Kind == kind);
        return found.Kind is null ? ("其他材料", 110) : (found.Heading, found.Ordinal);
    }
}
