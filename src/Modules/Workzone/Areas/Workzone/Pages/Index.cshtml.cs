using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages;

/// <summary>My desk: what I must do by when it bites, what I asked for, cases that are new, cases near their limit.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed class Index(IMediator mediator, Actor actor) : PageModel
{
    public Result Data { get; private set; } = new([], false, [], [], []);

    public async Task<IActionResult> OnGetAsync()
    {
        if (!actor.Can("workzone.desk"))
            return LocalRedirect(
                actor.Can("workzone.people.manage") ? "/people"
                : actor.Can("workzone.audit.read") ? "/audit"
                : actor.Can("workzone.rights.manage") ? "/rights"
                : "/account"
            );
        Data = await mediator.Send(new Query());
        return Page();
    }

    /// <summary>So many new cases are shown; one more is read, to know whether there are more.</summary>
    public const int NewShown = 5;

    [Permit("workzone.desk")]
    internal sealed record Query : IQuery<Result>;

    /// <param name="More">More is to be done than is shown.</param>
    internal sealed record Result(
        IReadOnlyList<Row> Todo,
        bool More,
        IReadOnlyList<ListOrders.Row> Asked,
        IReadOnlyList<NewCases.Row> New,
        IReadOnlyList<NearLimits.Row> Cases
    );

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
        public string Verb =>
            State switch
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

    internal sealed class Handler(Db db, Actor actor, QueueReader reader, NearLimits limits, NewCases news, Kernel.Access.AccessLog reads)
        : IQueryHandler<Query, Result>
    {
        private const int Shown = 30;
        private const string Select =
            "SELECT o.id, o.number, o.title, o.subject, o.case_number, o.cause, o.state, o.last_words, o.changed_by, o.changed_at, o.due_at FROM "
            + "workzone_order o WHERE ";

        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var todo = new List<Row>();
            var viewer = QueueReader.ViewerOf(actor);
            var (me, courts, places) = viewer.Seeing.Arguments;
            var notRecused = viewer.Seeing.NotRecused("o.case_id");
            async Task AddAsync(string where, object args, int walks = 1)
            {
                foreach (var sql in Walks.Of(Select + where + " AND o.is_open = 1" + notRecused, walks))
                    todo.AddRange(await db.PageAsync<Row>(sql + " ORDER BY due_at, id", args, Shown + 1, cancellationToken));
            }
            // the person's own and those of absent people they stand in for
            var person = viewer.Seeing.Absent(asks: false).Prepend(me).ToList();
            await AddAsync(
                "o.assignee_id = @person# AND o.state IN ('assigned', 'accepted') AND " + viewer.Seeing.InHand("o"),
                new
                {
                    person,
                    me,
                    courts,
                    places,
                },
                person.Count
            );
            person = [.. viewer.Seeing.Absent(asks: true).Prepend(me)];
            await AddAsync(
                "o.asked_by = @person# AND o.state IN ('feedback', 'returned') AND " + viewer.Seeing.Asked("o"),
                new
                {
                    person,
                    me,
                    courts,
                    places,
                },
                person.Count
            );
            // court and centre are held, so that each walk is in order
            await AddAsync(
                "o.court_id = @court# AND o.centre = @centre# AND o.state = 'queued'",
                new
                {
                    me,
                    court = viewer.Led.Select(l => l.Court).ToList(),
                    centre = viewer.Led.Select(l => l.Centre).ToList(),
                },
                viewer.Led.Count
            );
            // a range, as its index is written: beside an index for state = 'review' SQLite would compile each statement with state = @state anew at every run
            if (actor.Roles.Contains(Roles.Leader))
                await AddAsync(
                    "o.court_id = @court# AND o.state >= 'review' AND o.state <= 'review' AND o.restricted = 0",
                    new { me, court = courts },
                    courts.Count
                );
            var sorted = todo.DistinctBy(t => t.Id).OrderBy(t => t.DueAt).ThenBy(t => t.Id).ToList();
            var (asked, _) = await reader.PageAsync(await reader.PlanAsync(new QueueFilter { View = "asked" }, cancellationToken), null, 12, cancellationToken);
            reads.List("workzone.desk", sorted.Count, new { });
            return new Result(
                [.. sorted.Take(Shown)],
                sorted.Count > Shown,
                asked,
                await news.ReadAsync(NewShown + 1, cancellationToken),
                await limits.ReadAsync(6, cancellationToken)
            );
        }
    }
}
