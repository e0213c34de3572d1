using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Money;

/// <summary>The money of a case: what came, what is held, what went, the plan, and the penalty interest on what is still owed.</summary>
[Permit("enforcement.read")]
internal sealed record ShowCaseMoney : IQuery<ShowCaseMoney.Result>
{
    public long CaseId { get; init; }

    /// <summary>Last day to perform; penalty interest runs from the day after.</summary>
    public DateOnly? PerformBy { get; init; }

    /// <summary>Yuan on which the penalty interest runs: the debt without ordinary interest; the whole claim where it is not given.</summary>
    public decimal? Principal { get; init; }

    /// <param name="Interest">Cents; null where no day is given or nothing is owed.</param>
    /// <param name="Pieces">The interest by the stretches in which the same sum was owed.</param>
    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<PartyContact> Parties,
        IReadOnlyList<ReceiptRow> Receipts,
        IReadOnlyList<PayoutRow> Payouts,
        IReadOnlyList<(PlanRow Plan, IReadOnlyList<PlanLine> Lines)> Plans,
        long Held,
        long Promised,
        long Paid,
        long? Claim,
        long? Interest,
        IReadOnlyList<InterestPiece> Pieces
    );

    internal sealed class Handler(Db db, ICases cases, CaseMoney money) : IQueryHandler<ShowCaseMoney, Result>
    {
        public async Task<Result> Handle(ShowCaseMoney request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var args = new { request.CaseId };
            var payouts = await db.QueryAsync<PayoutRow>(
                $"SELECT {PayoutRow.Columns} FROM enforcement_payout p WHERE p.case_id = @CaseId ORDER BY p.id DESC",
                args,
                cancellationToken
            );
            var plans = await db.QueryAsync<PlanRow>(
                $"SELECT {PlanRow.Columns} FROM enforcement_plan p WHERE p.case_id = @CaseId ORDER BY p.id DESC",
                args,
                cancellationToken
            );
            var lines = (
                await db.QueryAsync<PlanLine>(
                    $"SELECT {PlanLine.Columns} FROM enforcement_plan_line l JOIN enforcement_plan p ON p.id = l.plan_id WHERE p.case_id = @CaseId "
                        + "ORDER BY l.n",
                    args,
                    cancellationToken
                )
            ).ToLookup(l => l.PlanId);
            var claim = await db.FirstAsync<long?>("SELECT amount FROM workzone_case_card WHERE id = @CaseId", args, cancellationToken);
            var paid = payouts.Where(p => p is { State: "paid", Kind: "creditor" or "state" }).Sum(p => p.Amount);
            var receipts = await db.QueryAsync<ReceiptRow>(
                $"SELECT {ReceiptRow.Columns} FROM enforcement_receipt r WHERE r.case_id = @CaseId ORDER BY r.received_on DESC, r.id DESC",
                args,
                cancellationToken
            );
            var principal = request.Principal is > 0 and <= CaseMoney.Most and { } yuan ? CaseMoney.Cents(yuan) : claim;
            var pieces =
                principal is > 0 and { } debt && request.PerformBy is { Year: >= 2000 } by
                    ? InterestPieces.Of(
                        debt,
                        by,
                        money.Today,
                        receipts
                            .Where(r => r.State == "held")
                            .Select(r => (r.ReceivedOn, r.Amount))
                            .Concat(payouts.Where(CaseMoney.IsInKind).Select(p => (p.PaidOn!.Value, p.Amount))),
                        payouts.Where(p => p is { State: "paid", Kind: not ("creditor" or "state") }).Sum(p => p.Amount)
                    )
                    : [];
            return new Result(
                card,
                await cases.PartiesAsync(card.Id, cancellationToken),
                receipts,
                payouts,
                [.. plans.Select(p => (p, (IReadOnlyList<PlanLine>)[.. lines[p.Id]]))],
                await money.HeldAsync(card.Id, cancellationToken),
                await money.PromisedAsync(card.Id, cancellationToken),
                paid,
                claim,
                pieces.Count > 0 ? pieces.Sum(p => p.Interest) : null,
                pieces
            );
        }
    }
}

