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

/// <summary>The money of cases: receipts, the double-entry ledger, payouts and plans; in the open transaction.</summary>
internal sealed partial class CaseMoney(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    ICases cases,
    CaseDates dates,
    ISettings settings,
    Persuade.InstalmentBook instalments,
    Criminal.CriminalBook criminal
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
        new("adopt", ["suspense"], "deposit"),
        new("count", ["deposit"], "held"),
        new("give-back", ["deposit"], "returned"),
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
