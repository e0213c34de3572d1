using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Money;

/// <summary>The accounts of the money of enforcement cases (案款). Each entry sums up to nothing; what the court owes is negative.</summary>
internal static class Accounts
{
    public const string Bank = "bank";

    /// <summary>Held for a case.</summary>
    public const string Held = "held";

    /// <summary>Came without a case that is known.</summary>
    public const string Suspense = "suspense";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Bank] = "案款专户",
        [Held] = "在案待发",
        [Suspense] = "不明来款",
    };

    public static readonly IReadOnlyDictionary<string, string> Sources = new Dictionary<string, string>
    {
        ["transfer"] = "当事人转入",
        ["deduct"] = "扣划",
        ["auction"] = "拍卖价款",
        ["cash"] = "现金",
        ["other"] = "其他",
    };

    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["creditor"] = "发申请执行人",
        ["fee"] = "执行费、诉讼费",
        ["cost"] = "评估等费用",
        ["refund"] = "退被执行人",
        ["other"] = "其他",
    };

    public static readonly IReadOnlyDictionary<string, string> PayoutStates = new Dictionary<string, string>
    {
        ["asked"] = "待审批",
        ["approved"] = "待付款",
        ["paid"] = "已付",
        ["failed"] = "付款退回",
        ["refused"] = "未批准",
        ["cancelled"] = "已撤回",
    };

    public static readonly IReadOnlyDictionary<string, string> PlanStates = new Dictionary<string, string>
    {
        ["draft"] = "拟定",
        ["served"] = "已送达，异议期",
        ["objected"] = "有异议",
        ["opposed"] = "异议被反对，起诉期",
        ["sued"] = "分配方案异议之诉",
        ["final"] = "已生效",
        ["cancelled"] = "已撤销",
    };

    public static readonly IReadOnlyDictionary<string, string> ReceiptStates = new Dictionary<string, string>
    {
        ["suspense"] = "不明来款",
        ["held"] = "在案",
        ["returned"] = "已退回",
    };
}

/// <summary>When money is to be paid out; practice under 法发〔2017〕6号.</summary>
internal sealed record MoneyRules
{
    /// <summary>Days from the receipt; 30 at most.</summary>
    public int PayDays { get; init; } = 15;

    /// <summary>Days in which money without a case finds one or goes back.</summary>
    public int SuspenseDays { get; init; } = 30;
}

internal sealed record ReceiptRow
{
    public const string Columns =
        "r.id, r.court_id, r.case_id, r.amount, r.left_over, r.received_on, r.payer, r.memo, r.reference, r.source, r.state, r.due_on, r.words, r.return_by, "
        + "r.return_name, r.version";

    public long Id { get; init; }
    public long CourtId { get; init; }
    public long? CaseId { get; init; }
    public string? CaseNumber { get; init; }

    /// <summary>Cents.</summary>
    public long Amount { get; init; }

    /// <summary>Cents of it not yet paid out.</summary>
    public long LeftOver { get; init; }
    public DateOnly ReceivedOn { get; init; }
    public string Payer { get; init; } = "";
    public string Memo { get; init; } = "";
    public string Reference { get; init; } = "";
    public string Source { get; init; } = "";
    public string State { get; init; } = "";
    public DateOnly? DueOn { get; init; }
    public string? Words { get; init; }

    /// <summary>Who asked for it to go back; another person decides.</summary>
    public long? ReturnBy { get; init; }
    public string? ReturnName { get; init; }
    public int Version { get; init; }
}

internal sealed record PayoutRow
{
    public const string Columns =
        "p.id, p.case_id, p.court_id, p.plan_id, p.party_id, p.payee, p.account_hint, p.kind, p.amount, p.words, p.state, p.asked_by, p.asked_name, "
        + "p.asked_at, p.account_by, p.decided_name, p.decided_at, p.decided_words, p.paid_on, p.reference, p.version";

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public long? PlanId { get; init; }
    public long? PartyId { get; init; }
    public string Payee { get; init; } = "";
    public string? AccountHint { get; init; }
    public string Kind { get; init; } = "";
    public long Amount { get; init; }
    public string Words { get; init; } = "";
    public string State { get; init; } = "";
    public long AskedBy { get; init; }
    public string AskedName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>Who entered the account, where that was not with the request.</summary>
    public long? AccountBy { get; init; }
    public string? DecidedName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedWords { get; init; }
    public DateOnly? PaidOn { get; init; }
    public string? Reference { get; init; }
    public int Version { get; init; }
}

