using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Money;

/// <summary>Payouts: asked for, paid from the oldest receipts, sent back by the bank.</summary>
internal sealed partial class CaseMoney
{
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
        CancellationToken ct,
        long? itemId = null
    )
    {
        var free = await HeldAsync(card.Id, ct) - await PromisedAsync(card.Id, ct);
        if (cents > free)
            throw new RuleBroken($"在案待发 {Ui.Yuan(free)} 元（已扣除未付的发放），不够发放 {Ui.Yuan(cents)} 元。", "Amount", "not-enough");
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_payout (id, case_id, court_id, plan_id, party_id, payee, account_enc, account_hint, kind, amount, words, state, asked_by,
                asked_name, asked_at, item_id, version)
            VALUES (@id, @CaseId, @CourtId, @planId, @partyId, @payee, @accountEnc, @hint, @kind, @cents, @words, 'asked', @by, @name, @now, @itemId, 1)
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
                itemId,
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
        if (p.ItemId is { } item)
            await criminal.PaidAsync(item, p.Amount, on, ct);
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
        if (IsInKind(p))
            throw new RuleBroken("以物抵债不是付款，不能退回。", code: "in-kind");
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
        if (p.ItemId is { } item)
            await criminal.PaidAsync(item, -p.Amount, on, ct);
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
}
