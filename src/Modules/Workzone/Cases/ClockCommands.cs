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
            if (!await register.DeductAsync(command.CaseId, command.Code, command.From.Value, command.To, key, command.DocumentId, command.Reason.Trim(), ct))
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
            RuleFor(c => c.N).InclusiveBetween(1, 180).WithMessage("请填延长几个月或几日。");
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
        ICalendarSource calendars,
        Calendars.LawChanges law
    ) : ICommandHandler<AskExtension, long>
    {
        public async Task<long> Handle(AskExtension request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if ((await documents.GetAsync(request.DocumentId!.Value, cancellationToken)).CaseId != request.CaseId)
                throw new RuleBroken("延长审限报告不是本案的文书。", "DocumentId");
            var today = Times.Day(clock.GetUtcNow());
            var facts = await clocks.FactsAsync(request.CaseId, cancellationToken);
            var court = await db.FirstAsync<CourtRow>(
                "SELECT t.code, c.custody_until FROM workzone_case c JOIN workzone_court t ON t.id = c.court_id WHERE c.id = @CaseId",
                new { request.CaseId },
                cancellationToken
            );
            var result =
                ClockBook.Facts(card.ProcedureCode, card.FiledOn, facts, court!.CustodyUntil is not null, today, law.All)?.Compute(calendars.For(court.Code))
                ?? throw new RuleBroken("这个程序没有审限，不用延长。", "N");
            if (result.Approver is null)
                throw new RuleBroken($"{card.Number} 适用的程序依法不能再延长；还可以在届满前裁定转换程序。", "N", "no-extension", $"/cases/{card.Id}/clock");
            if (result.End < today)
                throw new RuleBroken(
                    $"审限已于 {Times.Iso(result.End.Value)} 届满，期满后不能再申请延长（法释〔2018〕9号第1条）；只能作超审限说明。",
                    "N",
                    "after-end"
                );
            if (result.LastDayToApply is { } last && last < today)
                throw new RuleBroken(
                    $"申请延长应在 {Times.Iso(last)} 以前提出（法释〔2018〕9号第1条），已经过期；届满日 {Times.Iso(result.End!.Value)} 前还可以结案、依法扣除或者转换程序。",
                    "N",
                    "late",
                    $"/cases/{card.Id}/clock"
                );
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_extension WHERE case_id = @CaseId AND state = 'asked'",
                    new { request.CaseId },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("本案已有一份延长申请在等批准。", "N", "asked-already");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_extension (id, case_id, court_id, n, unit, reason, document_id, asked_on, asked_by, asked_by_name, decide_by, approver,
                    state, version)
                VALUES (@id, @CaseId, @CourtId, @N, @Unit, @reason, @DocumentId, @today, @me, @name, @decideBy, @approver, 'asked', 1)
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
                    decideBy = result.InternalDecisionDue ?? result.DecisionDue,
                    approver = result.Approver,
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
            return id;
        }

        private sealed record CourtRow
        {
            public string Code { get; init; } = "";
            public DateOnly? CustodyUntil { get; init; }
        }
    }
}

/// <summary>A leader of the court grants or refuses; what a higher court decides is entered by a leader with its answer.</summary>
[Permit("workzone.cases.extend")]
[Audited("workzone.clock.decide-extension")]
internal sealed record DecideExtension : ICommand
{
    public long Id { get; init; }
    public bool Granted { get; init; }
    public string Words { get; init; } = "";
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<DecideExtension>
    {
        public Validator()
        {
            RuleFor(c => c.Words).NotEmpty().When(c => !c.Granted).WithMessage("不批准须写明理由。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("意见最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, ICaseRegister register, TimeProvider clock, Actor actor, AuditTrail audit)
        : CommandHandler<DecideExtension>
    {
        protected override async Task RunAsync(DecideExtension command, CancellationToken ct)
        {
            var row =
                await db.FirstAsync<ExtensionRow>(ExtensionRow.Select + " WHERE id = @Id", new { command.Id }, ct)
                ?? throw new NotFound("延长申请", command.Id);
            if (!await cases.CanReadAsync(row.CaseId, ct))
                throw new NotFound("延长申请", command.Id);
            if (row.AskedBy == actor.Id)
                throw new RuleBroken("申请人不能批准自己的申请。", "Granted", "own");
            var state = command.Granted ? "granted" : "refused";
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_extension SET state = @state, decided_by_name = @name, decided_at = @now, words = @words, version = version + 1 "
                        + "WHERE id = @Id AND state = 'asked' AND version = @seen",
                    new
                    {
                        command.Id,
                        state,
                        name = actor.Name,
                        now = clock.GetUtcNow(),
                        words = command.Words.Trim(),
                        seen = command.Version ?? row.Version,
                    },
                    ct
                ) == 0
            )
                throw new Conflict("这份延长申请已由他人处理。");
            if (command.Granted)
                await register.ExtendAsync(row.CaseId, row.N, row.Unit, row.AskedOn, $"extension:{row.Id}", row.DocumentId, row.Reason, ct);
            audit.Note("extension", row.Id, new { state }, row.CaseId);
        }
    }
}

/// <summary>An application as it is stored.</summary>
internal sealed record ExtensionRow
{
    public const string Select =
        "SELECT id, case_id, n, unit, reason, document_id, asked_on, asked_by, asked_by_name, decide_by, approver, state, decided_by_name, "
        + "decided_at, words, version FROM workzone_extension";

    public long Id { get; init; }
    public long CaseId { get; init; }
    public int N { get; init; }
    public string Unit { get; init; } = "";
    public string Reason { get; init; } = "";
    public long DocumentId { get; init; }
    public DateOnly AskedOn { get; init; }
    public long AskedBy { get; init; }
    public string AskedByName { get; init; } = "";
    public DateOnly? DecideBy { get; init; }
    public string Approver { get; init; } = "";
    public string State { get; init; } = "";
    public string? DecidedByName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? Words { get; init; }
    public int Version { get; init; }
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
}
