using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.Triage.Fees;

/// <summary>A payment: by hand at the counter or by the gateway's return. The reference makes it one.</summary>
[Permit("triage.fees")]
[Audited("triage.fee.receive")]
internal sealed record ReceivePayment : ICommand<ReceivePayment.Result>
{
    public string Code { get; init; } = "";

    /// <summary>Yuan.</summary>
    public decimal? Amount { get; init; }
    public string Reference { get; init; } = "";
    public DateOnly? On { get; init; }

    /// <summary>hand or gateway.</summary>
    public string Source { get; init; } = "hand";

    internal sealed record Result(string Outcome);

    internal sealed class Validator : AbstractValidator<ReceivePayment>
    {
        public Validator()
        {
            RuleFor(c => c.Code).NotEmpty().WithMessage("请填写缴费码。").MaximumLength(40).WithMessage("缴费码最长 40 个字符。");
            RuleFor(c => c.Reference).NotEmpty().WithMessage("请填写流水号或者收据号。").MaximumLength(100).WithMessage("流水号最长 100 个字符。");
            RuleFor(c => c.Amount)
                .Must(a => a is > 0 and <= 9_999_999_999m && decimal.Round(a.Value, 2) == a)
                .WithMessage("金额应为大于 0、最多两位小数的数。");
            RuleFor(c => c.Source).Must(s => s is "hand" or "gateway").WithMessage("来源只能是 hand 或 gateway。");
        }
    }

    internal sealed class Handler(FeeLedger ledger, TimeProvider clock, AuditTrail audit) : ICommandHandler<ReceivePayment, Result>
    {
        public async Task<Result> Handle(ReceivePayment request, CancellationToken cancellationToken)
        {
            var today = Times.Day(clock.GetUtcNow());
            if (request.On > today)
                throw new RuleBroken("缴费日期在今天之后。", "On");
            if (request.On is { Year: < 2000 })
                throw new RuleBroken("缴费日期早于 2000 年，请核对。", "On");
            var cents = (long)(request.Amount!.Value * 100);
            var outcome = await ledger.ReceiveAsync(
                request.Code.Trim(),
                cents,
                request.Reference.Trim(),
                request.Source,
                request.On ?? today,
                cancellationToken
            );
            audit.Note(
                "bill",
                request.Code.Trim(),
                new
                {
                    cents,
                    request.Source,
                    outcome,
                }
            );
            return new Result(outcome);
        }
    }
}

/// <summary>A bank's file: code, yuan, day, reference; a line that is wrong stops none of the others, and the same file twice is the same payments.</summary>
[Permit("triage.fees")]
[Audited("triage.fee.import")]
internal sealed record ImportPayments : ICommand<ImportPayments.Result>
{
    [FileText]
    public string Lines { get; init; } = "";

    internal sealed record Line(int Row, string Code, string Outcome, string Reason);

    internal sealed record Result(IReadOnlyList<Line> Lines);

    internal sealed class Validator : AbstractValidator<ImportPayments>
    {
        public Validator() =>
            RuleFor(c => c.Lines)
                .NotEmpty()
                .WithMessage("请粘贴银行文件的内容。")
                .MaximumLength(1_000_000)
                .WithMessage("一次最多 1000000 个字符，请分批导入。");
    }

