using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Batches;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Batches;

/// <summary>What will happen to which orders, before it happens; the form of a batch.</summary>
[Permit("workzone.orders.step")]
internal sealed class New(IMediator mediator) : PageModel, IReload
{
    [BindProperty]
    public Form Data { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public List<long> Ids { get; set; } = [];

    [BindProperty(SupportsGet = true)]
    public string? Back { get; set; }

    public Result Shown { get; private set; } = new([], []);

    public Task OnGetAsync([FromQuery] string? step)
    {
        Data.Step = step ?? "";
        return ReloadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var id = await mediator.Send(
            new CreateBatch
            {
                Step = Data.Step,
                OrderIds = Ids,
                Words = Data.Words ?? "",
                PersonId = Data.PersonId,
                WakeAt = Data.WakeAt is { } w ? Times.At(w) : null,
            }
        );
        return this.Done($"/batches/{id}?back={Uri.EscapeDataString(QueueUrl.Clean(Back ?? ""))}");
    }

    public async Task ReloadAsync() => Shown = await mediator.Send(new Query { Ids = [.. Ids.Take(BatchSteps.Most)], Step = Data.Step });

    public sealed class Form
    {
        public string Step { get; set; } = "";
        public string? Words { get; set; }
        public long? PersonId { get; set; }
        public DateTime? WakeAt { get; set; }
    }

    [Permit("workzone.orders.read")]
    internal sealed record Query : IQuery<Result>
    {
        public IReadOnlyList<long> Ids { get; init; } = [];
        public string Step { get; init; } = "";
    }

    internal sealed record Result(IReadOnlyList<Row> Orders, IReadOnlyList<ShowOrder.Candidate> People);

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public string State { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string Centre { get; init; } = "";
        public string? AssigneeName { get; init; }

        /// <summary>Whether the state allows the step at all; rights are looked at when it is done.</summary>
        public bool Allowed(string step) => OrderRules.Find(step, State) is not null;
    }

    internal sealed class Handler(Db db, Actor actor, Workzone.Cases.CaseAccess access, Kernel.Access.AccessLog reads) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            // what this person may not see is not shown; that it could not be done is told line by line
            var (me, courts, places) = access.Arguments;
            var rows = await db.QueryAsync<Row>(
                "SELECT o.id, o.number, o.title, o.state, o.case_number, o.centre, o.assignee_name FROM workzone_order o WHERE o.id IN @Ids AND "
                    + $"{access.Seeing.Order("o")} ORDER BY o.id",
                new
                {
                    Ids = request.Ids.Take(500).ToList(),
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            reads.List("workzone.order.list", rows.Count, new { batch = request.Step });
            var centres = rows.Select(r => r.Centre).Distinct().ToList();
            var people = !BatchSteps.NeedsPerson(request.Step)
                ? []
                : await db.QueryAsync<ShowOrder.Candidate>(
                    """
                    SELECT p.id, p.name, (SELECT COUNT(*) FROM workzone_order x WHERE x.assignee_id = p.id AND x.is_open = 1) AS load
                    FROM workzone_person p
                    WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre IN @centres AND r.court_id
                        IN @Courts)
                    ORDER BY load, p.name
                    """,
                    new { actor.Courts, centres },
                    cancellationToken
                );
            return new Result(rows, people);
        }
    }
}
