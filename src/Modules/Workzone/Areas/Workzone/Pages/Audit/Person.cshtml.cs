using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Trails;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Audit;

/// <summary>One person's trail: what was done and what was read, in one order.</summary>
[Permit("workzone.audit.read")]
internal sealed class Person(IMediator mediator, ActivityCatalogue activities, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? To { get; set; }

    public Result Show { get; private set; } = null!;

    public string Words(string code) => activities.Words(t, code);

    public async Task OnGetAsync() =>
        Show = await mediator.Send(
            new Query
            {
                Id = Id,
                From = From,
                To = To,
            }
        );

    public async Task ReloadAsync() => Show = await mediator.Send(new Query { Id = Id });

    internal sealed record Query : IQuery<Result>
    {
        public long Id { get; init; }
        public DateOnly? From { get; init; }
        public DateOnly? To { get; init; }
    }

    internal sealed record Result(Who Who, IReadOnlyList<TrailRow> Rows, int Cases, int Refused, DateOnly From, DateOnly To);

    internal sealed record Who
    {
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string State { get; init; } = "";
    }

    internal sealed class Handler(Db db, Actor actor, IMediator mediator) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            await (await AuditScope.OfAsync(db, actor, cancellationToken)).DemandPersonAsync(db, request.Id, cancellationToken);
            var who =
                await db.FirstAsync<Who>(
                    "SELECT p.login, p.name, t.name AS court_name, p.state FROM workzone_person p JOIN workzone_court t ON t.id = p.court_id WHERE p.id = @Id",
                    new { request.Id },
                    cancellationToken
                ) ?? throw new NotFound("人员", request.Id);
            var did = await mediator.Send(
                new SearchTrail
                {
                    Person = who.Login,
                    From = request.From,
                    To = request.To,
                    Take = 200,
                },
                cancellationToken
            );
            var read = await mediator.Send(
                new SearchTrail
                {
                    Log = SearchTrail.Access,
                    Person = who.Login,
                    From = request.From,
                    To = request.To,
                    Take = 200,
                },
                cancellationToken
            );
            var rows = did.Rows.Concat(read.Rows).OrderByDescending(r => r.At).ThenByDescending(r => r.Id).Take(200).ToList();
            return new Result(
                who,
                rows,
                rows.Where(r => r.CaseId is not null).Select(r => r.CaseId).Distinct().Count(),
                rows.Count(r => r.Result != "done"),
                did.From,
                did.To
            );
        }
    }
}
