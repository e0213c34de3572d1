using System.Globalization;
using System.Text;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Money;

/// <summary>The account of a payee as it is typed. Pure.</summary>
internal static class PayeeAccount
{
    /// <summary>Letters and digits, width folded.</summary>
    /// <exception cref="RuleBroken">Field Account: too short.</exception>
    public static string Read(string text)
    {
        var account = new string([.. text.Folded().Where(char.IsLetterOrDigit)]);
        return account.Length >= 6 ? account : throw new RuleBroken("收款账号至少 6 位。", "Account");
    }

    /// <summary>A cell of the payment file: quoted; what a spreadsheet would take for a formula is text.</summary>
    public static string Cell(string text) =>
        $"\"{(text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>Enters the account of a payout that has none, such as a share of a plan; another person approves it.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.account")]
internal sealed record SetPayeeAccount : ICommand<PayoutRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Account { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SetPayeeAccount>
    {
        public Validator() => RuleFor(c => c.Account).NotEmpty().WithMessage("请填写收款账号。").MaximumLength(64).WithMessage("账号最长 64 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, CaseMoney money, Secrets secrets, AuditTrail audit) : ICommandHandler<SetPayeeAccount, PayoutRow>
    {
        public async Task<PayoutRow> Handle(SetPayeeAccount c, CancellationToken cancellationToken)
        {
            var p = await money.PayoutAsync(c.Id, c.Version, cancellationToken);
            var account = PayeeAccount.Read(c.Account);
            await CaseMoney.Payouts.MoveAsync(
                db,
                "account",
                p.State,
                new
                {
                    p.Id,
                    p.Version,
                    enc = secrets.Protect(account),
                    hint = "…" + account[^4..],
                    by = actor.Id,
                },
                "account_enc = @enc, account_hint = @hint, account_by = @by",
                cancellationToken
            );
            audit.Note("payout", p.Id, new { account = "set" }, p.CaseId);
            return await money.PayoutAsync(p.Id, null, cancellationToken);
        }
    }
}

/// <summary>Shows whoever pays the whole account of an approved payout, for a reason; who saw it is recorded.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.reveal")]
internal sealed record RevealAccount : ICommand<string>
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RevealAccount>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明查看账号的理由。").MaximumLength(200).WithMessage("理由最长 200 个字符。");
    }

    internal sealed class Handler(Db db, CaseMoney money, Secrets secrets, AuditTrail audit) : ICommandHandler<RevealAccount, string>
    {
        public async Task<string> Handle(RevealAccount c, CancellationToken cancellationToken)
        {
            var p = await money.PayoutAsync(c.Id, null, cancellationToken);
            if (p.State != "approved")
                throw new RuleBroken("只有已批准、待付款的发放可以查看账号。", code: "state");
            audit.Note("payout", p.Id, new { reason = c.Reason.Trim() }, p.CaseId);
            return secrets.Reveal(await db.FirstAsync<string>("SELECT account_enc FROM enforcement_payout WHERE id = @Id", new { p.Id }, cancellationToken))
                ?? "";
        }
    }
}

/// <summary>The file for the bank: all approved payouts that the person may see, with their accounts; for a reason, and recorded.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.export")]
internal sealed record ExportPayments : ICommand<string>
{
    public const int Most = 1000;

    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ExportPayments>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明导出的理由。").MaximumLength(200).WithMessage("理由最长 200 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, ICases cases, Secrets secrets, AuditTrail audit) : ICommandHandler<ExportPayments, string>
    {
        public async Task<string> Handle(ExportPayments c, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<Row>(
                "SELECT p.id, p.payee, p.account_enc, p.amount, p.kind, c.number AS case_number FROM enforcement_payout p JOIN workzone_case_card c ON c.id = "
                    + "p.case_id WHERE p.court_id IN @courts AND p.state = 'approved' AND "
                    + cases.Seen("p.case_id")
                    + " ORDER BY p.id",
                new
                {
                    me,
                    courts,
                    places,
                },
                Most,
                cancellationToken
            );
            if (rows.Count == 0)
                throw new RuleBroken("没有已批准、待付款的发放。", code: "nothing");
            audit.Note("payment-file", actor.CourtId, new { rows = rows.Count, reason = c.Reason.Trim() });
            var text = new StringBuilder("编号,收款人,账号,金额,案号,用途\r\n");
            foreach (var r in rows)
                text.Append(
                        CultureInfo.InvariantCulture,
                        $"{r.Id},{PayeeAccount.Cell(r.Payee)},{PayeeAccount.Cell(secrets.Reveal(r.AccountEnc) ?? "")},{r.Amount / 100}.{r.Amount % 100:00},"
                    )
                    .Append(CultureInfo.InvariantCulture, $"{PayeeAccount.Cell(r.CaseNumber)},{PayeeAccount.Cell(Accounts.Kinds[r.Kind])}\r\n");
            return text.ToString();
        }

        private sealed record Row
        {
            public long Id { get; init; }
            public string Payee { get; init; } = "";
            public string? AccountEnc { get; init; }
            public long Amount { get; init; }
            public string Kind { get; init; } = "";
            public string CaseNumber { get; init; } = "";
        }
    }
}
