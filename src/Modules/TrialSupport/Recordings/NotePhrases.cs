namespace CourtOps.TrialSupport.Recordings;

/// <summary>A phrase of the live note page: one key, one mark.</summary>
/// <param name="Key">The key that says it.</param>
/// <param name="Kind">A kind of <see cref="MarkRow.Kinds"/>.</param>
/// <param name="Words">What the mark says; kept as it is in the record.</param>
internal sealed record NotePhrase(string Key, string Kind, string Words);

/// <summary>What is said in every hearing, by its key.</summary>
internal static class NotePhrases
{
    public static readonly IReadOnlyList<NotePhrase> All =
    [
        new("F2", "stage", "宣布开庭，核对当事人"),
        new("F4", "stage", "法庭调查"),
        new("F7", "evidence", "举证、质证"),
        new("F8", "stage", "法庭辩论"),
        new("F9", "pause", "休庭"),
        new("F10", "stage", "宣布闭庭"),
    ];

    /// <summary>Null where no phrase has this key.</summary>
    public static NotePhrase? Find(string? key) => All.FirstOrDefault(p => p.Key == key);
}
