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

    internal sealed class Handler(MeasureSteps steps) : ICommandHandler<RenewMeasure, MeasureRow>
    {
        public async Task<MeasureRow> Handle(RenewMeasure c, CancellationToken cancellationToken) => await steps.RenewAsync(c, cancellationToken);
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

    internal sealed class Handler(MeasureSteps steps) : ICommandHandler<ReleaseMeasure, MeasureRow>
    {
        public async Task<MeasureRow> Handle(ReleaseMeasure c, CancellationToken cancellationToken) => await steps.ReleaseAsync(c, cancellationToken);
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

    /// <summary>Who answered; empty: as it stands.</summary>
    public string Authority { get; init; } = "";

    /// <summary>Yuan that were frozen in fact, where the authority said so.</summary>
    public decimal? Frozen { get; init; }

    internal sealed class Validator : AbstractValidator<RecordReceipt>
    {
        public Validator()
        {
            RuleFor(c => c.Authority).MaximumLength(120).WithMessage("协助机关最长 120 个字符。");
            RuleFor(c => c.Frozen)
                .Must(f => f is null or (>= 0 and <= Money.CaseMoney.Most) && decimal.Round(f ?? 0, 2) == (f ?? 0))
                .WithMessage("实际冻结的金额从 0 起，最多两位小数。");
            RuleFor(c => c.Receipt).NotEmpty().WithMessage("请填写回执号。").MaximumLength(120).WithMessage("回执号最长 120 个字符。");
            RuleFor(c => c.Place).InclusiveBetween(1, 99).When(c => c.Place is not null).WithMessage("顺位从 1（首封）到 99。");
        }
    }

    internal sealed class Handler(MeasureSteps steps) : ICommandHandler<RecordReceipt, MeasureRow>
    {
        public async Task<MeasureRow> Handle(RecordReceipt c, CancellationToken cancellationToken) => await steps.ReceiptAsync(c, cancellationToken);
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
