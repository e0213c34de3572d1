using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Enforcement.Papers;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.Enforcement.Linkage;

/// <summary>
/// What an agency answered is recorded with the measure it was asked for: taken, renewed, lifted or deducted. What is left empty comes from the answer. The
/// same again changes nothing, anything else after it is a conflict.
/// </summary>
[Permit("enforcement.work")]
[Audited("enforcement.linkage.fill")]
internal sealed record FillMeasure : ICommand<FillMeasure.Result>
{
    /// <summary>The request.</summary>
    public long Id { get; init; }

    /// <summary>Of the request as it was seen.</summary>
    public int? Version { get; init; }

    /// <summary>Needed where more than one can be meant.</summary>
    public long? MeasureId { get; init; }

    /// <summary>Day it was done.</summary>
    public DateOnly? On { get; init; }
    public string Authority { get; init; } = "";
    public string Receipt { get; init; } = "";
    public DateOnly? End { get; init; }

    /// <summary>The place the registry shows.</summary>
    public int? Place { get; init; }

    /// <summary>Yuan frozen in fact, or deducted.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Why it was lifted.</summary>
    public string Why { get; init; } = "";

    /// <summary>It was done, though the words of the answer do not read like it.</summary>
    public bool Sure { get; init; }

    /// <param name="Request">Its version is one more, unless nothing changed.</param>
    internal sealed record Result(LinkageRow Request, MeasureRow Measure);

    internal sealed class Validator : AbstractValidator<FillMeasure>
    {
        public Validator()
        {
            RuleFor(c => c.Authority).MaximumLength(120).WithMessage("协助机关最长 120 个字符。");
            RuleFor(c => c.Receipt).MaximumLength(120).WithMessage("回执号最长 120 个字符。");
            RuleFor(c => c.Amount).Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Place).InclusiveBetween(1, 99).When(c => c.Place is not null).WithMessage("顺位从 1（首封）到 99。");
            RuleFor(c => c.Why).Must(w => w.Length == 0 || Property.Reasons.ContainsKey(w)).WithMessage("请选择解除原因。");
        }
    }

    internal sealed class Handler(MeasureFilling filling, AuditTrail audit) : ICommandHandler<FillMeasure, Result>
    {
        public async Task<Result> Handle(FillMeasure c, CancellationToken cancellationToken)
        {
            var (request, measure) = await filling.FillAsync(c, cancellationToken);
            audit.Note("linkage", request.Id, new { measure = measure.Id, request.Act }, request.CaseId);
            return new(request, measure);
        }
    }
}

/// <summary>What the form is filled with.</summary>
/// <param name="Measures">Those it can be of, the likely first.</param>
/// <param name="Likely">The one that is meant; null where a person must choose.</param>
/// <param name="Filled">Measures that were filled from this answer, with who and when.</param>
internal sealed record FillOffer(
    AnswerReading Reading,
    IReadOnlyList<MeasureRow> Measures,
    MeasureRow? Likely,
    IReadOnlyList<FilledRow> Filled,
    DateOnly On,
    string Receipt
);

