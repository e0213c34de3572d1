using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Mediation;

/// <summary>The result. An agreement is written from its elements; reconciliation, withdrawal and performance at once are recorded as such; anything else
/// goes to trial.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.end")]
internal sealed record EndMediation : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>agreed, withdrawn, failed or refused.</summary>
    public string Outcome { get; init; } = "";
    public string Reason { get; init; } = "";
    public AgreementElements? Elements { get; init; }

    internal sealed class Validator : AbstractValidator<EndMediation>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(MediationState.Outcomes.ContainsKey).WithMessage("请选择结果。");
            RuleFor(c => c.Reason)
                .NotEmpty()
                .When(c => c.Outcome is "failed" or "refused" or "withdrawn")
                .WithMessage("请写明情况。")
                .MaximumLength(1000)
                .WithMessage("说明最长 1000 个字符。");
            RuleFor(c => c).Custom((c, context) => ElementFaults(c.Outcome, c.Elements).ForEach(f => context.AddFailure(f.Field, f.Message)));
        }
    }

    /// <summary>What is wrong with the elements. Pure.</summary>
    public static List<(string Field, string Message)> ElementFaults(string outcome, AgreementElements? e)
    {
        var faults = new List<(string, string)>();
        if (outcome != "agreed")
            return faults;
        if (e is null || (e.Amount is not > 0 && string.IsNullOrWhiteSpace(e.Others)))
        {
            faults.Add(("Elements.Others", "请填写协议的内容：金额，或者其他约定。"));
            return faults;
        }
        if (e.Amount is { } a && (a < 0 || a > 9_999_999_999m || decimal.Round(a, 2) != a))
            faults.Add(("Elements.Amount", "金额应为不小于 0、最多两位小数的数。"));
        if (e.Amount > 0 && (string.IsNullOrWhiteSpace(e.Payer) || string.IsNullOrWhiteSpace(e.Payee) || e.Payer == e.Payee))
            faults.Add(("Elements.Payer", "请写明谁付给谁，二者不能是同一人。"));
        if (e.Instalments is < 1 or > 60)
            faults.Add(("Elements.Instalments", "分期应为 1 至 60 期。"));
        if (e.Instalments > 1 && !e.Performed && e.FirstDue is null)
            faults.Add(("Elements.FirstDue", "分期付款的请写明第一期的日期。"));
        if (e.FirstDue is { Year: < 2000 or > 2100 })
            faults.Add(("Elements.FirstDue", "日期应在 2000 年至 2100 年之间。"));
        if (e.Others.Length > 4000 || e.Payer.Length > 120 || e.Payee.Length > 120)
            faults.Add(("Elements.Others", "约定最长 4000 个字符，姓名最长 120 个字符。"));
        if (e.Fee is not ("claimant" or "other" or "half"))
            faults.Add(("Elements.Fee", "请选择诉讼费由谁负担。"));
        return faults;
    }

    internal sealed class Handler(MediationBook book, WorkQueue work, AuditTrail audit) : CommandHandler<EndMediation>
    {
        protected override async Task RunAsync(EndMediation command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            if (command.Outcome == "agreed" && row.AcceptedOn is null)
                throw new RuleBroken("调解员还没有签收，不能登记达成协议。", code: "state");
            await book.EndAsync(row, command.Outcome, command.Reason.Trim(), command.Outcome == "agreed" ? command.Elements : null, ct);
            if (command.Outcome == "agreed")
                await work.AddAsync(PrintAgreement.Name, $"{row.Id}", new PrintAgreement.Payload { MediationId = row.Id }, ct: ct);
            audit.Note("mediation", row.Id, new { command.Outcome }, row.CaseId, command.Reason);
        }
    }
}

/// <summary>离婚冷静期: both spouses agree, three months at most, never where there is violence; the trial limit stands still only on their joint application in
/// writing (E-03).</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.cool")]
internal sealed record CoolOff : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public DateOnly? Until { get; init; }
    public bool BothAgree { get; init; }
    public bool NoViolence { get; init; }
    public bool WrittenApplication { get; init; }

    internal sealed class Validator : AbstractValidator<CoolOff>
    {
        public Validator()
        {
            RuleFor(c => c.Until).NotNull().WithMessage("请填写冷静期到哪一天。");
            RuleFor(c => c.BothAgree).Equal(true).WithMessage("冷静期须双方同意。");
            RuleFor(c => c.NoViolence).Equal(true).WithMessage("有家庭暴力的，不适用冷静期。请核实后再办。");
        }
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<CoolOff>
    {
        protected override async Task RunAsync(CoolOff command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            if (!Suitability.IsDuty(row.Cause))
                throw new RuleBroken("只有离婚案件可以设冷静期。", code: "cause");
            var most = book.Today.AddMonths(book.Rules(row.CourtId).CoolingMonths);
            if (command.Until <= book.Today || command.Until > most)
                throw new RuleBroken($"冷静期应在今天之后，不超过 {Times.Iso(most)}。", "Until");
            await book.MoveAsync(
                row,
                "cool",
                new
                {
                    row.Id,
                    row.Version,
                    command.Until,
                },
                "cooling_until = @Until, next_on = @Until",
                ct
            );
            if (command.WrittenApplication)
                await book.TakeTimeAsync(row, "cooling", book.Today, ct);
            await book.ReleaseAsync(row.Id, MediationState.Cooling, command.Until, ct);
            await book.NoteAsync(row.Id, "cool", Times.Iso(command.Until!.Value), ct);
            audit.Note("mediation", row.Id, new { command.Until, command.WrittenApplication }, row.CaseId);
        }
    }
}
