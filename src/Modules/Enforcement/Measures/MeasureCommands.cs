using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.Enforcement.Measures;

/// <summary>Renews a measure before its end. The new term begins the day after the old end, or on the day the registry names.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.measure.renew")]
internal sealed record RenewMeasure : ICommand<MeasureRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Day on which the renewal was served on the authority; today where it is not given.</summary>
    public DateOnly? On { get; init; }

    /// <summary>First day of the new term; the day after the old end where it is not given.</summary>
    public DateOnly? From { get; init; }
    public int? Years { get; init; }
    public string Paper { get; init; } = "";
    public string Receipt { get; init; } = "";
    public DateOnly? ReceiptEnd { get; init; }

    internal sealed class Validator : AbstractValidator<RenewMeasure>
    {
        public Validator()
        {
            RuleFor(c => c.Paper).MaximumLength(120).WithMessage("文书号最长 120 个字符。");
            RuleFor(c => c.Receipt).MaximumLength(120).WithMessage("回执号最长 120 个字符。");
        }
    }

    internal sealed class Handler(MeasureWork work, AuditTrail audit) : ICommandHandler<RenewMeasure, MeasureRow>
    {
        public async Task<MeasureRow> Handle(RenewMeasure c, CancellationToken cancellationToken)
        {
            var m = (await work.GetAsync(c.Id, cancellationToken)).Seen(c.Version);
            var on = c.On ?? work.Today;
            if (m.State is not (MeasureState.Active or MeasureState.Lapsed))
                throw new RuleBroken($"措施现在是“{MeasureState.Labels[m.State]}”，不能续行。", code: "state");
            if (on > work.Today)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "On");
            if (on > m.EndOn)
                throw new RuleBroken($"措施已在 {Times.Iso(m.EndOn!.Value)} 届满，效力消灭（查扣冻规定第27条），不能续行；请重新裁定控制。", "On", "lapsed");
            if (m.State == MeasureState.Lapsed && c.Receipt.Length == 0)
                throw new RuleBroken("届满前已续行、事后补记的，必须填写回执号。", "Receipt");
            if (m.State == MeasureState.Lapsed)
                await work.CheckPlaceAsync(m, m.Place, cancellationToken);
            var from = c.From ?? m.EndOn!.Value.AddDays(1);
            if (from < m.StartOn || from > m.EndOn!.Value.AddDays(1))
                throw new RuleBroken($"新期限的起算日应在 {Times.Iso(m.StartOn!.Value)} 至 {Times.Iso(m.EndOn!.Value.AddDays(1))} 之间，不得中断。", "From");
            var renewed = work.Dated(
                m with
                {
                    Years = c.Years,
                    Paper = c.Paper.Length > 0 ? c.Paper : m.Paper,
                    Receipt = c.Receipt.Length > 0 ? c.Receipt : m.Receipt,
                    EndedOn = null,
                    EndedReason = null,
                },
                from,
                c.ReceiptEnd
            );
            if (renewed.EndOn <= m.EndOn)
                throw new RuleBroken(
                    $"续行后的届满日 {Times.Iso(renewed.EndOn!.Value)} 不晚于原届满日 {Times.Iso(m.EndOn!.Value)}。",
                    c.ReceiptEnd is null ? "Years" : "ReceiptEnd"
                );
            renewed = await work.SaveAsync(renewed, MeasureStep.Renew, "renewed", on, c.Paper, "renewed", cancellationToken);
            audit.Note(
                "measure",
                m.Id,
                new
                {
                    from,
                    m.EndOn,
                    until = renewed.EndOn,
                },
                m.CaseId
            );
            return renewed;
        }
    }
}

