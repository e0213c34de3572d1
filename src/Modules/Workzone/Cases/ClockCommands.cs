using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.Workzone.Cases;

/// <summary>Time that is not counted, with its evidence (B-03).</summary>
[Permit("workzone.cases.clock")]
[Audited("workzone.clock.deduct")]
internal sealed record DeductTime : ICommand
{
    public long CaseId { get; init; }
    public string Code { get; init; } = "";
    public DateOnly? From { get; init; }

    /// <summary>First day that counts again; null while it runs.</summary>
    public DateOnly? To { get; init; }
    public long? DocumentId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DeductTime>
    {
        public Validator()
        {
            RuleFor(c => c.Code).Must(DeductionReasons.Labels.ContainsKey).WithMessage("请选择扣除的事由。");
            RuleFor(c => c.From).NotNull().WithMessage("请填扣除的起日。");
            RuleFor(c => c.DocumentId).NotNull().WithMessage("扣除审限须有证明文件：请从本案文书中选择。");
            RuleFor(c => c.Reason).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(ICases cases, IDocuments documents, ICaseRegister register) : CommandHandler<DeductTime>
    {
        protected override async Task RunAsync(DeductTime command, CancellationToken ct)
        {
            var card = await cases.GetAsync(command.CaseId, ct);
            if ((await documents.GetAsync(command.DocumentId!.Value, ct)).CaseId != command.CaseId)
                throw new RuleBroken("证明文件不是本案的文书。", "DocumentId");
            if (command.From < card.FiledOn)
                throw new RuleBroken($"扣除的起日 {Times.Iso(command.From!.Value)} 早于立案日期 {Times.Iso(card.FiledOn)}。", "From");
            if (command.To < command.From)
                throw new RuleBroken($"扣除的止日 {Times.Iso(command.To!.Value)} 早于起日 {Times.Iso(command.From!.Value)}。", "To");
            var key = $"by-hand:{command.Code}:{Times.Iso(command.From!.Value)}";
            if (
                !await register.DeductAsync(
                    command.CaseId,
                    command.Code,
                    command.From.Value,
                    command.To,
                    key,
                    command.DocumentId,
                    command.Reason.Trim(),
                    ct: ct
                )
            )
                throw new RuleBroken($"{Times.Iso(command.From.Value)} 起的这种扣除已经登记过。", "From", "deducted-already");
        }
    }
}

/// <summary>A running deduction ends.</summary>
[Permit("workzone.cases.clock")]
[Audited("workzone.clock.end-deduction")]
internal sealed record EndDeduction : ICommand
{
    public long CaseId { get; init; }
    public long FactId { get; init; }
    public DateOnly? To { get; init; }

    internal sealed class Validator : AbstractValidator<EndDeduction>
    {
        public Validator() => RuleFor(c => c.To).NotNull().WithMessage("请填恢复计算的日期。");
    }

    internal sealed class Handler(Db db, ICases cases, ICaseRegister register) : CommandHandler<EndDeduction>
    {
        protected override async Task RunAsync(EndDeduction command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            var fact =
                await db.FirstAsync<Row>(
                    "SELECT source_key, from_on FROM workzone_clock_fact WHERE id = @FactId AND case_id = @CaseId AND kind = 'deduction' AND to_on IS "
                        + "NULL AND undone_at IS NULL",
                    new { command.FactId, command.CaseId },
                    ct
                ) ?? throw new NotFound("审限扣除", command.FactId);
            if (command.To < fact.FromOn)
                throw new RuleBroken($"恢复计算的日期 {Times.Iso(command.To!.Value)} 早于扣除的起日 {Times.Iso(fact.FromOn)}。", "To");
            await register.EndDeductionAsync(command.CaseId, fact.SourceKey, command.To!.Value, ct);
        }

        private sealed record Row
        {
            public string SourceKey { get; init; } = "";
            public DateOnly FromOn { get; init; }
        }
    }
}

/// <summary>A judge applies for an extension of the trial limit (B-05). Late is refused with the article, and what is still possible.</summary>
[Permit("workzone.cases.clock")]
[Audited("workzone.clock.ask-extension")]
internal sealed record AskExtension : ICommand<long>
{
    public long CaseId { get; init; }
    public int N { get; init; }
    public string Unit { get; init; } = "month";
    public long? DocumentId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskExtension>
    {
        public Validator()
        {
            RuleFor(c => c.N).InclusiveBetween(1, 180).WithMessage("请填延长几个月或几日，1 至 180。");
            RuleFor(c => c.Unit).Must(u => u is "month" or "day").WithMessage("单位为月或日。");
            RuleFor(c => c.DocumentId).NotNull().WithMessage("请从本案文书中选择延长审限报告。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明需要延长的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        ICases cases,
        IDocuments documents,
        ClockBook clocks,
        TimeProvider clock,
        Actor actor,
        AuditTrail audit,
        ExtensionNotices notices
    ) : ICommandHandler<AskExtension, long>
    {
        public async Task<long> Handle(AskExtension request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if ((await documents.GetAsync(request.DocumentId!.Value, cancellationToken)).CaseId != request.CaseId)
                throw new RuleBroken("延长审限报告不是本案的文书。", "DocumentId");
            if (card.State != "open")
                throw new RuleBroken("案件已经结案，不用再延长审限。", "N", "closed");
            var today = Times.Day(clock.GetUtcNow());
            var unit = request.Unit == "day" ? PeriodUnit.Day : PeriodUnit.Month;
            var look =
                await clocks.AskAsync(request.CaseId, request.N, unit, today, cancellationToken)
                ?? throw new RuleBroken("这个程序没有审限，不用延长。", "N", "no-limit");
            ExtensionRules.DemandAsked(
                look,
                today,
                look.Breaks("extension-late") ? await clocks.AskAsync(request.CaseId, 1, PeriodUnit.Month, today, cancellationToken) : null,
                $"/cases/{card.Id}/clock"
            );
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_extension WHERE case_id = @CaseId AND state = 'asked' AND kind = 'extension'",
                    new { request.CaseId },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("本案已有一份延长申请在等批准。", "N", "asked-already");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_extension (id, case_id, court_id, n, unit, reason, document_id, asked_on, asked_by, asked_by_name, decide_by, approver,
                    state, kind, expires_on, version)
                VALUES (@id, @CaseId, @CourtId, @N, @Unit, @reason, @DocumentId, @today, @me, @name, @decideBy, @approver, 'asked', 'extension', @expires, 1)
                """,
                new
                {
                    id,
                    request.CaseId,
                    card.CourtId,
                    request.N,
                    request.Unit,
                    reason = request.Reason.Trim(),
                    request.DocumentId,
                    today,
                    me = actor.Id,
                    name = actor.Name,
                    decideBy = look.Decide?.Internal ?? look.Expiry,
                    approver = look.Step!.Approver,
                    expires = look.Expiry,
                },
                cancellationToken
            );
            audit.Note(
                "extension",
                id,
                new
                {
                    request.CaseId,
                    request.N,
                    request.Unit,
                },
                request.CaseId
            );
            await notices.AskedAsync(id, cancellationToken);
            return id;
        }
    }
}

/// <summary>The reasons of B-03 by code.</summary>
public static class DeductionReasons
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["D-GG"] = "公告送达",
        ["D-JD"] = "鉴定、审计、评估",
        ["D-HJ"] = "双方庭外和解",
        ["D-GX"] = "管辖权异议和争议",
        ["D-TJ"] = "延长的调解期间",
        ["D-ZZ"] = "中止审理",
        ["D-YQ"] = "延期审理",
        ["D-JSB"] = "精神病鉴定",
        ["D-BC"] = "补充侦查",
        ["D-YJ"] = "检察院阅卷",
        ["D-BH"] = "更换辩护人",
        ["D-ZX"] = "执行中止、拍卖、公告等",
    };

    /// <summary>The reasons that apply to a procedure; all of them where it is unknown.</summary>
    public static IReadOnlyDictionary<string, string> Of(string procedure) =>
        CaseClock.Knows(procedure)
            ? Labels.Where(l => TrialLimitTable.Reason(l.Key).Kinds.Contains(TrialLimitTable.Get(procedure).Kind)).ToDictionary()
            : Labels;

    /// <exception cref="RuleBroken">No such reason, or none of this procedure (B-03).</exception>
    public static void Demand(string code, string procedure)
    {
        if (!Labels.TryGetValue(code, out var label))
            throw new RuleBroken($"没有这种扣除事由：{code}。", "Code", "no-reason");
        if (!Of(procedure).ContainsKey(code))
            throw new RuleBroken($"{label}（{code}）不适用于{ConversionRules.Name(procedure)}，不能扣除。", "Code", "wrong-reason");
    }
}
