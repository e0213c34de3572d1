using System.Security.Cryptography;
using System.Text;

namespace CourtOps.TrialSupport.Assessors;

/// <summary>What a court sets of its lay judges (人民陪审员).</summary>
internal sealed record AssessorRules
{
    /// <summary>Cases of one assessor in a calendar year (人民陪审员法 24: set by the court).</summary>
    public int MostCases { get; init; } = 30;

    /// <summary>Days before the hearing by which the first draw is made.</summary>
    public int DaysBefore { get; init; } = 7;
}

/// <summary>One of the list as a draw sees them.</summary>
/// <param name="Cases">Cases of this calendar year already.</param>
internal sealed record Candidate(long Id, string Name, string Field, bool Active, bool Away, bool Busy, bool Barred, int Cases);

/// <summary>Why somebody is not in the pool: a text key; null for who is.</summary>
internal sealed record Weighed(long Id, string Name, string? Out);

/// <summary>The draw itself. Pure, and the same for the same seed and pool: anybody can do it again.</summary>
internal static class DrawRules
{
    public const string Inactive = "已停用";
    public const string Away = "当日请假";
    public const string Busy = "该时段另有庭审";
    public const string Barred = "本案曾回避或者不参审";
    public const string Full = "本年参审已满";
    public const string OtherField = "不属于所要求的专业";

    /// <summary>Who is in the pool and who is not, with the reason (人民陪审员法 18, 19, 24).</summary>
    /// <param name="field">The field of knowledge asked for; blank for any.</param>
    public static IReadOnlyList<Weighed> Weigh(IEnumerable<Candidate> list, string field, AssessorRules rules) =>
        [
            .. list.OrderBy(c => c.Id)
                .Select(c => new Weighed(
                    c.Id,
                    c.Name,
                    !c.Active ? Inactive
                        : field.Length > 0 && c.Field != field ? OtherField
                        : c.Away ? Away
                        : c.Barred ? Barred
                        : c.Busy ? Busy
                        : c.Cases >= rules.MostCases ? Full
                        : null
                )),
        ];

    /// <summary>The pool in drawn order: by the SHA-256 of seed and id. The first take the seats, those after them are spare.</summary>
    public static IReadOnlyList<long> Order(IEnumerable<long> pool, string seed) =>
        [
            .. pool.Distinct()
                .OrderBy(
                    id => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{seed}:{id}")))),
                    StringComparer.Ordinal
                ),
        ];

    /// <summary>Whether judges and assessors make a panel: three together with a judge at least, or three judges with four assessors (人民陪审员法 14).</summary>
    public static bool IsPanel(int judges, int assessors) => assessors >= 1 && judges >= 1 && (judges + assessors == 3 || (judges == 3 && assessors == 4));
}