/// <summary>Lifts a measure; what waits behind takes effect.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.measure.release")]
internal sealed record ReleaseMeasure : ICommand<MeasureRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public DateOnly? On { get; init; }

    /// <summary>A code of <see cref="Property.Reasons"/>.</summary>
    public string Why { get; init; } = "";
    public string Paper { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReleaseMeasure>
    {
        public Validator()
        {
            RuleFor(c => c.Why).Must(Property.Reasons.ContainsKey).WithMessage("请选择解除原因。");
            RuleFor(c => c.Paper).MaximumLength(120).WithMessage("文书号最长 120 个字符。");
        }
    }

    internal sealed class Handler(MeasureWork work, AuditTrail audit) : ICommandHandler<ReleaseMeasure, MeasureRow>
    {
        public async Task<MeasureRow> Handle(ReleaseMeasure c, CancellationToken cancellationToken)
        {
            var m = (await work.GetAsync(c.Id, cancellationToken)).Seen(c.Version);
            var on = c.On ?? work.Today;
            if (!MeasureState.IsLive(m.State))
                throw new RuleBroken($"措施现在是“{MeasureState.Labels[m.State]}”，不能解除。", code: "state");
            if (on > work.Today)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "On");
            if (on < m.RuledOn)
                throw new RuleBroken($"解除日期 {Times.Iso(on)} 早于裁定日期 {Times.Iso(m.RuledOn!.Value)}。", "On");
            var released = await work.SaveAsync(
                m with
                {
                    EndedOn = on,
                    EndedReason = c.Why,
                },
                MeasureStep.Release,
                "released",
                on,
                c.Paper,
                "released",
                cancellationToken
            );
            audit.Note("measure", m.Id, new { why = c.Why, on }, m.CaseId);
            return released;
        }
    }
}

/// <summary>What the authority answered: number, end, place. Its end wins over the computed one and raises an alert; a ruled measure takes effect by
/// it.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.measure.receipt")]
internal sealed record RecordReceipt : ICommand<MeasureRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Day the notice of assistance was served; needed where that was not recorded.</summary>
    public DateOnly? Start { get; init; }
    public string Receipt { get; init; } = "";
    public DateOnly? ReceiptEnd { get; init; }

    /// <summary>The place the registry shows: 1 first, 2 and more waiting.</summary>
    public int? Place { get; init; }

    /// <summary>The place on our side is set to the registry's.</summary>
    public bool Follow { get; init; }
    public DateOnly? HeadEnd { get; init; }

    internal sealed class Validator : AbstractValidator<RecordReceipt>
    {
        public Validator()
        {
            RuleFor(c => c.Receipt).NotEmpty().WithMessage("请填写回执号。").MaximumLength(120).WithMessage("回执号最长 120 个字符。");
            RuleFor(c => c.Place).InclusiveBetween(1, 99).When(c => c.Place is not null).WithMessage("顺位从 1（首封）到 99。");
        }
    }

    internal sealed class Handler(MeasureWork work, AuditTrail audit) : ICommandHandler<RecordReceipt, MeasureRow>
    {
        public async Task<MeasureRow> Handle(RecordReceipt c, CancellationToken cancellationToken)
        {
            var m = (await work.GetAsync(c.Id, cancellationToken)).Seen(c.Version);
            if (!MeasureState.IsLive(m.State))
                throw new RuleBroken($"措施现在是“{MeasureState.Labels[m.State]}”，不再登记回执。", code: "state");
            if (m.State == MeasureState.Ruled && c.Start is null)
                throw new RuleBroken("请填写送达协助机关的日期。", "Start");
            var start = c.Start ?? m.StartOn!.Value;
            if (c.Start > work.Today)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "Start");
            if (c.Start < m.RuledOn)
                throw new RuleBroken($"控制日期 {Times.Iso(start)} 早于裁定日期 {Times.Iso(m.RuledOn!.Value)}。", "Start");
            var place = c.Follow || m.State == MeasureState.Ruled ? c.Place ?? m.Place : m.Place;
            if (place != m.Place || m.State == MeasureState.Ruled)
                await work.CheckPlaceAsync(m, place, cancellationToken);
            if (m.State == MeasureState.Waiting && place == 1)
                // the term of one that has waited begins when the one before it ended, not when it was registered behind it
                start = c.Start ?? m.HeadEnd?.AddDays(1) ?? throw new RuleBroken("请填写轮候措施自动生效的日期（先手措施解除或者失效的次日）。", "Start");
            m = m with { Receipt = c.Receipt, ReceiptPlace = c.Place ?? m.ReceiptPlace, HeadEnd = c.HeadEnd ?? m.HeadEnd, StartOn = start };
            if (m.State == MeasureState.Ruled)
            {
                m = place == 1 ? work.Dated(m with { Place = 1 }, start, c.ReceiptEnd) : m with { Place = place };
                m = await work.SaveAsync(
                    m,
                    place == 1 ? MeasureStep.Serve : MeasureStep.Queue,
                    place == 1 ? "served" : "queued",
                    start,
                    c.Receipt,
                    "taken",
                    cancellationToken
                );
            }
            else if (m.State == MeasureState.Waiting && place == 1)
            {
                m = await work.SaveAsync(
                    work.Dated(m with { Place = 1, HeadEnd = null, Years = null }, start, c.ReceiptEnd),
                    MeasureStep.Activate,
                    "activated",
                    start,
                    c.Receipt,
                    "activated",
                    cancellationToken
                );
            }
            else
            {
                var was = m.EndOn;
                m = m.State == MeasureState.Active ? work.Dated(m with { Place = place }, start, c.ReceiptEnd ?? m.ReceiptEnd) : m with { Place = place };
                m = await work.SaveAsync(
                    m,
                    MeasureStep.Mark,
                    m.State == MeasureState.Waiting ? "polled"
                        : m.EndOn != was ? "corrected"
                        : "receipt",
                    work.Today,
                    c.Receipt,
                    m.State == MeasureState.Active && m.EndOn != was ? "taken" : null,
                    cancellationToken
                );
            }
            audit.Note(
                "measure",
                m.Id,
                new
                {
                    m.ReceiptEnd,
                    m.ReceiptPlace,
                    m.EndOn,
                },
                m.CaseId
            );
            return m;
        }
    }
}