/// <summary>The money of the courts: receipts by state, payouts that wait, the books of a day, and what the account holds.</summary>
[Permit("enforcement.money")]
internal sealed record ShowMoney : IQuery<ShowMoney.Result>
{
    /// <summary>suspense, held, deposit or returned.</summary>
    public string State { get; init; } = "suspense";
    public DateOnly? Day { get; init; }
    public long After { get; init; } = long.MaxValue;

    internal sealed record Result(
        IReadOnlyList<ReceiptRow> Receipts,
        string? Next,
        IReadOnlyList<PayoutRow> Payouts,
        DateOnly Day,
        IReadOnlyList<Sum> Sums,
        long Bank,
        long Held,
        long Suspense,
        long Deposits,
        int Late
    )
    {
        /// <summary>Cents by which the books do not close; 0 always.</summary>
        public long Off => Bank - Held - Suspense - Deposits;
    }

    internal sealed record Sum
    {
        public string Account { get; init; } = "";
        public long Came { get; init; }
        public long Went { get; init; }
        public int N { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, CaseMoney money, AccessLog reads) : IQueryHandler<ShowMoney, Result>
    {
        public async Task<Result> Handle(ShowMoney request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var day = request.Day ?? money.Today;
            var args = new
            {
                me,
                courts,
                places,
                request.State,
                request.After,
                day,
                today = money.Today,
            };
            var rows = await db.PageAsync<ReceiptRow>(
                $"SELECT {ReceiptRow.Columns}, c.number AS case_number FROM enforcement_receipt r LEFT JOIN workzone_case_card c ON c.id = r.case_id "
                    + "WHERE r.court_id IN @courts AND r.state = @State AND r.id < @After AND (r.case_id IS NULL OR "
                    + cases.Seen("r.case_id")
                    + ") ORDER BY r.id DESC",
                args,
                51,
                cancellationToken
            );
            var payouts = await db.PageAsync<PayoutRow>(
                $"SELECT {PayoutRow.Columns}, c.number AS case_number FROM enforcement_payout p JOIN workzone_case_card c ON c.id = p.case_id WHERE "
                    + "p.court_id IN @courts AND p.state IN ('asked', 'approved') AND "
                    + cases.Seen("p.case_id")
                    + " ORDER BY p.id",
                args,
                100,
                cancellationToken
            );
            var sums = await db.QueryAsync<Sum>(
                "SELECT e.account, SUM(CASE WHEN e.amount > 0 THEN e.amount ELSE 0 END) AS came, SUM(CASE WHEN e.amount < 0 THEN -e.amount ELSE 0 "
                    + "END) AS went, COUNT(*) AS n FROM enforcement_entry e WHERE e.court_id IN @courts AND e.on_day = @day GROUP BY e.account ORDER "
                    + "BY e.account",
                args,
                cancellationToken
            );
            var totals = (
                await db.QueryAsync<Sum>(
                    "SELECT e.account, SUM(e.amount) AS came FROM enforcement_entry e WHERE e.court_id IN @courts GROUP BY e.account",
                    args,
                    cancellationToken
                )
            ).ToDictionary(s => s.Account, s => s.Came);
            var late = await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM enforcement_receipt r WHERE r.court_id IN @courts AND r.state IN ('held', 'suspense') AND r.left_over > 0 AND "
                    + "r.due_on < @today AND (r.case_id IS NULL OR "
                    + cases.Seen("r.case_id")
                    + ")",
                args,
                cancellationToken
            );
            reads.List("enforcement.money.list", Math.Min(50, rows.Count), new { request.State });
            return new Result(
                [.. rows.Take(50)],
                rows.Count > 50 ? $"after={rows[49].Id}" : null,
                payouts,
                day,
                sums,
                totals.GetValueOrDefault(Accounts.Bank),
                -totals.GetValueOrDefault(Accounts.Held),
                -totals.GetValueOrDefault(Accounts.Suspense),
                -totals.GetValueOrDefault(Accounts.Deposit),
                late
            );
        }
    }
}

/// <summary>One receipt.</summary>
[Permit("enforcement.read")]
internal sealed record ShowReceipt : IQuery<ReceiptRow>
{
    public long Id { get; init; }

    internal sealed class Handler(CaseMoney money) : IQueryHandler<ShowReceipt, ReceiptRow>
    {
        public Task<ReceiptRow> Handle(ShowReceipt request, CancellationToken cancellationToken) => money.ReceiptAsync(request.Id, null, cancellationToken);
    }
}
