using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>Conditions and columns of a queue: a form whose answer is the queue's address. A dialog with script, a page without.</summary>
[Permit("workzone.orders.read")]
internal sealed class FilterModel(IMediator mediator, OrderTypes types) : PageModel
{
    public QueueFilter Filter { get; private set; } = new();

    public IReadOnlyList<QueueColumn> Shown { get; private set; } = [];

    public Result People { get; private set; } = new([], []);

    public IReadOnlyList<OrderType> Types => [.. types.All.OrderBy(t => t.Centre).ThenBy(t => t.Code, StringComparer.Ordinal)];

    public bool Fragment => this.IsFragment();

    public async Task OnGetAsync()
    {
        Filter = QueueUrl.Filter(Request.Query);
        Shown = QueueColumns.Of(Request.Query["cols"]);
        People = await mediator.Send(new Query());
    }

    [Permit("workzone.orders.read")]
    internal sealed record Query : IQuery<Result>;

    internal sealed record Result(IReadOnlyList<ShowQueue.Person> Handlers, IReadOnlyList<ShowQueue.Person> Askers);

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<Query, Result>
    {
        // the people of the actor's courts, by the index of courts and names
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var centres = QueueReader.CentresOf(actor);
            const string people =
                "SELECT p.id, p.name, p.team FROM workzone_person p WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE "
                + "r.person_id = p.id AND r.court_id IN @Courts AND ";
            return new Result(
                (
                    await db.PageAsync<ShowQueue.Person>(
                        people + "r.centre IN @centres) ORDER BY p.name, p.id",
                        new { actor.Courts, centres },
                        500,
                        cancellationToken
                    )
                ).ByName(p => p.Name),
                (
                    await db.PageAsync<ShowQueue.Person>(
                        people + "r.role IN ('judge', 'assistant', 'leader', 'lead')) ORDER BY p.name, p.id",
                        new { actor.Courts },
                        500,
                        cancellationToken
                    )
                ).ByName(p => p.Name)
            );
        }
    }
}
