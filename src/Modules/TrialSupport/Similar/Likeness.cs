using CourtOps.TrialSupport.Laws;

namespace CourtOps.TrialSupport.Similar;

/// <summary>How a judgment ended, as its operative part says.</summary>
internal enum Disposition
{
    /// <summary>It cannot be told: no operative part was found.</summary>
    Unknown,
    Granted,
    Partly,
    Rejected,
    Withdrawn,
    Mediated,
}

/// <summary>One like case, and what of it is alike.</summary>
/// <param name="Words">Likeness of the words, 0 to 100.</param>
internal sealed record Like(long Id, double Score, bool SameCause, IReadOnlyList<string> Articles, bool LikeSum, int Words);

/// <summary>Ranks cases by likeness and says what matched; tells how judgments ended. Pure.</summary>
internal static class Likeness
{
    public static readonly IReadOnlyDictionary<Disposition, string> Labels = new Dictionary<Disposition, string>
    {
        [Disposition.Unknown] = "看不出结果",
        [Disposition.Granted] = "支持",
        [Disposition.Partly] = "部分支持",
        [Disposition.Rejected] = "驳回",
        [Disposition.Withdrawn] = "撤诉",
        [Disposition.Mediated] = "调解",
    };

    /// <summary>Fewest like cases by which a departure is told, and the share of them that ended otherwise, in per cent.</summary>
    public const int Fewest = 3;
    public const int Share = 70;

    /// <summary>The cases most like a text: 40 points for the cause, 30 for shared articles, 10 for a like sum, 20 for words; what has nothing of it is left
    /// out.</summary>
    public static IReadOnlyList<Like> Rank(CaseText asked, string cause, IReadOnlyList<(long Id, string Cause, CaseText Text)> others, int top)
    {
        if (others.Count == 0)
            return [];
        var pairs = new Bigrams(others.Select(o => o.Text.Text));
        var weights = pairs.Weights(asked.Text);
        var scores = others.Select((_, i) => pairs.Score(i, weights)).ToList();
        var best = Math.Max(scores.Max(), 1e-9);
        return
        [
            .. others
                .Select(
                    (o, i) =>
                    {
                        var articles = asked.Articles.Intersect(o.Text.Articles).Order(StringComparer.Ordinal).ToList();
                        var same = cause.Length > 0 && o.Cause == cause;
                        var sum = asked.Amount is { } a and > 0 && o.Text.Amount is { } b and > 0 && Math.Max(a, b) / Math.Min(a, b) <= 2;
                        var words = (int)Math.Round(scores[i] / best * 100);
                        return new Like(
                            o.Id,
                            (same ? 40 : 0)
                                + (articles.Count == 0 ? 0 : 30 * articles.Count / Math.Sqrt((double)asked.Articles.Count * o.Text.Articles.Count))
                                + (sum ? 10 : 0)
                                + (words / 5.0),
                            same,
                            articles,
                            sum,
                            words
                        );
                    }
                )
                .Where(l => l.SameCause || l.Articles.Count > 0)
                .OrderByDescending(l => l.Score)
                .ThenBy(l => l.Id)
                .Take(top),
        ];
    }

    /// <summary>How it ended, by what stands after 判决如下, 裁定如下 or the words of a mediation.</summary>
    public static Disposition Ended(IReadOnlyList<string> paragraphs)
    {
        var from = paragraphs.ToList().FindIndex(p => p.Contains("判决如下", StringComparison.Ordinal) || p.Contains("裁定如下", StringComparison.Ordinal));
        if (from < 0)
            return paragraphs.Any(p => p.Contains("自愿达成如下协议", StringComparison.Ordinal)) ? Disposition.Mediated : Disposition.Unknown;
        var main = paragraphs
            .Skip(from + 1)
            .TakeWhile(p =>
                !p.Contains("如果未按本判决", StringComparison.Ordinal)
                && !p.StartsWith("案件受理费", StringComparison.Ordinal)
                && !p.StartsWith("如不服", StringComparison.Ordinal)
            )
            .ToList();
        if (main.Exists(p => p.Contains("撤回起诉", StringComparison.Ordinal) || p.Contains("撤诉", StringComparison.Ordinal)))
            return Disposition.Withdrawn;
        var rejects = main.Exists(p => p.Contains("驳回", StringComparison.Ordinal));
        var others = main.Exists(p => p.Contains("驳回", StringComparison.Ordinal) && p.Contains("其他诉讼请求", StringComparison.Ordinal));
        var grants = main.Exists(p => !p.Contains("驳回", StringComparison.Ordinal) && p.Trim().Length > 4);
        return (rejects, others, grants) switch
        {
            (true, true, _) or (true, _, true) => Disposition.Partly,
            (true, _, false) => Disposition.Rejected,
            (false, _, true) => Disposition.Granted,
            _ => Disposition.Unknown,
        };
    }

    /// <summary>Whether a draft departs from like cases (类案提醒): of those with the same cause whose end can be told, three at least, 70 % ended otherwise. How
    /// most of them ended; null where it does not depart.</summary>
    public static (Disposition Most, int Count, int Of)? Departs(Disposition own, IReadOnlyList<Disposition> others)
    {
        var told = others.Where(d => d is Disposition.Granted or Disposition.Partly or Disposition.Rejected).ToList();
        if (
            own is not (Disposition.Granted or Disposition.Partly or Disposition.Rejected)
            || told.Count < Fewest
            || told.Count(d => d != own) * 100 < told.Count * Share
        )
            return null;
        var most = told.Where(d => d != own).GroupBy(d => d).OrderByDescending(g => g.Count()).First();
        return (most.Key, told.Count(d => d != own), told.Count);
    }
}
