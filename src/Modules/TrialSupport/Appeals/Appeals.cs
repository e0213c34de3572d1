using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Appeals;

/// <summary>Takes an appeal in: its clock runs, the zone hears of it and opens the work of service and transfer.</summary>
[Permit("trial.schedule")]
[Audited("trial.appeal.register")]
internal sealed record RegisterAppeal : ICommand<long>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public DateOnly? ReceivedOn { get; init; }

    /// <summary>Day of the postmark, where it was sent by post: the way does not count (民诉法 85).</summary>
    public DateOnly? SentOn { get; init; }
    public string UpperCourt { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RegisterAppeal>
    {
        public Validator()
        {
            RuleFor(c => c.PartyId).NotEmpty().WithMessage("请选择上诉人。");
            RuleFor(c => c.ReceivedOn)
                .NotNull()
                .WithMessage("请填写收到上诉状的日期。")
                .Must(d => d is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.UpperCourt).NotEmpty().WithMessage("请填写上一级法院。").MaximumLength(80).WithMessage("最长 80 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        ICaseRegister register,
        Publication.EffectBook effects,
        AuditTrail audit
    ) : ICommandHandler<RegisterAppeal, long>
    {
        public async Task<long> Handle(RegisterAppeal c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party =
                (await cases.PartiesAsync(card.Id, cancellationToken)).FirstOrDefault(p => p.Id == c.PartyId) ?? throw new NotFound("当事人", c.PartyId);
            var on = c.ReceivedOn!.Value;
            if (on > Times.Day(clock.GetUtcNow()) || on < card.FiledOn)
                throw new RuleBroken("收到上诉状的日期应在立案之后、今天以前。", "ReceivedOn");
            if (c.SentOn > on)
                throw new RuleBroken("寄出的日期晚于收到的日期。", "SentOn");
            // each party's period runs for itself (CPL-I 244)
            if (await effects.AppealEndsAsync(card.Id, party.Id, cancellationToken) is { } ends && (c.SentOn ?? on) > ends)
                throw new RuleBroken($"{party.Name}的上诉期已于 {Times.Iso(ends)} 届满；以邮寄提出的，请填写邮戳日期。", "ReceivedOn", "late");
            if (card.ProcedureCode == "MC-SML")
                throw new RuleBroken("小额诉讼案件一审终审，不能上诉（民诉法第165条）。", "PartyId", "final");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_appeal WHERE case_id = @CaseId AND party_id = @PartyId AND state <> 'withdrawn'",
                    new { c.CaseId, c.PartyId },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken($"{party.Name}的上诉已经登记。", "PartyId", "twice");
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO trial_appeal (id, case_id, court_id, case_number, party_id, appellant, received_on, sent_on, upper_court, steps, items, state, "
                    + "by_name, version) VALUES (@id, @CaseId, @CourtId, @Number, @PartyId, @Name, @on, @SentOn, @upper, '', '', 'open', @me, 1)",
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    card.Number,
                    c.PartyId,
                    party.Name,
                    on,
                    c.SentOn,
                    upper = c.UpperCourt.Trim(),
                    me = actor.Name,
                },
                cancellationToken
            );
            await register.RecordAsync(
                card.Id,
                "appealed",
                on,
                FormattableString.Invariant($"trial:appeal:{id}"),
                new Dictionary<string, string> { ["note"] = party.Name },
                null,
                cancellationToken
            );
            audit.Note("appeal", id, new { c.PartyId, on }, card.Id);
            return id;
        }
    }
}

/// <summary>A step was done, on its day; or what is in the parcel.</summary>
[Permit("trial.schedule")]
[Audited("trial.appeal.step")]
internal sealed record StepAppeal : ICommand
{
    public long CaseId { get; init; }
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>A code of <see cref="AppealRules.Steps"/> but "file"; blank: only the parcel.</summary>
    public string Step { get; init; } = "";
    public DateOnly? On { get; init; }
    public IReadOnlyList<string>? Items { get; init; }

    internal sealed class Validator : AbstractValidator<StepAppeal>
    {
        public Validator()
        {
            RuleFor(c => c.Step)
                .Must(s => s.Length == 0 || (s != "file" && AppealRules.Steps.Any(x => x.Code == s)))
                .WithMessage("没有这一步；移送在下面办理。");
            RuleFor(c => c.On)
                .NotNull()
                .When(c => c.Step.Length > 0)
                .WithMessage("请填写办理的日期。")
                .Must(d => d is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Items).Must(i => i is null || i.All(AppealRules.Items.ContainsKey)).WithMessage("没有这一项。");
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock, ICases cases, AuditTrail audit) : CommandHandler<StepAppeal>
    {
        protected override async Task RunAsync(StepAppeal c, CancellationToken ct)
        {
            var card = await cases.GetAsync(c.CaseId, ct);
            var a = await AppealBook.GetAsync(db, card.Id, c.Id, c.Version, ct);
            var done = a.Done.ToDictionary();
            if (c.Step.Length > 0)
            {
                if (c.On < a.ReceivedOn || c.On > Times.Day(clock.GetUtcNow()))
                    throw new RuleBroken("日期应在收到上诉状之后、今天以前。", "On");
                done[c.Step] = c.On!.Value;
            }
            await AppealBook.StepAsync(db, a, done, c.Items ?? a.ItemSet, ct);
            audit.Note(
                "appeal",
                a.Id,
                new
                {
                    c.Step,
                    c.On,
                    items = c.Items?.Count,
                },
                card.Id
            );
        }
    }
}

/// <summary>The file goes to the court above: everything of the list is there. The zone hears of it.</summary>
[Permit("trial.schedule")]
[Audited("trial.appeal.transfer")]
internal sealed record TransferAppeal : ICommand
{
    public long CaseId { get; init; }
    public long Id { get; init; }
    public int? Version { get; init; }
    public DateOnly? On { get; init; }
    public int? Volumes { get; init; }
    public string HandedTo { get; init; } = "";

    /// <summary>Why the appeal goes no further; blank: it is transferred.</summary>
    public string Withdrawn { get; init; } = "";

    internal sealed class Validator : AbstractValidator<TransferAppeal>
    {
        public Validator()
        {
            RuleFor(c => c.Withdrawn).MaximumLength(400).WithMessage("原因最长 400 个字符。");
            RuleFor(c => c.On)
                .NotNull()
                .When(c => c.Withdrawn.Length == 0)
                .WithMessage("请填写移送的日期。")
                .Must(d => d is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Volumes)
                .NotNull()
                .When(c => c.Withdrawn.Length == 0)
                .WithMessage("请填写移送的册数。")
                .Must(v => v is null or (>= 1 and <= 999))
                .WithMessage("册数应在 1 到 999 之间。");
            RuleFor(c => c.HandedTo)
                .NotEmpty()
                .When(c => c.Withdrawn.Length == 0)
                .WithMessage("请填写谁签收或者邮寄单号。")
                .MaximumLength(100)
                .WithMessage("最长 100 个字符。");
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock, ICases cases, ICaseRegister register, AuditTrail audit) : CommandHandler<TransferAppeal>
    {
        protected override async Task RunAsync(TransferAppeal c, CancellationToken ct)
        {
            var card = await cases.GetAsync(c.CaseId, ct);
            var a = await AppealBook.GetAsync(db, card.Id, c.Id, c.Version, ct);
            if (c.Withdrawn.Trim().Length > 0)
            {
                await Appeal.Table.MoveAsync(
                    db,
                    "withdraw",
                    a.State,
                    new
                    {
                        a.Id,
                        a.Version,
                        reason = c.Withdrawn.Trim(),
                    },
                    "reason = @reason",
                    ct
                );
            }
            else
            {
                if ((await AppealBook.NeedsAsync(db, a.Id, ct)).Where(n => n.State == "open").ToList() is { Count: > 0 } asked)
                    throw new RuleBroken(
                        $"还没有收到：{string.Join('、', asked.Select(n => AppealRules.Needs[n.Kind].Label).Distinct())}；收到后登记，或者写明不再要求的理由。",
                        "Step",
                        "asked"
                    );
                var missing = AppealRules.Missing(a.ItemSet);
                if (missing.Count > 0)
                    throw new RuleBroken($"移送清单还缺：{string.Join('、', missing)}。", "Items", "missing");
                if (AppealRules.Steps.Where(s => s.Code is "copies" or "reply" && !a.Done.ContainsKey(s.Code)).ToList() is { Count: > 0 } open)
                    throw new RuleBroken($"还没有办：{string.Join('、', open.Select(s => s.Label))}。", "Step", "open");
                if (c.On < a.ReceivedOn || c.On > Times.Day(clock.GetUtcNow()))
                    throw new RuleBroken("日期应在收到上诉状之后、今天以前。", "On");
                await Appeal.Table.MoveAsync(
                    db,
                    "transfer",
                    a.State,
                    new
                    {
                        a.Id,
                        a.Version,
                        c.On,
                        c.Volumes,
                        to = c.HandedTo.Trim(),
                    },
                    "transferred_on = @On, volumes = @Volumes, handed_to = @to",
                    ct
                );
                await register.RecordAsync(
                    card.Id,
                    "transferred",
                    c.On!.Value,
                    FormattableString.Invariant($"trial:appeal:{a.Id}:transferred"),
                    new Dictionary<string, string> { ["note"] = a.UpperCourt },
                    null,
                    ct
                );
            }
            audit.Note(
                "appeal",
                a.Id,
                new
                {
                    c.On,
                    c.Volumes,
                    withdrawn = c.Withdrawn.Length > 0,
                },
                card.Id,
                c.Withdrawn
            );
        }
    }
}
