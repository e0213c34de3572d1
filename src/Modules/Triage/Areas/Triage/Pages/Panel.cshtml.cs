using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages;

/// <summary>The fragment on the case page: how the case came in and to its judge.</summary>
[Permit("triage.read")]
internal sealed class Panel(IMediator mediator, ICases cases, Texts t) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    public Result? Row { get; private set; }

    public IReadOnlyList<Mediation.MediationRow> Mediations { get; private set; } = [];

    /// <summary>The band as it stands; null where nobody has split the case.</summary>
    public string? Band { get; private set; }

    public IReadOnlyList<CourtOps.Triage.Split.TrackProposal> Proposals { get; private set; } = [];

    /// <summary>The case is open.</summary>
    public bool Open { get; private set; }

    public async Task OnGetAsync()
    {
        Row = await mediator.Send(new Query { CaseId = CaseId });
        Mediations = await mediator.Send(new Mediation.MediationsOfCase { CaseId = CaseId });
        (Band, Proposals) = await mediator.Send(new SplitQuery { CaseId = CaseId });
        Open = (await cases.GetAsync(CaseId, HttpContext.RequestAborted)).State == "open";
    }

    public async Task<IActionResult> OnPostMediateAsync()
    {
        await OnGetAsync();
        var id = await mediator.Send(new Mediation.BeginMediation { CaseId = CaseId });
        return this.Done($"/triage/mediations/{id}", t["已启动，请征询双方意愿"]);
    }

    public async Task<IActionResult> OnPostBandAsync(string? newBand, string? bandReason)
    {
        await OnGetAsync();
        await mediator.Send(
            new CourtOps.Triage.Split.OverrideBand
            {
                CaseId = CaseId,
                Band = newBand ?? "",
                Reason = bandReason ?? "",
            }
        );
        return this.Done($"/cases/{CaseId}", t["已改分"]);
    }

    [Permit("triage.read")]
    internal sealed record SplitQuery : IQuery<(string? Band, IReadOnlyList<CourtOps.Triage.Split.TrackProposal> Proposals)>
    {
        public long CaseId { get; init; }
    }

    internal sealed class SplitHandler(Db db, ICases cases, CourtOps.Triage.Split.Screening screening)
        : IQueryHandler<SplitQuery, (string? Band, IReadOnlyList<CourtOps.Triage.Split.TrackProposal> Proposals)>
    {
        public async Task<(string? Band, IReadOnlyList<CourtOps.Triage.Split.TrackProposal> Proposals)> Handle(
            SplitQuery request,
            CancellationToken cancellationToken
        )
        {
            await cases.GetAsync(request.CaseId, cancellationToken);
            return (
                (await screening.FindAsync(request.CaseId, cancellationToken))?.Band,
                await db.QueryAsync<CourtOps.Triage.Split.TrackProposal>(
                    $"SELECT {CourtOps.Triage.Split.Screening.Columns} FROM triage_proposal p WHERE p.case_id = @CaseId AND p.state = 'open' ORDER BY p.id",
                    new { request.CaseId },
                    cancellationToken
                )
            );
        }
    }

    [Permit("triage.read")]
    internal sealed record Query : IQuery<Result?>
    {
        public long CaseId { get; init; }
    }

    internal sealed record Result
    {
        public long Id { get; init; }
        public DateTimeOffset ReceivedAt { get; init; }
        public long? Fee { get; init; }
        public string Band { get; init; } = "";
        public int? Score { get; init; }
        public string? JudgeName { get; init; }
        public string? How { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<Query, Result?>
    {
        public async Task<Result?> Handle(Query request, CancellationToken cancellationToken)
        {
            await cases.GetAsync(request.CaseId, cancellationToken);
            return await db.FirstAsync<Result>(
                """
                SELECT f.id, f.received_at, f.fee, f.band, f.score, a.judge_name, a.how, a.reason
                FROM triage_filing f
                LEFT JOIN triage_allotment a ON a.filing_id = f.id
                WHERE f.case_id = @CaseId
                ORDER BY a.at DESC
                """,
                new { request.CaseId },
                cancellationToken
            );
        }
    }
}
