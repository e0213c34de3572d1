using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Data;

namespace CourtOps.Enforcement.Persuade;

/// <summary>Which instalments the money of a case covers. Pure.</summary>
internal static class InstalmentRules
{
    /// <summary>
    /// The open instalments that are covered, in their order, and the day each was: the money since the settlement goes to the instalments by their number, the
    /// paid ones first.
    /// </summary>
    /// <param name="parts">All instalments, by number.</param>
    /// <param name="came">Cents and the day each came in, since the settlement was signed.</param>
    public static IReadOnlyList<(int N, DateOnly On)> Covered(IReadOnlyList<InstalmentRow> parts, IReadOnlyList<(DateOnly On, long Cents)> came)
    {
        var covered = new List<(int N, DateOnly On)>();
        long needed = 0;
        foreach (var part in parts.OrderBy(p => p.N))
        {
            needed += part.Amount;
            long sum = 0;
            DateOnly? on = null;
            foreach (var (day, cents) in came.OrderBy(c => c.On))
            {
                sum += cents;
                if (sum < needed)
                    continue;
                on = day;
                break;
            }
            if (on is null && part.PaidOn is null)
                break;
            if (part.PaidOn is null)
                covered.Add((part.N, on!.Value));
        }
        return covered;
    }
}

/// <summary>Instalments are paid by a person's word, or by the money that came to the court; in the open transaction.</summary>
internal sealed class InstalmentBook(Db db, CaseDates dates, Lookout lookout, PersuadeBook persuade)
{
    /// <summary>Money came for a case: the instalments of its running settlement that it covers are paid.</summary>
    public async Task MatchAsync(long caseId, CancellationToken ct)
    {
        var s = await db.FirstAsync<SettlementRow>(
            $"SELECT {SettlementRow.Columns} FROM enforcement_settlement s WHERE s.case_id = @caseId AND s.state = 'running'",
            new { caseId },
            ct
        );
        if (s is null)
            return;
        var parts = await db.QueryAsync<InstalmentRow>(
            "SELECT settlement_id, n, due_on, amount, paid_on FROM enforcement_instalment WHERE settlement_id = @Id ORDER BY n",
            new { s.Id },
            ct
        );
        var came = await db.QueryAsync<Came>(
            "SELECT received_on, amount FROM enforcement_receipt WHERE case_id = @caseId AND state = 'held' AND received_on >= @SignedOn",
            new { caseId, s.SignedOn },
            ct
        );
        foreach (var (n, on) in InstalmentRules.Covered(parts, [.. came.Select(c => (c.ReceivedOn, c.Amount))]))
            s = await PayAsync(s, n, on, ct);
        await lookout.LookAsync(caseId, ct);
    }

    /// <summary>One instalment was paid; the last one performs the settlement, lifts the means and leaves what is under control to be released.</summary>
    public async Task<SettlementRow> PayAsync(SettlementRow s, int n, DateOnly on, CancellationToken ct)
    {
        var open = await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_instalment WHERE settlement_id = @Id AND paid_on IS NULL", new { s.Id }, ct);
        await SettlementRow.Table.MoveAsync(
            db,
            open == 1 ? "perform" : "pay",
            s.State,
            new
            {
                s.Id,
                s.Version,
                on,
            },
            open == 1 ? "ended_on = @on" : "",
            ct
        );
        await db.ExecuteAsync(
            "UPDATE enforcement_instalment SET paid_on = @on WHERE settlement_id = @Id AND n = @n",
            new
            {
                s.Id,
                n,
                on,
            },
            ct
        );
        await dates.EndAsync($"instalment:{s.Id}:{n}", ct);
        if (open == 1)
            await persuade.LiftAllAsync(s.CaseId, on, ct);
        return (await db.FirstAsync<SettlementRow>($"SELECT {SettlementRow.Columns} FROM enforcement_settlement s WHERE s.id = @Id", new { s.Id }, ct))!;
    }

    private sealed record Came
    {
        public DateOnly ReceivedOn { get; init; }
        public long Amount { get; init; }
    }
}
