using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Fees;

/// <summary>Bills by their day, and the reconciliation of one day.</summary>
[Permit("triage.filings")]
internal sealed record ListBills : IQuery<ListBills.Result>
{
    /// <summary>open, overdue, relief or settled.</summary>
    public string State { get; init; } = "open";
    public DateOnly? Day { get; init; }

    /// <summary>The mark of the last row seen.</summary>
    public string After { get; init; } = "";

    /// <param name="Sums">Of the day, by source and account, as they were posted.</param>
    /// <param name="Off">What the day's entries miss from summing up to nothing; 0 in a sound ledger.</param>
    /// <param name="Suspense">Money of unknown codes that waits.</param>
    internal sealed record Result(IReadOnlyList<Bill> Rows, string? Next, DateOnly Day, IReadOnlyList<Sum> Sums, long Off, int Suspense);

    internal sealed record Sum
    {
        public string Source { get; init; } = "";
        public string Account { get; init; } = "";
        public long Cents { get; init; }
        public int N { get; init; }
    }

    internal sealed class Handler(Db db, FeeLedger ledger, TimeProvider clock) : IQueryHandler<ListBills, Result>
    {
        private const int Size = 50;

        public async Task<Result> Handle(ListBills request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = ledger.Arguments;
            var today = Times.Day(clock.GetUtcNow());
            var state = request.State == "overdue" ? "open" : request.State;
            var before = request.State == "overdue" ? today : DateOnly.MaxValue;
            // while it is mediated a case owes no fee yet
            var resting = request.State == "overdue" ? " AND NOT EXISTS (SELECT 1 FROM triage_mediation m WHERE m.case_id = b.case_id AND m.is_open = 1)" : "";
            var mark = Mark.Read(request.After);
            var rows = await db.PageAsync<Bill>(
                $"SELECT {FeeLedger.Columns} FROM triage_bill b WHERE b.state = @state AND b.due_on < @before{resting} AND (b.due_on > @Day OR "
                    + $"(b.due_on = @Day AND b.id > @Id)) AND {ledger.Seen} ORDER BY b.due_on, b.id",
                new
                {
                    state,
                    before,
                    mark.Day,
                    mark.Id,
                    me,
                    courts,
                    places,
                },
                Size + 1,
                cancellationToken
            );
            var next = rows.Count > Size ? new Mark(rows[Size - 1].DueOn, rows[Size - 1].Id).ToString() : null;
            var waiting = await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM triage_suspense WHERE court_id IN @courts AND state = 'open'",
                new { courts },
                cancellationToken
            );
            var day = request.Day ?? today;
            var sums = await db.QueryAsync<Sum>(
                "SELECT l.source, l.account, SUM(l.amount) AS cents, COUNT(*) AS n FROM triage_ledger l WHERE l.court_id IN @courts AND l.on_day = "
                    + "@day GROUP BY l.source, l.account ORDER BY l.source, l.account",
                new { courts, day },
                cancellationToken
            );
            return new Result([.. rows.Take(Size)], next, day, sums, sums.Sum(s => s.Cents), waiting);
        }
    }
}

/// <summary>A bill with its entries.</summary>
[Permit("triage.filings")]
internal sealed record ShowBill : IQuery<ShowBill.Result>
{
    public long Id { get; init; }

    internal sealed record Result(Bill Bill, IReadOnlyList<Entry> Entries, Filing Filing);

    internal sealed record Entry
    {
        public DateOnly OnDay { get; init; }
        public string Source { get; init; } = "";
        public string Account { get; init; } = "";
        public long Amount { get; init; }
        public string Words { get; init; } = "";
        public string ByName { get; init; } = "";
    }

    internal sealed class Handler(Db db, FeeLedger ledger, FilingBook book) : IQueryHandler<ShowBill, Result>
    {
        public async Task<Result> Handle(ShowBill request, CancellationToken cancellationToken)
        {
            var bill = await ledger.GetAsync(request.Id, cancellationToken);
            return new Result(
                bill,
                await db.QueryAsync<Entry>(
                    "SELECT l.on_day, l.source, l.account, l.amount, l.words, l.by_name FROM triage_ledger l WHERE l.bill_id = @Id ORDER BY l.id",
                    new { bill.Id },
                    cancellationToken
                ),
                await book.GetAsync(bill.FilingId, cancellationToken)
            );
        }
    }
}
