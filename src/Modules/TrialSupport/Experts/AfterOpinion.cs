using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Experts;

/// <summary>The period of an opinion is extended, once, on the institution's written request.</summary>
[Permit("trial.expert")]
[Audited("trial.expert.extend")]
internal sealed record ExtendExpert : ICommand<long>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public DateOnly? Until { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ExtendExpert>
    {
        public Validator()
        {
            RuleFor(c => c.Until).NotNull().WithMessage("请填写延长到哪一天。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明鉴定机构书面申请延长的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(OpinionBook book, ExpertOrders orders, ICases cases, ICalendarSource calendars, AuditTrail audit)
        : ICommandHandler<ExtendExpert, long>
    {
        public async Task<long> Handle(ExtendExpert request, CancellationToken cancellationToken)
        {
            var o = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            if (o.Extended >= ExpertRules.MostExtensions)
                throw new RuleBroken("鉴定期限已经延长过。", "Until", "again");
            var card = await cases.GetAsync(o.CaseId, cancellationToken);
            var calendar = calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null);
            var last = Opinion.Due(o.DueOn, o.Complex, calendar);
            if (request.Until <= o.DueOn || request.Until > last)
                throw new RuleBroken($"延长后的日期应在 {Times.Iso(o.DueOn)} 之后、{Times.Iso(last)} 以前。", "Until");
            await book.MoveAsync(
                o,
                "extend",
                "due_on = @Until, extended = extended + 1",
                new
                {
                    o.Id,
                    o.Version,
                    request.Until,
                },
                cancellationToken
            );
            await orders.ExtendedAsync(o, request.Until!.Value, calendar, cancellationToken);
            audit.Note("expert-opinion", o.Id, new { from = o.DueOn, to = request.Until }, o.CaseId, request.Reason.Trim());
            return o.CaseId;
        }
    }
}

/// <summary>What was done with an opinion that has come: its content looked at, copies sent, objections, answer.</summary>
[Permit("trial.expert")]
[Audited("trial.expert.step")]
internal sealed record StepExpert : ICommand<long>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>A key of <see cref="ExpertRules.Steps"/>; blank: only the content.</summary>
    public string Step { get; init; } = "";
    public DateOnly? On { get; init; }

    /// <summary>Keys of <see cref="ExpertRules.Items"/> that the opinion has; null: as they were.</summary>
    public IReadOnlyList<string>? Items { get; init; }

    internal sealed class Validator : AbstractValidator<StepExpert>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(s => s.Length == 0 || ExpertRules.Steps.ContainsKey(s)).WithMessage("没有这一步。");
            RuleFor(c => c.On).NotNull().When(c => c.Step.Length > 0).WithMessage("请填写办理的日期。");
            RuleFor(c => c.Items).Must(i => i is null || i.All(ExpertRules.Items.ContainsKey)).WithMessage("没有这一项。");
        }
    }

    internal sealed class Handler(OpinionBook book, TimeProvider clock, AuditTrail audit) : ICommandHandler<StepExpert, long>
    {
        public async Task<long> Handle(StepExpert request, CancellationToken cancellationToken)
        {
            var o = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            if (o.Outcome != "received" || o.EndedOn is not { } received)
                throw new RuleBroken("还没有收到鉴定意见。", "Step", "not-received");
            var items = request.Items?.Distinct().ToList() ?? [.. o.Items.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            var done = ExpertRules.Read(o.Steps).ToDictionary();
            if (request.Step.Length > 0)
            {
                if (request.On < received || request.On > Times.Day(clock.GetUtcNow()))
                    throw new RuleBroken("日期应在收到意见之后、今天以前。", "On");
                if (ExpertRules.Missing(items) is { Count: > 0 } missing)
                    throw new RuleBroken($"鉴定意见缺少：{string.Join('、', missing)}（证据规定第三十六条）；请退回补正。", "Items", "content");
                if (request.Step is "object" && !done.ContainsKey("copy"))
                    throw new RuleBroken("副本还没有送交当事人。", "Step", "order");
                if (request.Step is "answer" or "appear" && !done.ContainsKey("object"))
                    throw new RuleBroken("当事人还没有提出异议。", "Step", "order");
                done[request.Step] = request.On!.Value;
            }
            await book.MoveAsync(
                o,
                "step",
                "steps = @steps, items = @items",
                new
                {
                    o.Id,
                    o.Version,
                    steps = ExpertRules.Write(done),
                    items = string.Join(' ', items),
                },
                cancellationToken
            );
            audit.Note(
                "expert-opinion",
                o.Id,
                new
                {
                    request.Step,
                    request.On,
                    items = items.Count,
                },
                o.CaseId
            );
            return o.CaseId;
        }
    }
}
