using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages;

/// <summary>My desk: what I must do by when it bites, what I asked for, cases near their limit.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed class Index(IMediator mediator, Actor actor) : PageModel
{
    public Result Data { get; private set; } = new([], [], new([], null));

    public async Task<IActionResult> OnGetAsync()
    {
        if (!actor.Can("workzone.desk"))
            return LocalRedirect(actor.Can("workzone.people.manage") ? "/people" : "/account");
        Data = await mediator.Send(new Query());
        return Page();
    }

    [Permit("workzone.desk")]
    internal sealed record Query : IQuery<Result>;

    internal sealed record Result(IReadOnlyList<Row> Todo, IReadOnlyList<ListOrders.Row> Asked, ListCases.Result Cases);

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public string Subject { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string Cause { get; init; } = "";
        public string State { get; init; } = "";
        public string LastWords { get; init; } = "";
        public string ChangedBy { get; init; } = "";
        public DateTimeOffset ChangedAt { get; init; }
        public DateTimeOffset? DueAt { get; init; }

        /// <summary>What I do with it.</summary>
        public string Verb => State switch
        {
            OrderState.Assigned => "接受",
            OrderState.Accepted => "办理",
            OrderState.Feedback => "确认反馈",
            OrderState.Returned => "补正",
            OrderState.Review => "审核",
            OrderState.Queued => "派单",
            _ => "打开",
        };
    }

    internal sealed class Handler(Db db, Actor actor, IMediator mediator) : IQueryHandler<Query, Result>
    {
        private const string Select = "SELECT o.id, o.number, o.title, o.subject, o.case_number, o.cause, o.state, o.last_words, o.changed_by, o.changed_at, o.due_at FROM workzone_order o WHERE ";

        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var args = new { me = actor.Id, courts = actor.Courts, centres = actor.Roles.Where(r => r.StartsWith("lead:", StringComparison.Ordinal)).Select(r => r[5..]).DefaultIfEmpty("") };
            var todo = new List<Row>();
            todo.AddRange(await db.PageAsync<Row>(Select + "o.assignee_id = @me AND o.is_open = 1 AND o.state IN ('assigned', 'accepted') ORDER BY o.due_at", args, 30, cancellationToken));
            todo.AddRange(await db.PageAsync<Row>(Select + "o.asked_by = @me AND o.is_open = 1 AND o.state IN ('feedback', 'returned') ORDER BY o.due_at", args, 30, cancellationToken));
            if (actor.Roles.Any(r => r.StartsWith("lead:", StringComparison.Ordinal)))
                todo.AddRange(await db.PageAsync<Row>(Select + "o.court_id IN @courts AND o.centre IN @centres AND o.state = 'queued' AND o.is_open = 1 ORDER BY o.due_at", args, 30, cancellationToken));
            if (actor.Roles.Contains(Roles.Leader))
                todo.AddRange(await db.PageAsync<Row>(Select + "o.court_id IN @courts AND o.state = 'review' AND o.is_open = 1 ORDER BY o.due_at", args, 30, cancellationToken));
            var asked = await mediator.Send(new ListOrders { View = "asked", Take = 12 }, cancellationToken);
            var cases = await mediator.Send(new ListCases { Sort = "limit", Take = 6 }, cancellationToken);
            return new Result([.. todo.DistinctBy(t => t.Id).OrderBy(t => t.DueAt)], asked.Rows, cases);
        }
    }
}
