using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using MediatR;

namespace CourtOps.Workzone.Inspections;

/// <summary>Every night the open cases of each court that were inspected longest ago, as many as the court sets: time alone makes data wrong.</summary>
internal sealed class SampleInspections(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var court in await mediator.Send(new Courts(), ct))
            await mediator.Send(new OfCourt { CourtId = court }, ct);
    }

    [Permit(PermitAttribute.System)]
    internal sealed record Courts : IQuery<IReadOnlyList<long>>
    {
        internal sealed class Handler(Db db) : IQueryHandler<Courts, IReadOnlyList<long>>
        {
            public Task<IReadOnlyList<long>> Handle(Courts request, CancellationToken cancellationToken) =>
                db.QueryAsync<long>(
                    """
                    SELECT id
                    FROM workzone_court
                    ORDER BY id
                    """,
                    ct: cancellationToken
                );
        }
    }

    [Permit(PermitAttribute.System)]
    [Kernel.Audit.Audited("workzone.inspection.sample")]
    internal sealed record OfCourt : ICommand<int>
    {
        public long CourtId { get; init; }

        internal sealed class Handler(Db db, InspectionBook inspections, ISettings settings) : ICommandHandler<OfCourt, int>
        {
            public async Task<int> Handle(OfCourt request, CancellationToken cancellationToken)
            {
                var most = settings.Current<InspectionSampling>(request.CourtId).PerNight;
                if (most == 0)
                    return 0;
                var never = await db.PageAsync<long>(
                    """
                    SELECT c.id FROM workzone_case c
                    WHERE c.court_id = @CourtId AND c.state = 'open' AND NOT EXISTS (SELECT 1 FROM workzone_inspection_look l WHERE l.case_id = c.id)
                    ORDER BY c.id
                    """,
                    new { request.CourtId },
                    most,
                    cancellationToken
                );
                var oldest =
                    never.Count >= most
                        ? []
                        : await db.PageAsync<long>(
                            """
                            SELECT l.case_id FROM workzone_inspection_look l JOIN workzone_case c ON c.id = l.case_id
                            WHERE l.court_id = @CourtId AND c.state = 'open' ORDER BY l.looked_at, l.case_id
                            """,
                            new { request.CourtId },
                            most - never.Count,
                            cancellationToken
                        );
                await inspections.InspectAsync([.. never, .. oldest], cancellationToken);
                return never.Count + oldest.Count;
            }
        }
    }
}
