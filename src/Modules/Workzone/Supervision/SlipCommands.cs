using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Workzone.Supervision;

/// <summary>A leader or lead sends a slip about a case or an order to whoever has it in hand, point to point.</summary>
[Permit("workzone.slips.send")]
[Audited("workzone.slip.send")]
internal sealed record SendSlip : ICommand<long>
{
    public string Kind { get; init; } = "";
    public long? CaseId { get; init; }
    public long? OrderId { get; init; }

    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SendSlip>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(SlipKinds.Labels.ContainsKey).WithMessage("请选择提示单、催办单或督办单。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明要求。").MaximumLength(1000).WithMessage("要求最长 1000 个字符。");
            RuleFor(c => c.CaseId).NotNull().When(c => c.OrderId is null).WithMessage("请指明案件或工单。");
        }
    }

    internal sealed class Handler(ICases cases, IWorkOrders orders, SlipBook slips, TimeProvider clock) : ICommandHandler<SendSlip, long>
    {
        public async Task<long> Handle(SendSlip request, CancellationToken cancellationToken)
        {
            var order = request.OrderId is { } o ? await orders.GetAsync(o, cancellationToken) : null;
            var card = (order?.CaseId ?? request.CaseId) is { } c ? await cases.GetAsync(c, cancellationToken) : null;
            var to =
                order?.AssigneeId
                ?? (order is null ? card?.JudgeId : null)
                ?? throw new RuleBroken(
                    order is null ? "案件还没有承办法官，督促单没有收件人。" : "工单还没有办理人，督促单没有收件人；请先派单。",
                    "CaseId",
                    "nobody"
                );
            var subject = order is null ? $"{card!.Number} {card.Cause}" : $"{order.Number} {order.Title}";
            return await slips.SendAsync(
                    request.Kind,
                    order?.CourtId ?? card!.CourtId,
                    card?.Id,
                    order?.Id,
                    to,
                    subject.Length > 200 ? subject[..200] : subject,
                    request.Words.Trim(),
                    $"hand:{order?.Id ?? card!.Id}:{to}:{clock.GetUtcNow().ToUnixTimeSeconds()}",
                    cancellationToken
                ) ?? throw new RuleBroken("同样的单刚刚发出过。", "Kind", "same-cause");
        }
    }
}

/// <summary>receive, answer, accept, send-back.</summary>
[Permit("workzone.slips.read")]
[Audited("workzone.slip.act")]
internal sealed record ActOnSlip : ICommand
{
    public long Id { get; init; }
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<ActOnSlip>
    {
        public Validator()
        {
            RuleFor(c => c.Act).Must(a => a is "receive" or "answer" or "accept" or "send-back").WithMessage("没有这个动作。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Act is "answer" or "send-back")
                .WithMessage("请写明办理情况或者退回的原因。")
                .MaximumLength(400)
                .WithMessage("最长 400 个字符。");
        }
    }

    internal sealed class Handler(SlipBook slips) : CommandHandler<ActOnSlip>
    {
        protected override async Task RunAsync(ActOnSlip command, CancellationToken ct) =>
            await slips.ActAsync(await slips.FindAsync(command.Id, ct), command.Act, command.Words.Trim(), command.Version, ct);
    }
}

/// <summary>Slips to a person, from a person, or of the courts somebody leads.</summary>
[Permit("workzone.slips.read")]
internal sealed record ListSlips : IQuery<ListSlips.Result>
{
    /// <summary>to-me, from-me or court.</summary>
    public string View { get; init; } = "to-me";
    public bool OpenOnly { get; init; } = true;
    public long After { get; init; } = long.MaxValue;

    internal sealed record Result(IReadOnlyList<Slip> Rows, long? Next);

    internal sealed class Handler(Db db, Actor actor, ICases cases, SlipBook slips) : IQueryHandler<ListSlips, Result>
    {
        private const int Page = 50;

        public async Task<Result> Handle(ListSlips request, CancellationToken cancellationToken)
        {
            var a = cases.Arguments;
            var who = request.View switch
            {
                "from-me" => "s.from_id = @me",
                "court" when actor.Can("workzone.slips.send") => "s.court_id IN @courts",
                _ => "s.to_id = @me",
            };
            var open = request.OpenOnly ? " AND s.ended_at IS NULL" : "";
            var rows = await db.PageAsync<Slip>(
                $"{Slip.Select} WHERE {who}{open} AND {slips.Shown()} AND s.id < @After ORDER BY s.id DESC",
                new
                {
                    a.Me,
                    a.Courts,
                    a.Places,
                    request.After,
                },
                Page + 1,
                cancellationToken
            );
            return new Result([.. rows.Take(Page)], rows.Count > Page ? rows[Page - 1].Id : null);
        }
    }
}
