using CourtOps.Law;

namespace CourtOps.Enforcement.Money;

/// <summary>Penalty interest over a stretch of days in which the same sum was owed. Cents.</summary>
/// <param name="From">First day that counts.</param>
/// <param name="To">The day on which money came in, or the last day; days are the difference.</param>
/// <param name="Debt">Cents owed in it.</param>
internal sealed record InterestPiece(DateOnly From, DateOnly To, long Debt, int Days, long Interest);

/// <summary>Penalty interest by pieces: each sum ends the interest on its part with the day it came in (2014 解释 2, 3). Pure.</summary>
internal static class InterestPieces
{
    /// <summary>
    /// The pieces from the day after the last day to perform. Money that comes in satisfies the debt first and the penalty interest after it; what
    /// went to costs,
    /// or back to the debtor, satisfies nothing: the oldest money is taken as used for it first.
    /// </summary>
    /// <param name="debt">Cents owed at first, without ordinary interest.</param>
    /// <param name="performBy">Last day to perform.</param>
    /// <param name="today">Up to which the interest runs.</param>
    /// <param name="came">Cents and the day each came in; earlier days count as that day.</param>
    /// <param name="aside">Cents of it that went to costs or back.</param>
    public static IReadOnlyList<InterestPiece> Of(long debt, DateOnly performBy, DateOnly today, IEnumerable<(DateOnly On, long Cents)> came, long aside)
    {
        var pieces = new List<InterestPiece>();
        var from = performBy.AddDays(1);
        var owed = debt;
        foreach (var day in came.GroupBy(c => c.On).OrderBy(g => g.Key))
        {
            var sum = day.Sum(c => c.Cents);
            var used = Math.Min(aside, sum);
            aside -= used;
            sum -= used;
            if (sum == 0)
                continue;
            if (day.Key > today)
                break;
            Add(day.Key);
            owed = Math.Max(0, owed - sum);
        }
        Add(today);
        return pieces;

        void Add(DateOnly to)
        {
            if (owed == 0 || to <= from)
                return;
            var part = PenaltyInterest.Compute(owed / 100m, from, to);
            pieces.Add(new InterestPiece(from, to, owed, part.Days, (long)(part.Amount * 100)));
            from = to;
        }
    }
}
