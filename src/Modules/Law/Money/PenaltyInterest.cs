namespace CourtOps.Law;

/// <summary>The doubled part of the interest for late performance (2014 解释 1–3).</summary>
/// <param name="Days">Days counted: end minus start, without excluded time.</param>
/// <param name="Amount">Yuan, rounded to the cent.</param>
public readonly record struct PenaltyInterest(int Days, decimal Amount)
{
    /// <summary>Rate a day: 0.0175 percent.</summary>
    public const decimal DailyRate = 0.000175m;

    private static readonly DateOnly InForce = new(2014, 8, 1);
    private static readonly LawText Counted = new("自 {0} 至 {1}，共 {2} 日", "from {0} to {1}: {2} days");
    private static readonly LawText Excluded = new("扣除非因被执行人原因停止的 {0} 日", "{0} days of a stay not caused by the debtor are excluded");
    private static readonly LawText Formula = new(
        "{0} 元（不含一般债务利息）× 0.000175 × {1} 日 = {2} 元",
        "{0} yuan (without ordinary interest) x 0.000175 x {1} days = {2} yuan"
    );
    private static readonly LawText Duty = new(
        "未按期履行金钱债务，应加倍支付迟延履行期间的债务利息",
        "late payment doubles the interest for the time of delay"
    );
    private static readonly LawText TooEarly = new(
        "{0} 之前的部分不适用该利率，须另行计算",
        "the part before {0} has another rate and must be computed separately"
    );

    /// <summary>Computes debt × 0.000175 × days.</summary>
    /// <param name="debt">Debt in yuan without ordinary interest.</param>
    /// <param name="from">First day of delay.</param>
    /// <param name="to">Day of payment; days are the difference.</param>
    /// <param name="excluded">Stays not caused by the debtor, as [from, to); overlaps count once.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Fields debt, from, to, exclude.</exception>
    public static PenaltyInterest Compute(
        decimal debt,
        DateOnly from,
        DateOnly to,
        IEnumerable<(DateOnly From, DateOnly To)>? excluded = null,
        Explanation? explain = null
    )
    {
        Yuan.Check("debt", debt);
        LawDates.Check("from", from);
        LawDates.Check("to", to);
        if (to < from)
            throw new LawError("to", LawReasons.EndBeforeStart, from, to);
        var stayed = Outside(from, to, excluded);
        var days = to.DayNumber - from.DayNumber - stayed;
        var amount = Yuan.Round(debt * DailyRate * days);
        explain?.Add(Duty, null, Art.InterestLaw, to);
        explain?.Add(Counted, to, Art.InterestDays, null, from, to, to.DayNumber - from.DayNumber);
        if (stayed > 0)
            explain?.Add(Excluded, null, Art.Interest, to, stayed);
        explain?.Add(Formula, null, Art.Interest, to, Yuan.Text(debt), days, Yuan.Text(amount));
        if (from < InForce)
            explain?.Add(TooEarly, InForce, Art.Interest, to, InForce);
        return new PenaltyInterest(days, amount);
    }

    private static int Outside(DateOnly from, DateOnly to, IEnumerable<(DateOnly From, DateOnly To)>? excluded)
    {
        var days = 0;
        var reached = from;
        foreach (var (start, end) in (excluded ?? []).OrderBy(e => e.From))
        {
            if (end < start)
                throw new LawError("exclude", LawReasons.EndBeforeStart, start, end);
            var first = start > reached ? start : reached;
            var last = end < to ? end : to;
            if (last <= first)
                continue;
            days += last.DayNumber - first.DayNumber;
            reached = last;
        }

        return days;
    }
}