internal sealed record FilledRow
{
    public long MeasureId { get; init; }
    public string AssetName { get; init; } = "";
    public string Said { get; init; } = "";
    public long ById { get; init; }
    public string ByName { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>Records answers with measures in the open transaction.</summary>
internal sealed class MeasureFilling(Db db, LinkageBook book, MeasureWork work, MeasureSteps steps, Deducting deducting, Actor actor, TimeProvider clock)
{
    /// <summary>What can be recorded of an answer; null where it is none of a measure.</summary>
    public async Task<FillOffer?> OfferAsync(LinkageRow l, CancellationToken ct)
    {
        if (l.State != LinkageState.Answered || !FillRules.IsOfMeasure(l.Act))
            return null;
        var day = Times.Day(l.AnsweredAt!.Value);
        var reading = AnswerReading.Read(l.Answer!, day);
        var filled = await db.QueryAsync<FilledRow>(
            "SELECT f.measure_id, a.name AS asset_name, f.said, f.by_id, f.by_name, f.at FROM enforcement_linkage_measure f JOIN enforcement_measure m ON "
                + "m.id = f.measure_id JOIN enforcement_asset a ON a.id = m.asset_id WHERE f.linkage_id = @Id ORDER BY f.at, f.measure_id",
            new { l.Id },
            ct
        );
        var measures = FillRules.Order(
            l.Act,
            l.AgencyName,
            (await db.QueryAsync<MeasureRow>(MeasureRow.Columns + " WHERE m.case_id = @CaseId", new { l.CaseId }, ct)).Where(m =>
                filled.All(f => f.MeasureId != m.Id)
            )
        );
        return new(reading, measures, filled.Count > 0 ? null : FillRules.Likely(l.AgencyName, measures), filled, reading.On ?? day, l.Receipt ?? "");
    }

    /// <exception cref="RuleBroken">Not answered, nothing of a measure, not done, or a value does not do; with its field.</exception>
    /// <exception cref="NotFound">No such request, or the measure is another case's.</exception>
    /// <exception cref="Conflict">It was recorded otherwise, or the request changed since it was seen.</exception>
    public async Task<(LinkageRow Request, MeasureRow Measure)> FillAsync(FillMeasure c, CancellationToken ct)
    {
        var l = await book.GetAsync(c.Id, ct);
        var offer =
            await OfferAsync(l, ct)
            ?? throw new RuleBroken(
                $"“{LinkageState.Acts[l.Act]}”的请求现在是“{LinkageState.Labels[l.State]}”；只有已反馈的冻结、查封、续行、解除、扣划可以登记到措施。",
                code: "nothing-to-fill"
            );
        var said = Secrets.Digest($"{c.On:O}\n{c.Authority}\n{c.Receipt}\n{c.End:O}\n{c.Place}\n{c.Amount}\n{c.Why}");
        if (offer.Filled.FirstOrDefault(f => c.MeasureId is null || f.MeasureId == c.MeasureId) is { } there)
            return there.Said == said && there.ById == actor.Id
                ? (l, await work.GetAsync(there.MeasureId, ct))
                : throw new Conflict($"这份反馈已由{there.ByName}登记到“{there.AssetName}”的措施上，请刷新后再看。");
        if (c.Version is { } seen && seen != l.Version)
            throw new Conflict("联动请求刚被他人办理，请刷新后再看。");
        if (!offer.Reading.Done && !c.Sure)
            throw new RuleBroken($"反馈写的是“{l.Answer}”，看来没有办成；核对确已办成的，请勾选确认。", "Sure", "not-done");
        var m = await MeasureAsync(c, l, offer, ct);
        // two at once: the second finds another version of the request
        l = await book.MoveAsync(l, LinkageStep.Fill, ct);
        m = await StepAsync(c, l, offer, m, ct);
        await db.ExecuteAsync(
            "INSERT INTO enforcement_linkage_measure (linkage_id, measure_id, said, by_id, by_name, at) VALUES (@Id, @measure, @said, @by, @name, @now)",
            new
            {
                l.Id,
                measure = m.Id,
                said,
                by = actor.Id,
                name = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );
        return (l, m);
    }

    private async Task<MeasureRow> MeasureAsync(FillMeasure c, LinkageRow l, FillOffer offer, CancellationToken ct)
    {
        if (c.MeasureId is not { } id)
        {
            if (offer.Measures.Count == 0)
                throw new RuleBroken($"本案没有可以登记“{LinkageState.Acts[l.Act]}”的措施；请先登记措施。", "MeasureId", "none");
            return offer.Likely ?? throw new RuleBroken($"本案有 {offer.Measures.Count} 项措施可以登记，请选择是哪一项。", "MeasureId", "which");
        }
        var m = await work.GetAsync(id, ct);
        if (m.CaseId != l.CaseId)
            throw new NotFound("查控措施", id);
        return FillRules.Fits(l.Act, m)
            ? m
            : throw new RuleBroken(
                $"“{m.AssetName}”的措施（{Property.Acts[m.Act]}，{MeasureState.Labels[m.State]}）不能登记“{LinkageState.Acts[l.Act]}”的反馈。",
                "MeasureId",
                "does-not-fit"
            );
    }

    private async Task<MeasureRow> StepAsync(FillMeasure c, LinkageRow l, FillOffer offer, MeasureRow m, CancellationToken ct)
    {
        var receipt =
            c.Receipt.Trim().Length > 0 ? c.Receipt.Trim()
            : offer.Receipt.Length > 0 ? offer.Receipt
            : throw new RuleBroken("反馈没有回执号，请填写。", "Receipt");
        var on = c.On ?? offer.On;
        var end = c.End ?? offer.Reading.End;
        switch (l.Act)
        {
            case "renew":
                return await steps.RenewAsync(
                    new RenewMeasure
                    {
                        Id = m.Id,
                        Version = m.Version,
                        On = on,
                        Receipt = receipt,
                        ReceiptEnd = end,
                    },
                    ct
                );
            case "release":
                return await steps.ReleaseAsync(
                    new ReleaseMeasure
                    {
                        Id = m.Id,
                        Version = m.Version,
                        On = on,
                        Why = c.Why.Length > 0 ? c.Why : throw new RuleBroken("请选择解除原因。", "Why"),
                        Paper = receipt,
                    },
                    ct
                );
            case "deduct":
                actor.Demand("enforcement.money");
                return await deducting.TakeAsync(
                    new DeductDeposit
                    {
                        Id = m.Id,
                        Version = m.Version,
                        Amount = c.Amount ?? offer.Reading.Amount ?? throw new RuleBroken("请填写扣划的金额。", "Amount"),
                        On = on,
                        Reference = receipt.Length <= 80 ? receipt : throw new RuleBroken("流水号最长 80 个字符。", "Receipt"),
                    },
                    ct
                );
            default:
                return await steps.ReceiptAsync(
                    new RecordReceipt
                    {
                        Id = m.Id,
                        Version = m.Version,
                        // the start of one that runs is not moved unless somebody says so
                        Start = m.State == MeasureState.Ruled ? on : c.On,
                        Receipt = receipt,
                        ReceiptEnd = end,
                        Place = c.Place,
                        Authority = c.Authority.Trim().Length > 0 ? c.Authority.Trim() : l.AgencyName,
                        Frozen = l.Act == "freeze" ? c.Amount ?? offer.Reading.Amount : null,
                    },
                    ct
                );
        }
    }
}