/// <summary>The applicant asked for renewal (保全规定 18: seven days before the end), or the registry was asked about a waiting measure.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.measure.note")]
internal sealed record NoteMeasure : ICommand<MeasureRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>applied or polled.</summary>
    public string Kind { get; init; } = "";
    public DateOnly? On { get; init; }

    /// <summary>For polled: the end of the measure before this one, as the registry said.</summary>
    public DateOnly? HeadEnd { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<NoteMeasure>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(k => k is "applied" or "polled").WithMessage("请说明登记什么：applied 或 polled。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(MeasureWork work, AuditTrail audit) : ICommandHandler<NoteMeasure, MeasureRow>
    {
        public async Task<MeasureRow> Handle(NoteMeasure c, CancellationToken cancellationToken)
        {
            var m = (await work.GetAsync(c.Id, cancellationToken)).Seen(c.Version);
            var on = c.On ?? work.Today;
            if (on > work.Today)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "On");
            if (c.Kind == "applied" && m.State != MeasureState.Active)
                throw new RuleBroken($"措施现在是“{MeasureState.Labels[m.State]}”，不能续行。", code: "state");
            if (c.Kind == "polled" && m.State != MeasureState.Waiting)
                throw new RuleBroken("只有轮候措施需要向登记机关核实。", code: "state");
            var words = c.Kind == "applied" && on > m.LastRenewal ? $"逾最迟申请日 {Times.Iso(m.LastRenewal!.Value)} 申请。{c.Words}" : c.Words;
            m = await work.SaveAsync(
                c.Kind == "applied" ? m with { AppliedOn = on } : m with { HeadEnd = c.HeadEnd ?? m.HeadEnd },
                MeasureStep.Mark,
                c.Kind,
                on,
                words,
                null,
                cancellationToken
            );
            audit.Note("measure", m.Id, new { c.Kind, on }, m.CaseId);
            return m;
        }
    }
}

internal static class MeasureVersions
{
    /// <summary>The measure, if it still is what the person saw.</summary>
    /// <exception cref="Conflict">It was changed meanwhile.</exception>
    public static MeasureRow Seen(this MeasureRow m, int? version) =>
        version is null || version == m.Version ? m : throw new Conflict("查控措施刚被他人办理，请刷新后再看。");
}
