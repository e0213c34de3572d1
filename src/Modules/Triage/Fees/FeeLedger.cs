using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Fees;

/// <summary>The accounts of the fee ledger. Each entry sums up to nothing.</summary>
internal static class Accounts
{
    public const string Receivable = "receivable";
    public const string Cash = "cash";
    public const string Income = "income";
    public const string Waived = "waived";

    /// <summary>Paid beyond what is owed: to be given back.</summary>
    public const string Credit = "credit";

    /// <summary>Money for a payment code that nobody knows.</summary>
    public const string Suspense = "suspense";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Receivable] = "应收",
        [Cash] = "实收",
        [Income] = "诉讼费",
        [Waived] = "减免",
        [Credit] = "多交待退",
        [Suspense] = "不明来款",
    };

    public static readonly IReadOnlyDictionary<string, string> Sources = new Dictionary<string, string>
    {
        ["notice"] = "缴费通知",
        ["hand"] = "窗口登记",
        ["file"] = "银行文件",
        ["gateway"] = "支付平台",
        ["relief"] = "减免",
        ["refund"] = "退费",
        ["assign"] = "认领不明来款",
        ["convert"] = "程序转换",
        ["halve"] = "减半交纳",
        ["deem"] = "按撤诉处理",
        ["carry"] = "随案移交",
    };
}

/// <summary>A bill with what its ledger says. Cents.</summary>
internal sealed record Bill
{
    public long Id { get; init; }
    public long FilingId { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public long CourtId { get; init; }
    public string Code { get; init; } = "";

    /// <summary>filing, or supplement after the procedure was changed.</summary>
    public string Kind { get; init; } = "";
    public long Amount { get; init; }
    public DateOnly IssuedOn { get; init; }
    public DateOnly DueOn { get; init; }

    /// <summary>open, relief (asked for, not decided), settled or deemed (not paid in time: deemed withdrawn).</summary>
    public string State { get; init; } = "";
    public long? ReliefCents { get; init; }
    public DateOnly? ReliefUntil { get; init; }
    public string ReliefReason { get; init; } = "";
    public long? ReliefBy { get; init; }
    public int Version { get; init; }
    public long Owed { get; init; }
    public long Paid { get; init; }
    public long Credit { get; init; }
}

/// <summary>Bills and the double-entry ledger behind them; in the transaction that is open.</summary>
internal sealed class FeeLedger(Db db, Ids ids, TimeProvider clock, Actor actor, ICases cases, ICaseIndex index, ICalendarSource calendars)
{
    /// <summary>Days to pay from the day after the notice (诉讼费用交纳办法 22).</summary>
    public const int Days = 7;

    public const string Columns = """
        b.id, b.filing_id, b.case_id, b.case_number, b.court_id, b.code, b.kind, b.amount, b.issued_on, b.due_on, b.state, b.relief_cents, b.relief_until,
            b.relief_reason, b.relief_by, b.version,
        (SELECT COALESCE(SUM(l.amount), 0) FROM triage_ledger l WHERE l.bill_id = b.id AND l.account = 'receivable') AS owed,
        (SELECT COALESCE(SUM(l.amount), 0) FROM triage_ledger l WHERE l.bill_id = b.id AND l.account = 'cash') AS paid,
        (SELECT COALESCE(-SUM(l.amount), 0) FROM triage_ledger l WHERE l.bill_id = b.id AND l.account = 'credit') AS credit
        """;

    public static readonly StateTable Table = new(
        "triage_bill",
        "缴费单",
        new("receive", ["open", "relief", "settled", "deemed"], null),
        new("settle", ["open", "relief"], "settled"),
        new("ask", ["open"], "relief"),
        new("adjust", ["open", "relief", "settled"], null),
        new("deem", ["open"], "deemed"),
        new("decide", ["relief"], "open")
    );

    public static string Yuan(long cents) => (cents / 100m).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);

    public string Seen => $"b.court_id IN @courts AND {index.Registered("b.case_id")}";

    public AccessArguments Arguments => cases.Arguments;

    public async Task<Bill> GetAsync(long id, CancellationToken ct)
    {
        var (me, courts, places) = Arguments;
        return await db.FirstAsync<Bill>(
                $"SELECT {Columns} FROM triage_bill b WHERE b.id = @id AND {Seen}",
                new
                {
                    id,
                    me,
                    courts,
                    places,
                },
                ct
            ) ?? throw new NotFound("缴费单", id);
    }

    public async Task<Bill?> FindAsync(string code, CancellationToken ct)
    {
        var (_, courts, _) = Arguments;
        return await db.FirstAsync<Bill>($"SELECT {Columns} FROM triage_bill b WHERE b.code = @code AND b.court_id IN @courts", new { code, courts }, ct);
    }

