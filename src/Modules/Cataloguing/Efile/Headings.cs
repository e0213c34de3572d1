using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Settings;

namespace CourtOps.Cataloguing.Efile;

/// <summary>Heading and type of a document another module made: by its title where the table knows it, otherwise by its kind.</summary>
internal static class Headings
{
    private static readonly Dictionary<string, (string Heading, string Type)> ByKind = new()
    {
        ["complaint"] = ("起诉状", "complaint"),
        ["evidence"] = ("证据材料", "evidence"),
        ["notice"] = ("通知书", "respond-notice"),
        ["summons"] = ("传票", "summons"),
        ["mediation"] = ("调解书", "mediation"),
        ["ruling"] = ("裁定书", "ruling"),
        ["judgment"] = ("判决书", "judgment"),
        ["proof"] = ("送达回证", "service-proof"),
        ["other"] = ("其他材料", PaperTypes.Other),
    };

    /// <summary>The headings used beside the labels of types.</summary>
    public static IEnumerable<string> All => ByKind.Values.Select(v => v.Heading);

    public static (string Heading, string Type) Of(string kind, string title, TableBody types)
    {
        var byKind = ByKind.GetValueOrDefault(kind, ByKind["other"]);
        var folded = Sorter.Fold(title);
        var word = SortingTables.Vocabulary(types).FirstOrDefault(w => folded.Contains(w, StringComparison.Ordinal));
        if (word is null)
            return byKind;
        var type = PaperTypes.Of(SortingTables.Types.Decide(new TypeFacts(word), types).Outcome.Type);
        // a title that contradicts the kind it was added as names something else: a proof of a judgment is a proof
        return kind is "other" or "notice" or "evidence" || type.Kind == kind ? (type.Label, type.Code) : byKind;
    }
}
