using CourtOps.Cataloguing.Checking;
using CourtOps.Cataloguing.Intake;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>Batches in hand, and what was filed lately in the cases the person may see.</summary>
[Permit("cataloguing.read")]
internal sealed class Index(IMediator mediator, Actor actor) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    public IReadOnlyList<Row> Rows { get; private set; } = [];

    public IReadOnlyList<ListBatches.Row> Batches { get; private set; } = [];

    /// <summary>Batches that a check returned; for those who catalogue.</summary>
    public IReadOnlyList<CheckRow> Returned { get; private set; } = [];

    public async Task OnGetAsync()
    {
        if (actor.Can("cataloguing.work"))
            Returned = await mediator.Send(new ListReturned());
        Rows = await mediator.Send(new Query());
        Batches = await mediator.Send(new ListBatches { State = State });
    }

    [Permit("cataloguing.read")]
    internal sealed record Query : IQuery<IReadOnlyList<Row>>;

    internal sealed record Row
    {
        public long CaseId { get; init; }
        public long DocumentId { get; init; }
        public string Number { get; init; } = "";
        public string Heading { get; init; } = "";
        public string Title { get; init; } = "";
        public string Note { get; init; } = "";
        public DateTimeOffset FiledAt { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, Kernel.Access.AccessLog reads) : IQueryHandler<Query, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(Query request, CancellationToken cancellationToken)
        {
            var rows = await ReadAsync(cancellationToken);
            reads.List("cataloguing.list", rows.Count, new { });
            return rows;
        }

        private Task<IReadOnlyList<Row>> ReadAsync(CancellationToken cancellationToken) =>
            db.PageAsync<Row>(
                "SELECT i.case_id, i.document_id, c.number, i.heading, i.title, i.note, i.filed_at FROM cataloguing_item i JOIN workzone_case_card c "
                    + "ON c.id = i.case_id WHERE i.volume = 'main' AND "
                    + cases.Seen("i.case_id")
                    + " ORDER BY i.id DESC",
                cases.Arguments,
                50,
                cancellationToken
            );
    }
}