    /// <summary>A bill of any court by its code: for the payment platform, which belongs to none.</summary>
    public Task<Bill?> AnywhereAsync(string code, CancellationToken ct) =>
        db.FirstAsync<Bill>($"SELECT {Columns} FROM triage_bill b WHERE b.code = @code", new { code }, ct);

    /// <summary>The notice of a fee: a payment code and seven days from the day after.</summary>
    public Task<long> IssueAsync(Filing filing, CourtCard court, long caseId, string number, long cents, CancellationToken ct) =>
        IssueAsync(filing.Id, court, caseId, number, cents, "filing", ct);

    /// <param name="kind">filing or supplement.</param>
    public async Task<long> IssueAsync(long filingId, CourtCard court, long caseId, string number, long cents, string kind, CancellationToken ct)
    {
        var id = ids.Next();
        var today = Times.Day(clock.GetUtcNow());
        var due = Periods.Compute(today, Days, PeriodUnit.Day, calendars.For(court.Code)).LegalLastDay;
        var code = $"F{id}";
        await db.ExecuteAsync(
            """
            INSERT INTO triage_bill (id, filing_id, case_id, case_number, court_id, code, kind, amount, issued_on, due_on, state, relief_reason, version)
            VALUES (@id, @filingId, @caseId, @number, @court, @code, @kind, @cents, @today, @due, 'open', '', 1)
            """,
            new
            {
                id,
                filingId,
                caseId,
                number,
                court = court.Id,
                code,
                kind,
                cents,
                today,
                due,
            },
            ct
        );
        await PostAsync($"notice:{id}", court.Id, id, "notice", "", today, ct, (Accounts.Receivable, cents), (Accounts.Income, -cents));
        return id;
    }

    /// <summary>
    /// Money that came in. The same reference is one payment, however often it is sent; what exceeds the debt is kept to be given back, and money for an
    /// unknown code is kept apart.
    /// </summary>
    /// <returns>paid, part, over, unknown, or repeated where the reference is there already.</returns>
    public async Task<string> ReceiveAsync(string code, long cents, string reference, string source, DateOnly on, CancellationToken ct)
    {
        var bill = await FindAsync(code, ct);
        return await ReceiveAsync(bill, bill?.CourtId ?? actor.CourtId, code, cents, reference, source, on, ct);
    }

    /// <summary>The same for a bill that is known, or for none: then the money waits with <paramref name="court"/>.</summary>
    public async Task<string> ReceiveAsync(Bill? bill, long court, string code, long cents, string reference, string source, DateOnly on, CancellationToken ct)
    {
        var key = "in:" + reference;
        if (
            await db.FirstAsync<Posted>(
                "SELECT bill_id, amount FROM triage_ledger WHERE court_id = @court AND entry_key = @key AND account = 'cash'",
                new { court, key },
                ct
            ) is
            { } there
        )
            return there.Amount == cents && there.BillId == bill?.Id
                ? "repeated"
                : throw new RuleBroken($"流水号 {reference} 已经入账，但金额或缴费码不同，请核对。", "Reference", "other-payment");
        if (bill is not null)
            return await PayAsync(bill, key, cents, reference, source, on, ct);
        await PostAsync(key, court, null, source, code, on, ct, (Accounts.Cash, cents), (Accounts.Suspense, -cents));
        await db.ExecuteAsync(
            "INSERT INTO triage_suspense (id, court_id, reference, code, amount, on_day, state, bill_id, reason, ended_at, ended_by_name, version) "
                + "VALUES (@id, @court, @reference, @code, @cents, @on, 'open', NULL, '', NULL, '', 1)",
            new
            {
                id = ids.Next(),
                court,
                reference,
                code,
                cents,
                on,
            },
            ct
        );
        return "unknown";
    }

    /// <summary>Money for a bill that was read in this transaction.</summary>
    /// <returns>paid, part or over.</returns>
    public async Task<string> PayAsync(Bill bill, string key, long cents, string reference, string source, DateOnly on, CancellationToken ct)
    {
        var debt = Math.Min(cents, Math.Max(0, bill.Owed));
        await PostAsync(
            key,
            bill.CourtId,
            bill.Id,
            source,
            reference,
            on,
            ct,
            (Accounts.Cash, cents),
            (Accounts.Receivable, -debt),
            (Accounts.Credit, debt - cents)
        );
        // every receipt raises the version: two at once never divide the same debt twice
        await Table.MoveAsync(
            db,
            debt == bill.Owed && bill.State is ("open" or "relief") ? "settle" : "receive",
            bill.State,
            new { bill.Id, bill.Version },
            ct: ct
        );
        // whoever filed online sees it
        await db.ExecuteAsync(
            "UPDATE triage_public_filing SET fee_paid = @paid, version = version + 1 WHERE fee_code = @Code",
            new { paid = bill.Paid + cents, bill.Code },
            ct
        );
        return cents > bill.Owed ? "over"
            : debt == bill.Owed ? "paid"
            : "part";
    }

