namespace CourtOps.Triage.Split;

/// <summary>Points of each factor of difficulty (E-05); a court's own figures.</summary>
internal sealed record SplitPoints
{
    public int Parties { get; init; } = 1;
    public int ManyParties { get; init; } = 3;
    public int ThirdParty { get; init; } = 1;
    public int Counterclaim { get; init; } = 2;
    public int Expert { get; init; } = 2;
    public int Announcement { get; init; } = 1;
    public int Foreign { get; init; } = 2;
    public int Claims { get; init; } = 1;
    public int Pages { get; init; } = 1;
    public int ManyPages { get; init; } = 2;
    public int Sensitive { get; init; } = 3;

    /// <summary>Taken off for each related case, at most three times.</summary>
    public int Related { get; init; } = 1;
    public long AmountCents { get; init; } = 100_000_000;
    public int LargeAmount { get; init; } = 1;

    /// <summary>The highest score of the fast band.</summary>
    public int FastUpTo { get; init; } = 3;

    /// <summary>The highest score of the summary band.</summary>
    public int SummaryUpTo { get; init; } = 6;

    /// <summary>The highest score of the ordinary band; above it is complex.</summary>
    public int OrdinaryUpTo { get; init; } = 10;

    /// <summary>Weight of a case of a series beside its first, percent.</summary>
    public int SeriesPercent { get; init; } = 30;
}

/// <summary>What the split looks at. No person's data.</summary>
internal sealed record SplitFacts
{
    public string Kind { get; init; } = "";
    public string Cause { get; init; } = "";

    /// <summary>Code of B-01.</summary>
    public string Procedure { get; init; } = "";

    /// <summary>Points of the cause, 0 to 5, by its own table.</summary>
    public int CausePoints { get; init; }

    /// <summary>Weight of the cause by its own table, hundredths.</summary>
    public int CauseWeight { get; init; } = 100;
    public int Parties { get; init; }
    public bool ThirdParty { get; init; }
    public bool Counterclaim { get; init; }
    public bool Expert { get; init; }
    public bool Announcement { get; init; }
    public bool Foreign { get; init; }
    public bool Sensitive { get; init; }
    public int Claims { get; init; }
    public int Pages { get; init; }
    public int Related { get; init; }
    public bool Series { get; init; }
    public long AmountCents { get; init; }
}

/// <summary>One factor that counted.</summary>
/// <param name="Factor">A text key.</param>
internal sealed record Counted(string Factor, int Points);

internal sealed record SplitOutcome
{
    public int Score { get; init; }

    /// <summary>fast, summary, ordinary or complex.</summary>
    public string Band { get; init; } = "";

    /// <summary>Hundredths of a usual case.</summary>
    public int Weight { get; init; }
    public IReadOnlyList<Counted> Why { get; init; } = [];
}

/// <summary>Difficulty, band and weight of a case (E-05, no national formula). Pure.</summary>
internal static class SplitRules
{
    public const string Fast = "fast";
    public const string Summary = "summary";
    public const string Ordinary = "ordinary";
    public const string Complex = "complex";

    /// <summary>From light to heavy.</summary>
    public static readonly string[] Order = [Fast, Summary, Ordinary, Complex];

    public static readonly IReadOnlyDictionary<string, string> Bands = new Dictionary<string, string>
    {
        [Fast] = "速裁",
        [Summary] = "简易快审",
        [Ordinary] = "普通精审",
        [Complex] = "繁案精审",
    };

    public static SplitOutcome Of(SplitFacts f, SplitPoints p)
    {
        var why = new List<Counted>();
        void Count(bool when, string factor, int points)
        {
            if (when && points != 0)
                why.Add(new Counted(factor, points));
        }
        Count(f.CausePoints > 0, "案由基础分", f.CausePoints);
        Count(f.Parties is > 2 and <= 5, "当事人超过 2 人", p.Parties);
        Count(f.Parties > 5, "当事人超过 5 人", p.ManyParties);
        Count(f.ThirdParty, "有第三人", p.ThirdParty);
        Count(f.Counterclaim, "有反诉", p.Counterclaim);
        Count(f.Expert, "需要鉴定", p.Expert);
        Count(f.Announcement, "公告送达", p.Announcement);
        Count(f.Foreign, "涉外", p.Foreign);
        Count(f.Claims > 3, "诉讼请求超过 3 项", p.Claims);
        Count(f.Pages is > 200 and <= 1000, "材料超过 200 页", p.Pages);
        Count(f.Pages > 1000, "材料超过 1000 页", p.ManyPages);
        Count(f.AmountCents >= p.AmountCents, "标的额较大", p.LargeAmount);
        Count(f.Sensitive, "群体性或敏感", p.Sensitive);
        Count(f.Related > 0, "关联案件", -p.Related * Math.Min(3, f.Related));
        var score = Math.Max(0, why.Sum(w => w.Points));
        // a procedure that the law has chosen is no lighter band than it allows
        var least = f.Procedure is "MC-ORD" or "MC-FOR" or "CR-1" or "AD-1" ? Summary : Fast;
        var band =
            score <= p.FastUpTo ? least
            : score <= p.SummaryUpTo ? Summary
            : score <= p.OrdinaryUpTo ? Ordinary
            : Complex;
        var weight = f.CauseWeight * (100 + (10 * Math.Max(0, f.Parties - 2)) + (f.Counterclaim ? 20 : 0) + (f.Expert ? 20 : 0)) / 100;
        if (f.Series)
            weight = weight * p.SeriesPercent / 100;
        return new SplitOutcome
        {
            Score = score,
            Band = band,
            Weight = Math.Clamp(weight, 5, 2000),
            Why = why,
        };
    }
}