internal sealed record PlanRow
{
    public const string Columns =
        "p.id, p.case_id, p.court_id, p.total, p.costs, p.state, p.served_on, p.object_until, p.objection, p.counter_until, p.sue_until, p.costs_asked, "
        + "p.created_name, p.created_at, p.version";

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long Total { get; init; }
    public long Costs { get; init; }
    public string State { get; init; } = "";
    public DateOnly? ServedOn { get; init; }
    public DateOnly? ObjectUntil { get; init; }
    public string? Objection { get; init; }

    /// <summary>Last day for the others to oppose the objection.</summary>
    public DateOnly? CounterUntil { get; init; }

    /// <summary>Last day for whoever objected to sue.</summary>
    public DateOnly? SueUntil { get; init; }
    public bool CostsAsked { get; init; }
    public string CreatedName { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; init; }
}

internal sealed record PlanLine
{
    public const string Columns = "l.plan_id, l.n, l.party_id, l.name, l.priority, l.claim, l.share, l.disputed, l.asked";

    public long PlanId { get; init; }
    public int N { get; init; }
    public long? PartyId { get; init; }
    public string Name { get; init; } = "";
    public int Priority { get; init; }
    public long Claim { get; init; }
    public long Share { get; init; }

    /// <summary>The objection is against this share; it stays with the court until that is decided (CPL-I 510).</summary>
    public bool Disputed { get; init; }

    /// <summary>Its payout was asked for.</summary>
    public bool Asked { get; init; }
}

