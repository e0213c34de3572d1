using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Money;

/// <summary>Deposits of bidders, and what is taken in kind: money of a sale in the same ledger.</summary>
internal sealed partial class CaseMoney
{
    private const string InKindMark = "以物抵债";

    /// <summary>A payout that is a set-off by a ruling: no bank paid it.</summary>
    public static bool IsInKind(PayoutRow p) => p.Reference?.StartsWith(InKindMark, StringComparison.Ordinal) == true;

    /// <summary>A bidder's deposit came; what the bank's statement left without a case is taken for it. The same reference is one receipt.</summary>
    /// <exception cref="RuleBroken">Field Reference: booked with another amount, or elsewhere.</exception>
    public async Task<(ReceiptRow Row, bool Repeated)> ReceiveDepositAsync(
        CaseCard card,
        long cents,
        DateOnly on,
        string bidder,
        string memo,
        string reference,
        CancellationToken ct
    )
    {
        var there = await db.FirstAsync<ReceiptRow>(
            $"SELECT {ReceiptRow.Columns} FROM enforcement_receipt r WHERE r.court_id = @CourtId AND r.reference = @reference",
            new { card.CourtId, reference },
            ct
        );
        if (there is not null)
        {
            if (there.Amount != cents)
                throw new RuleBroken($"流水号 {reference} 已经入账，但金额不同，请核对。", "Reference", "other-payment");
            if (there.State == "deposit" && there.CaseId == card.Id)
                return (there, true);
            if (there.State != "suspense" || there.ReturnBy is not null)
                throw new RuleBroken($"流水号 {reference} 已经记在别处。", "Reference", "other-case");
            await Receipts.MoveAsync(
                db,
                "adopt",
                there.State,
                new
                {
                    there.Id,
                    there.Version,
                    caseId = card.Id,
                    memo,
                },
                "case_id = @caseId, left_over = 0, due_on = NULL, memo = @memo",
                ct
            );
            await PostAsync($"deposit:{there.Id}", card.CourtId, card.Id, on, bidder, ct, (Accounts.Suspense, cents), (Accounts.Deposit, -cents));
            return (await ReceiptAsync(there.Id, null, ct), false);
        }
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_receipt (id, court_id, case_id, amount, left_over, received_on, payer, memo, reference, source, state, created_by,
                created_at, version)
            VALUES (@id, @CourtId, @caseId, @cents, 0, @on, @bidder, @memo, @reference, 'auction', 'deposit', @by, @now, 1)
            """,
            new
            {
                id,
                card.CourtId,
                caseId = card.Id,
                cents,
                on,
                bidder,
                memo,
                reference,
                by = actor.Id,
                now = clock.StoredNow(),
            },
            ct
        );
        await PostAsync($"in:{id}", card.CourtId, card.Id, on, bidder, ct, (Accounts.Bank, cents), (Accounts.Deposit, -cents));
        return (await ReceiptAsync(id, null, ct), false);
    }

    /// <summary>The deposit becomes money of the case: it is part of the price, or forfeited.</summary>
    public async Task CountDepositAsync(CaseCard card, long receiptId, DateOnly on, string words, CancellationToken ct)
    {
        var r = await ReceiptAsync(receiptId, null, ct);
        var due = on.AddDays(settings.Current<MoneyRules>(r.CourtId).PayDays);
        await Receipts.MoveAsync(
            db,
            "count",
            r.State,
            new
            {
                r.Id,
                r.Version,
                left = r.Amount,
                on,
                due,
                words,
            },
            "left_over = @left, received_on = @on, due_on = @due, words = @words",
            ct
        );
        await PostAsync($"count:{r.Id}", r.CourtId, card.Id, on, words, ct, (Accounts.Deposit, r.Amount), (Accounts.Held, -r.Amount));
        await dates.SetAsync(card.Id, r.CourtId, $"receipt:{r.Id}", DateKinds.Money, due, $"{Times.Iso(on)} {words} {Ui.Yuan(r.Amount)} 元，{r.Payer}", ct);
        await instalments.MatchAsync(card.Id, ct);
    }

    /// <summary>The deposit went back to a bidder who did not win.</summary>
    public async Task GiveBackAsync(long receiptId, DateOnly on, string words, CancellationToken ct)
    {
        var r = await ReceiptAsync(receiptId, null, ct);
        await Receipts.MoveAsync(
            db,
            "give-back",
            r.State,
            new
            {
                r.Id,
                r.Version,
                words,
            },
            "words = @words",
            ct
        );
        await PostAsync($"give-back:{r.Id}", r.CourtId, r.CaseId, on, words, ct, (Accounts.Deposit, r.Amount), (Accounts.Bank, -r.Amount));
    }

    /// <summary>A thing was taken for a debt: its value comes and is set off against the claim at once; no money moves.</summary>
    public async Task SetOffAsync(CaseCard card, long auctionId, string creditor, long cents, DateOnly on, string thing, CancellationToken ct)
    {
        await PostAsync($"kind-in:{auctionId}", card.CourtId, card.Id, on, thing, ct, (Accounts.Kind, cents), (Accounts.Held, -cents));
        await PostAsync($"kind-out:{auctionId}", card.CourtId, card.Id, on, creditor, ct, (Accounts.Held, cents), (Accounts.Kind, -cents));
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_payout (id, case_id, court_id, payee, kind, amount, words, state, asked_by, asked_name, asked_at, decided_name, decided_at,
                paid_on, reference, version)
            VALUES (@id, @CaseId, @CourtId, @creditor, 'creditor', @cents, @words, 'paid', @by, @name, @now, @name, @now, @on, @reference, 1)
            """,
            new
            {
                id = ids.Next(),
                CaseId = card.Id,
                card.CourtId,
                creditor,
                cents,
                words = $"{InKindMark}：{thing}",
                by = actor.Id,
                name = actor.Name,
                now = clock.StoredNow(),
                on,
                reference = $"{InKindMark}{auctionId}",
            },
            ct
        );
    }
}
