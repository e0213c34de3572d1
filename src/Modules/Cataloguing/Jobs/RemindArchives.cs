using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;
using MediatR;

namespace CourtOps.Cataloguing.Jobs;

/// <summary>Each morning: files whose time to archive comes near are put before the centre as an order.</summary>
internal sealed class RemindArchives(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        for (var after = 0L; after >= 0; )
            after = await mediator.Send(new RemindSome { After = after }, ct);
    }
}

/// <summary>Some hundred files at a time; answers the last id, or −1 at the end. A file has one order; the days before its end at which it was reminded are
/// kept.</summary>
[Permit(PermitAttribute.System)]
[Audited("cataloguing.archive.remind")]
internal sealed record RemindSome : ICommand<long>
{
    internal const string ArchiveOrder = "cataloguing.archive";

    public long After { get; init; }

    internal sealed class Validator : AbstractValidator<RemindSome>
    {
        public Validator() => RuleFor(c => c.After).GreaterThanOrEqualTo(0).WithMessage("起点不能为负。");
    }

    internal sealed class Handler(Db db, TimeProvider clock, ISettings settings, ICases cases, IWorkOrders orders, AuditTrail audit)
        : ICommandHandler<RemindSome, long>
    {
        public async Task<long> Handle(RemindSome request, CancellationToken cancellationToken)
        {
            var today = Times.Day(clock.GetUtcNow());
            var rows = await db.PageAsync<ArchiveRow>(
                ArchiveBook.Columns + " WHERE a.state = 'due' AND a.due_on <= @until AND a.id > @After ORDER BY a.id",
                new { until = today.AddDays(90), request.After },
                100,
                cancellationToken
            );
            foreach (var a in rows)
            {
                var left = a.DueOn.DayNumber - today.DayNumber;
                var steps = settings.Current<ArchiveRules>(a.CourtId).Reminders.Count(r => left <= r);
                if (steps <= a.Reminded)
                    continue;
                var card = await cases.GetAsync(a.CaseId, cancellationToken);
                if (a.Reminded == 0)
                    await orders.OpenAsync(
                        new NewOrder
                        {
                            Type = ArchiveOrder,
                            CaseId = a.CaseId,
                            Title = $"归档：{a.CaseNumber}",
                            Subject = card.JudgeName ?? "",
                            CauseSubject = $"{a.Id}",
                            AskedBy = card.JudgeId,
                            Form = new Dictionary<string, string> { ["结案日期"] = Times.Iso(a.ClosedOn), ["归档期限"] = Times.Iso(a.DueOn) },
                        },
                        cancellationToken
                    );
                await ArchiveBook.Table.MoveAsync(
                    db,
                    "remind",
                    a.State,
                    new
                    {
                        a.Id,
                        a.Version,
                        steps,
                    },
                    "reminded = @steps",
                    cancellationToken
                );
                audit.Note("archive", a.Id, new { left }, a.CaseId);
            }
            return rows.Count < 100 ? -1 : rows[^1].Id;
        }
    }
}