    /// <summary>The case goes on to trial: the notice of the fee is given anew, seven days from the day after (2025 意见).</summary>
    public async Task NoticeAgainAsync(long caseId, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        foreach (var bill in (await OfCaseAsync(caseId, ct)).Where(b => b.State == "open"))
        {
            var code = await db.FirstAsync<string>("SELECT number FROM workzone_case_card WHERE id = @caseId", new { caseId }, ct);
            var due = Periods.Compute(today, Days, PeriodUnit.Day, calendars.For(CaseNumber.Parse(code!).Court)).LegalLastDay;
            if (due > bill.DueOn)
                await Table.MoveAsync(
                    db,
                    "adjust",
                    bill.State,
                    new
                    {
                        bill.Id,
                        bill.Version,
                        due,
                    },
                    "due_on = @due",
                    ct
                );
        }
    }

    /// <summary>Every bill of a case, the first first. For the system and for whoever has read the case.</summary>
    public Task<IReadOnlyList<Bill>> OfCaseAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<Bill>($"SELECT {Columns} FROM triage_bill b WHERE b.case_id = @caseId ORDER BY b.id", new { caseId }, ct);

    /// <summary>A fee that became smaller by so much: less is owed, and what was paid beyond it is kept to be given back. What no bill can bear is
    /// left.</summary>
    public async Task LessenAsync(IReadOnlyList<Bill> bills, long cents, string key, string source, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        foreach (var bill in bills.Where(b => b.State != "deemed").Reverse())
        {
            var (owed, paid) = FeeChange.Lessen(cents, Math.Max(0, bill.Owed), Math.Max(0, bill.Paid - bill.Credit));
            if (owed + paid == 0)
                continue;
            await PostAsync(
                $"{key}:{bill.Id}",
                bill.CourtId,
                bill.Id,
                source,
                "",
                today,
                ct,
                (Accounts.Income, owed + paid),
                (Accounts.Receivable, -owed),
                (Accounts.Credit, -paid)
            );
            await Table.MoveAsync(
                db,
                bill.State is "open" or "relief" && owed == bill.Owed ? "settle" : "adjust",
                bill.State,
                new { bill.Id, bill.Version },
                ct: ct
            );
            cents -= owed + paid;
        }
    }

    /// <summary>
    /// What was paid in the court that transferred a case goes along with it (诉讼费用交纳办法 24): out of the books there, paid in here. What was still owed
    /// there is owed here alone; what was paid beyond the fee stays there to be given back.
    /// </summary>
    /// <param name="billId">The bill of the case here.</param>
    public async Task CarryAsync(long fromCaseId, long billId, DateOnly on, CancellationToken ct)
    {
        var carried = 0L;
        var number = "";
        foreach (var bill in (await OfCaseAsync(fromCaseId, ct)).Where(b => b.State != "deemed"))
        {
            var (paid, owed) = (Math.Max(0, bill.Paid - bill.Credit), Math.Max(0, bill.Owed));
            if (paid + owed == 0)
                continue;
            await PostAsync(
                $"carry:{bill.Id}",
                bill.CourtId,
                bill.Id,
                "carry",
                "",
                on,
                ct,
                (Accounts.Cash, -paid),
                (Accounts.Receivable, -owed),
                (Accounts.Income, paid + owed)
            );
            await Table.MoveAsync(db, bill.State is "open" or "relief" ? "settle" : "adjust", bill.State, new { bill.Id, bill.Version }, ct: ct);
            (carried, number) = (carried + paid, bill.CaseNumber);
        }
        if (carried == 0)
            return;
        var here = (await db.FirstAsync<Bill>($"SELECT {Columns} FROM triage_bill b WHERE b.id = @billId", new { billId }, ct))!;
        await PayAsync(here, $"carried:{fromCaseId}", carried, number, "carry", on, ct);
    }

    /// <summary>One entry; its lines sum up to nothing.</summary>
    public async Task PostAsync(
        string key,
        long court,
        long? bill,
        string source,
        string words,
        DateOnly on,
        CancellationToken ct,
        params (string Account, long Cents)[] lines
    )
    {
        if (lines.Sum(l => l.Cents) != 0)
            throw new InvalidOperationException($"The entry {key} does not sum up to nothing.");
        foreach (var (account, amount) in lines.Where(l => l.Cents != 0))
            await db.ExecuteAsync(
                """
                INSERT INTO triage_ledger (id, entry_key, court_id, bill_id, account, amount, on_day, source, words, at, by_name)
                VALUES (@id, @key, @court, @bill, @account, @amount, @on, @source, @words, @now, @by)
                """,
                new
                {
                    id = ids.Next(),
                    key,
                    court,
                    bill,
                    account,
                    amount,
                    on,
                    source,
                    words,
                    now = clock.GetUtcNow(),
                    by = actor.Name,
                },
                ct
            );
    }

    private sealed record Posted
    {
        public long? BillId { get; init; }
        public long Amount { get; init; }
    }
}