    internal sealed class Handler(Db db, FeeLedger ledger, TimeProvider clock, Texts texts, AuditTrail audit) : ICommandHandler<ImportPayments, Result>
    {
        public async Task<Result> Handle(ImportPayments request, CancellationToken cancellationToken)
        {
            var today = Times.Day(clock.GetUtcNow());
            var outcomes = new List<Line>();
            foreach (var (i, line) in request.Lines.ReplaceLineEndings("\n").Split('\n').Index())
            {
                var cells = line.Split(',', '\t').Select(c => c.Trim()).ToArray();
                if (line.Trim().Length == 0 || cells[0] is "缴费码" or "code")
                    continue;
                if (
                    cells.Length < 4
                    || !decimal.TryParse(cells[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var yuan)
                    || yuan <= 0
                    || yuan > 9_999_999_999m
                    || decimal.Round(yuan, 2) != yuan
                    || !DateOnly.TryParseExact(cells[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
                    || on > today
                    || on.Year < 2000
                    || cells[3].Length is 0 or > 100
                    || cells[0].Length is 0 or > 40
                )
                {
                    outcomes.Add(new Line(i + 1, cells[0], "refused", texts["应为四列：缴费码、金额（元）、日期（2026-03-02）、流水号"]));
                    continue;
                }
                try
                {
                    await db.SavepointAsync(async () =>
                        outcomes.Add(
                            new Line(i + 1, cells[0], await ledger.ReceiveAsync(cells[0], (long)(yuan * 100), cells[3], "file", on, cancellationToken), "")
                        )
                    );
                }
                catch (RuleBroken e)
                {
                    outcomes.Add(new Line(i + 1, cells[0], "refused", texts.Of(e)));
                }
            }
            audit.Note("court", "payments", new { lines = outcomes.Count, refused = outcomes.Count(o => o.Outcome == "refused") });
            return new Result(outcomes);
        }
    }
}

/// <summary>A reduction, waiver or later day is asked for; it waits for a second person.</summary>
[Permit("triage.fees")]
[Audited("triage.fee.ask-relief")]
internal sealed record AskRelief : ICommand
{
    public long BillId { get; init; }

    /// <summary>Yuan to be waived; 0 for a later day alone.</summary>
    public decimal? Amount { get; init; }
    public DateOnly? Until { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskRelief>
    {
        public Validator()
        {
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明申请的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c).Must(c => c.Amount > 0 || c.Until is not null).WithName("Amount").WithMessage("请填写减免的金额，或者缓交到哪一天。");
            RuleFor(c => c.Amount)
                .Must(a => a is null or (>= 0 and <= 9_999_999_999m) && (a is null || decimal.Round(a.Value, 2) == a))
                .WithMessage("金额应为不小于 0、最多两位小数的数。");
        }
    }

    internal sealed class Handler(Db db, FeeLedger ledger, Actor actor, AuditTrail audit) : CommandHandler<AskRelief>
    {
        protected override async Task RunAsync(AskRelief command, CancellationToken ct)
        {
            var bill = await ledger.GetAsync(command.BillId, ct);
            var cents = (long)((command.Amount ?? 0) * 100);
            if (cents > bill.Owed)
                throw new RuleBroken($"申请减免 {FeeLedger.Yuan(cents)} 元，超过未交的 {FeeLedger.Yuan(bill.Owed)} 元。", "Amount");
            if (command.Until < bill.DueOn)
                throw new RuleBroken($"缓交的日期早于现在的期限 {Times.Iso(bill.DueOn)}。", "Until");
            await FeeLedger.Table.MoveAsync(
                db,
                "ask",
                bill.State,
                new
                {
                    bill.Id,
                    bill.Version,
                    cents,
                    command.Until,
                    reason = command.Reason.Trim(),
                    by = actor.Id,
                },
                "relief_cents = @cents, relief_until = @Until, relief_reason = @reason, relief_by = @by",
                ct
            );
            audit.Note("bill", bill.Id, new { cents, command.Until }, bill.CaseId, command.Reason);
        }
    }
}

/// <summary>Grants or refuses what was asked; never by who asked.</summary>
[Permit("triage.fees.decide")]
[Audited("triage.fee.decide-relief")]
internal sealed record DecideRelief : ICommand
{
    public long BillId { get; init; }

    /// <summary>As whoever decides saw it.</summary>
    public int Version { get; init; }
    public bool Grant { get; init; }

    internal sealed class Handler(Db db, FeeLedger ledger, Actor actor, TimeProvider clock, AuditTrail audit) : CommandHandler<DecideRelief>
    {
        protected override async Task RunAsync(DecideRelief command, CancellationToken ct)
        {
            var bill = await ledger.GetAsync(command.BillId, ct);
            if (command.Version != bill.Version)
                throw new Conflict("缴费单刚被他人办理，请刷新后再看。");
            if (bill.State == "relief" && bill.ReliefBy == actor.Id)
                throw new RuleBroken("减缓免须由申请人以外的人审批。", code: "second-person");
            await FeeLedger.Table.MoveAsync(
                db,
                "decide",
                bill.State,
                new
                {
                    bill.Id,
                    bill.Version,
                    due = command.Grant ? bill.ReliefUntil ?? bill.DueOn : bill.DueOn,
                },
                "relief_by = NULL, due_on = @due",
                ct
            );
            var cents = Math.Min(bill.ReliefCents ?? 0, bill.Owed);
            if (command.Grant && cents > 0)
            {
                await ledger.PostAsync(
                    $"relief:{bill.Id}:{bill.Version}",
                    bill.CourtId,
                    bill.Id,
                    "relief",
                    bill.ReliefReason,
                    Times.Day(clock.GetUtcNow()),
                    ct,
                    (Accounts.Waived, cents),
                    (Accounts.Receivable, -cents)
                );
                if (cents == bill.Owed)
                    await FeeLedger.Table.MoveAsync(db, "settle", "open", new { bill.Id, Version = bill.Version + 1 }, ct: ct);
            }
            audit.Note("bill", bill.Id, new { command.Grant, cents }, bill.CaseId);
        }
    }
}

/// <summary>Money given back: what was paid too much first, then of the fee itself.</summary>
[Permit("triage.fees.decide")]
[Audited("triage.fee.refund")]
internal sealed record RefundFee : ICommand
{
    public long BillId { get; init; }
    public int Version { get; init; }
    public decimal? Amount { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RefundFee>
    {
        public Validator()
        {
            RuleFor(c => c.Amount)
                .Must(a => a is > 0 and <= 9_999_999_999m && decimal.Round(a.Value, 2) == a)
                .WithMessage("金额应为大于 0、最多两位小数的数。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明退费的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, FeeLedger ledger, TimeProvider clock, AuditTrail audit) : CommandHandler<RefundFee>
    {
        protected override async Task RunAsync(RefundFee command, CancellationToken ct)
        {
            var bill = await ledger.GetAsync(command.BillId, ct);
            var cents = (long)(command.Amount!.Value * 100);
            if (cents > bill.Paid)
                throw new RuleBroken($"退费 {FeeLedger.Yuan(cents)} 元，超过实收的 {FeeLedger.Yuan(bill.Paid)} 元。", "Amount");
            if (
                await db.ExecuteAsync(
                    "UPDATE triage_bill SET version = version + 1 WHERE id = @Id AND version = @Version",
                    new { bill.Id, command.Version },
                    ct
                ) == 0
            )
                throw new Conflict("缴费单刚被他人办理，请刷新后再看。");
            var credit = Math.Min(cents, bill.Credit);
            await ledger.PostAsync(
                $"refund:{ids.Next()}",
                bill.CourtId,
                bill.Id,
                "refund",
                command.Reason.Trim(),
                Times.Day(clock.GetUtcNow()),
                ct,
                (Accounts.Cash, -cents),
                (Accounts.Credit, credit),
                (Accounts.Income, cents - credit)
            );
            audit.Note("bill", bill.Id, new { cents }, bill.CaseId, command.Reason);
        }
    }
}