/// <summary>The money of cases: receipts, the double-entry ledger, payouts and plans; in the open transaction.</summary>
internal sealed class CaseMoney(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    ICases cases,
    CaseDates dates,
    ISettings settings,
    Persuade.InstalmentBook instalments
)
{
    /// <summary>The largest sum in one entry, yuan.</summary>
    public const decimal Most = 9_999_999_999.99m;

    public static readonly StateTable Receipts = new(
        "enforcement_receipt",
        "案款",
        new("assign", ["suspense"], "held"),
        new("ask-return", ["suspense"], null),
        new("keep", ["suspense"], null),
        new("return", ["suspense"], "returned"),
        new("use", ["held"], null)
    );

    public static readonly StateTable Payouts = new(
        "enforcement_payout",
        "发放",
        new("account", ["asked"], null),
        new("approve", ["asked"], "approved"),
        new("refuse", ["asked"], "refused"),
        new("cancel", ["asked", "approved"], "cancelled"),
        new("pay", ["approved"], "paid"),
        new("fail", ["paid"], "failed")
    );

    public static readonly StateTable Plans = new(
        "enforcement_plan",
        "分配方案",
        new("serve", ["draft"], "served"),
        new("object", ["served"], "objected"),
        new("notify", ["objected"], null),
        new("oppose", ["objected"], "opposed"),
        new("sue", ["opposed"], "sued"),
        new("release", ["objected", "opposed", "sued"], null),
        new("settle", ["objected", "opposed", "sued"], "served"),
        new("final", ["served", "opposed", "sued"], "final"),
        new("cancel", ["draft", "served", "objected", "opposed", "sued"], "cancelled")
    );

    public DateOnly Today => Times.Day(clock.GetUtcNow());

    /// <summary>Yuan as cents.</summary>
    public static long Cents(decimal yuan) => (long)(yuan * 100);

    public static bool IsMoney(decimal? yuan) => yuan is null or (> 0 and <= Most) && decimal.Round(yuan ?? 0, 2) == (yuan ?? 0);

    /// <summary>Cents that are held for a case.</summary>
    public Task<long> HeldAsync(long caseId, CancellationToken ct) =>
        db.ScalarAsync<long>(
            "SELECT COALESCE(-SUM(e.amount), 0) FROM enforcement_entry e WHERE e.case_id = @caseId AND e.account = 'held'",
            new { caseId },
            ct
        );

    /// <summary>Cents of payouts that are asked for or approved and not yet paid, and of the shares of a plan that was served and is not yet
    /// carried out.</summary>
    public Task<long> PromisedAsync(long caseId, CancellationToken ct) =>
        db.ScalarAsync<long>(
            """
            SELECT (SELECT COALESCE(SUM(p.amount), 0) FROM enforcement_payout p WHERE p.case_id = @caseId AND p.state IN ('asked', 'approved'))
                + (SELECT COALESCE(SUM(l.share), 0) FROM enforcement_plan_line l JOIN enforcement_plan n ON n.id = l.plan_id WHERE n.case_id = @caseId
                    AND n.state IN ('served', 'objected', 'opposed', 'sued') AND l.asked = 0)
                + (SELECT COALESCE(SUM(n.costs), 0) FROM enforcement_plan n WHERE n.case_id = @caseId
                    AND n.state IN ('served', 'objected', 'opposed', 'sued') AND n.costs_asked = 0)
            """,
            new { caseId },
            ct
        );

    /// <exception cref="NotFound">No such receipt of the courts of this person, or of a case not for them.</exception>
    public async Task<ReceiptRow> ReceiptAsync(long id, int? version, CancellationToken ct)
    {
        var (_, courts, _) = cases.Arguments;
        var r = await db.FirstAsync<ReceiptRow>(
            $"SELECT {ReceiptRow.Columns} FROM enforcement_receipt r WHERE r.id = @id AND r.court_id IN @courts",
            new { id, courts },
            ct
        );
        if (r is null || (r.CaseId is { } of && !await cases.CanReadAsync(of, ct)))
            throw new NotFound("案款", id);
        return version is null || version == r.Version ? r : throw new Conflict("案款刚被他人办理，请刷新后再看。");
    }

    /// <exception cref="NotFound">No such payout, or of a case that is not for this actor.</exception>
    public async Task<PayoutRow> PayoutAsync(long id, int? version, CancellationToken ct)
    {
        var p = await db.FirstAsync<PayoutRow>($"SELECT {PayoutRow.Columns} FROM enforcement_payout p WHERE p.id = @id", new { id }, ct);
        if (p is null || !await cases.CanReadAsync(p.CaseId, ct))
            throw new NotFound("发放", id);
        return version is null || version == p.Version ? p : throw new Conflict("发放刚被他人办理，请刷新后再看。");
    }

    /// <exception cref="NotFound">No such plan, or of a case that is not for this actor.</exception>
    public async Task<PlanRow> PlanAsync(long id, int? version, CancellationToken ct)
    {
        var p = await db.FirstAsync<PlanRow>($"SELECT {PlanRow.Columns} FROM enforcement_plan p WHERE p.id = @id", new { id }, ct);
        if (p is null || !await cases.CanReadAsync(p.CaseId, ct))
            throw new NotFound("分配方案", id);
        return version is null || version == p.Version ? p : throw new Conflict("分配方案刚被他人办理，请刷新后再看。");
    }

    /// <summary>Money that came: for a case, or kept apart until somebody knows whose it is. The same reference of the bank is one receipt.</summary>
    /// <returns>The receipt, and whether it was there before.</returns>
    /// <exception cref="RuleBroken">Code other-payment: the reference was booked with another amount.</exception>
    public async Task<(ReceiptRow Row, bool Repeated)> ReceiveAsync(
        long courtId,
        CaseCard? card,
        long cents,
        DateOnly on,
        string payer,
        string memo,
        string reference,
        string source,
        CancellationToken ct
    )
    {
        if (
            await db.FirstAsync<ReceiptRow>(
                $"SELECT {ReceiptRow.Columns} FROM enforcement_receipt r WHERE r.court_id = @courtId AND r.reference = @reference",
                new { courtId, reference },
                ct
            ) is
            { } there
        )
            return there.Amount == cents
                ? (there, true)
                : throw new RuleBroken($"流水号 {reference} 已经入账，但金额不同，请核对。", "Reference", "other-payment");
        var id = ids.Next();
        var rules = settings.Current<MoneyRules>(courtId);
        DateOnly? due = on.AddDays(card is null ? rules.SuspenseDays : rules.PayDays);
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_receipt (id, court_id, case_id, amount, left_over, received_on, payer, memo, reference, source, state, due_on, created_by,
                created_at, version)
            VALUES (@id, @courtId, @caseId, @cents, @cents, @on, @payer, @memo, @reference, @source, @state, @due, @by, @now, 1)
            """,
            new
            {
                id,
                courtId,
                caseId = card?.Id,
                cents,
                on,
                payer,
                memo,
                reference,
                source,
                state = card is null ? "suspense" : "held",
                due,
                by = actor.Id,
                now = clock.StoredNow(),
            },
            ct
        );
        await PostAsync($"in:{id}", courtId, card?.Id, on, payer, ct, (Accounts.Bank, cents), (card is null ? Accounts.Suspense : Accounts.Held, -cents));
        if (card is not null)
            await dates.SetAsync(card.Id, courtId, $"receipt:{id}", DateKinds.Money, due!.Value, $"{Times.Iso(on)} 到账 {Ui.Yuan(cents)} 元，{payer}", ct);
        if (card is not null)
            await instalments.MatchAsync(card.Id, ct);
        return ((await db.FirstAsync<ReceiptRow>($"SELECT {ReceiptRow.Columns} FROM enforcement_receipt r WHERE r.id = @id", new { id }, ct))!, false);
    }

    /// <summary>Money whose case is known now.</summary>
    public async Task<ReceiptRow> AssignAsync(ReceiptRow r, CaseCard card, CancellationToken ct)
    {
        var due = r.ReceivedOn.AddDays(settings.Current<MoneyRules>(r.CourtId).PayDays);
        await Receipts.MoveAsync(
            db,
            "assign",
            r.State,
            new
            {
                r.Id,
                r.Version,
                caseId = card.Id,
                due,
            },
            "case_id = @caseId, due_on = @due",
            ct
        );
        await PostAsync($"assign:{r.Id}", r.CourtId, card.Id, Today, card.Number, ct, (Accounts.Suspense, r.Amount), (Accounts.Held, -r.Amount));
        await dates.SetAsync(
            card.Id,
            r.CourtId,
            $"receipt:{r.Id}",
            DateKinds.Money,
            due,
            $"{Times.Iso(r.ReceivedOn)} 到账 {Ui.Yuan(r.Amount)} 元，{r.Payer}",
            ct
        );
        await instalments.MatchAsync(card.Id, ct);
        return await ReceiptAsync(r.Id, null, ct);
    }

    /// <summary>One asks that money which belongs to nobody here goes back; another decides.</summary>
    public async Task<ReceiptRow> AskReturnAsync(ReceiptRow r, string words, CancellationToken ct)
    {
        await Receipts.MoveAsync(
            db,
            "ask-return",
            r.State,
            new
            {
                r.Id,
                r.Version,
                words,
                by = actor.Id,
                name = actor.Name,
            },
            "return_by = @by, return_name = @name, words = @words",
            ct
        );
        return await ReceiptAsync(r.Id, null, ct);
    }

    /// <summary>The money stays: nobody asks for its return any more.</summary>
    public async Task<ReceiptRow> KeepAsync(ReceiptRow r, string words, CancellationToken ct)
    {
        await Receipts.MoveAsync(
            db,
            "keep",
            r.State,
            new
            {
                r.Id,
                r.Version,
                words,
            },
            "return_by = NULL, return_name = NULL, words = @words",
            ct
        );
        return await ReceiptAsync(r.Id, null, ct);
    }

    /// <summary>Money that belongs to nobody here goes back to where it came from.</summary>
    public async Task<ReceiptRow> ReturnAsync(ReceiptRow r, string words, CancellationToken ct)
    {
        await Receipts.MoveAsync(
            db,
            "return",
            r.State,
            new
            {
                r.Id,
                r.Version,
                words,
            },
            "left_over = 0, words = @words",
            ct
        );
        await PostAsync($"return:{r.Id}", r.CourtId, null, Today, words, ct, (Accounts.Suspense, r.Amount), (Accounts.Bank, -r.Amount));
        return await ReceiptAsync(r.Id, null, ct);
    }

    /// <summary>Asks for money to be paid out; what is promised never exceeds what is held.</summary>
    /// <exception cref="RuleBroken">Field Amount, code not-enough.</exception>
    public async Task<long> AskAsync(
        CaseCard card,
        long? planId,
        long? partyId,
        string payee,
        string? accountEnc,
        string? hint,
        string kind,
        long cents,
        string words,
        CancellationToken ct
    )
    {
        var free = await HeldAsync(card.Id, ct) - await PromisedAsync(card.Id, ct);
        if (cents > free)
            throw new RuleBroken($"在案待发 {Ui.Yuan(free)} 元（已扣除未付的发放），不够发放 {Ui.Yuan(cents)} 元。", "Amount", "not-enough");
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_payout (id, case_id, court_id, plan_id, party_id, payee, account_enc, account_hint, kind, amount, words, state, asked_by,
                asked_name, asked_at, version)
            VALUES (@id, @CaseId, @CourtId, @planId, @partyId, @payee, @accountEnc, @hint, @kind, @cents, @words, 'asked', @by, @name, @now, 1)
            """,
            new
            {
                id,
                CaseId = card.Id,
                card.CourtId,
                planId,
                partyId,
                payee,
                accountEnc,
                hint,
                kind,
                cents,
                words,
                by = actor.Id,
                name = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );
        return id;
    }

    /// <summary>The bank paid it: the oldest receipts are used first; one that is used up waits for nobody any more.</summary>
    public async Task PayAsync(PayoutRow p, DateOnly on, string reference, CancellationToken ct)
    {
        if (await HeldAsync(p.CaseId, ct) < p.Amount)
            throw new RuleBroken("在案待发不够这笔付款，请核对账目。", "Amount", "not-enough");
        var oldest = await db.FirstAsync<DateOnly?>(
            "SELECT MIN(r.received_on) FROM enforcement_receipt r WHERE r.case_id = @CaseId AND r.state = 'held' AND r.left_over > 0",
            new { p.CaseId },
            ct
        );
        await Payouts.MoveAsync(
            db,
            "pay",
            p.State,
            new
            {
                p.Id,
                p.Version,
                on,
                reference,
                oldest,
            },
            "paid_on = @on, reference = @reference, received_on = @oldest",
            ct
        );
        await PostAsync($"out:{p.Id}", p.CourtId, p.CaseId, on, p.Payee, ct, (Accounts.Held, p.Amount), (Accounts.Bank, -p.Amount));
        var rest = p.Amount;
        foreach (
            var r in await db.QueryAsync<ReceiptRow>(
                $"SELECT {ReceiptRow.Columns} FROM enforcement_receipt r WHERE r.case_id = @CaseId AND r.state = 'held' AND r.left_over > 0 ORDER BY "
                    + "r.received_on, r.id",
                new { p.CaseId },
                ct
            )
        )
        {
            if (rest == 0)
                break;
            var used = Math.Min(rest, r.LeftOver);
            rest -= used;
            await Receipts.MoveAsync(
                db,
                "use",
                r.State,
                new
                {
                    r.Id,
                    r.Version,
                    left = r.LeftOver - used,
                },
                "left_over = @left",
                ct
            );
            if (r.LeftOver == used)
                await dates.EndAsync($"receipt:{r.Id}", ct);
        }
    }

    /// <summary>The bank sent it back: the money is held again and waits for its payout anew.</summary>
    public async Task FailAsync(PayoutRow p, DateOnly on, string words, CancellationToken ct)
    {
        await Payouts.MoveAsync(
            db,
            "fail",
            p.State,
            new
            {
                p.Id,
                p.Version,
                words,
            },
            "decided_words = @words",
            ct
        );
        await PostAsync($"back:{p.Id}", p.CourtId, p.CaseId, on, words, ct, (Accounts.Bank, p.Amount), (Accounts.Held, -p.Amount));
        var rest = p.Amount;
        foreach (
            var r in await db.QueryAsync<ReceiptRow>(
                $"SELECT {ReceiptRow.Columns} FROM enforcement_receipt r WHERE r.case_id = @CaseId AND r.state = 'held' AND r.left_over < r.amount "
                    + "ORDER BY r.received_on DESC, r.id DESC",
                new { p.CaseId },
                ct
            )
        )
        {
            if (rest == 0)
                break;
            var back = Math.Min(rest, r.Amount - r.LeftOver);
            rest -= back;
            await Receipts.MoveAsync(
                db,
                "use",
                r.State,
                new
                {
                    r.Id,
                    r.Version,
                    left = r.LeftOver + back,
                },
                "left_over = @left",
                ct
            );
            await dates.SetAsync(
                p.CaseId,
                p.CourtId,
                $"receipt:{r.Id}",
                DateKinds.Money,
                on.AddDays(settings.Current<MoneyRules>(p.CourtId).PayDays),
                $"付款退回 {Ui.Yuan(back)} 元，{p.Payee}",
                ct
            );
        }
    }

    private async Task PostAsync(
        string key,
        long court,
        long? caseId,
        DateOnly on,
        string words,
        CancellationToken ct,
        params (string Account, long Cents)[] lines
    )
    {
        if (lines.Sum(l => l.Cents) != 0)
            throw new InvalidOperationException($"The entry {key} does not sum up to nothing.");
        var now = clock.StoredNow();
        await db.ExecuteManyAsync(
            "INSERT INTO enforcement_entry (id, entry_key, court_id, case_id, account, amount, on_day, words, by_name, at) VALUES (@id, @key, @court, "
                + "@caseId, @Account, @Cents, @on, @words, @name, @now)",
            [
                .. lines.Select(l =>
                    (object)
                        new
                        {
                            id = ids.Next(),
                            key,
                            court,
                            caseId,
                            l.Account,
                            l.Cents,
                            on,
                            words = words.Length > 200 ? words[..200] : words,
                            name = actor.Name,
                            now,
                        }
                ),
            ],
            ct
        );
    }
}
