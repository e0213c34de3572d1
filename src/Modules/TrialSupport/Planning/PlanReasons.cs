using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;

namespace CourtOps.TrialSupport.Planning;

/// <summary>Why a case of a plan has no time: words in Chinese of at most 400 characters, and what they are made of, so that they are read in any
/// language.</summary>
internal static class PlanReasons
{
    private const int Longest = 400;

    public static string Words(IEnumerable<Said> why) => Cut(string.Join("；", why));

    public static string Cut(string words) => words.Length > Longest ? words[..Longest] : words;

    public static string Stored(IEnumerable<Said> why) => JsonSerializer.Serialize(why.Select(w => w.Stored()), Json.Stored);

    /// <summary>In the reader's language; as it was written where only words were kept.</summary>
    public static string? In(Texts texts, PlanRow row) =>
        row.WhySaid is null
            ? row.Why
            : string.Join(texts["；"], JsonSerializer.Deserialize<string[]>(row.WhySaid, Json.Stored)!.Select(w => texts.Kept(w, row.Why)));
}
