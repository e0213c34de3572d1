using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Search;

/// <summary>One box: case number or fragment, party, order number. Only what the person may see.</summary>
[Permit("workzone.cases.read")]
internal sealed class Index(IMediator mediator, Kernel.Access.AccessLog reads) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    public ListCases.Result Cases { get; private set; } = new([], null);

    public IReadOnlyList<OrderHit> Orders { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (string.IsNullOrWhiteSpace(Text))
            return Page();
        reads.Note("workzone.search", "list", "", detail: new { text = Masks.Words(Text.Trim()) });
        Cases = await mediator.Send(new ListCases { Number = Text, Take = 30 });
        Orders = await mediator.Send(new Query { Text = Text.Trim() });
        if (Cases.Rows.Count == 1 && Orders.Count == 0)
            return LocalRedirect($"/cases/{Cases.Rows[0].Id}");
        if (Cases.Rows.Count == 0 && Orders.Count == 1)
            return LocalRedirect($"/orders/{Orders[0].Id}");
        return Page();
    }

    [Permit("workzone.orders.read")]
    internal sealed record Query : IQuery<IReadOnlyList<OrderHit>>
    {
        public string Text { get; init; } = "";
    }

    internal sealed record OrderHit
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string State { get; init; } = "";
    }

    internal sealed class Handler(Db db, CaseAccess access) : IQueryHandler<Query, IReadOnlyList<OrderHit>>
    {
        public async Task<IReadOnlyList<OrderHit>> Handle(Query request, CancellationToken cancellationToken)
        {
            if (!request.Text.StartsWith("GD-", StringComparison.OrdinalIgnoreCase))
                return [];
            var (me, courts) = access.Parameters;
            return await db.PageAsync<OrderHit>(
                "SELECT o.id, o.number, o.title, o.case_number, o.state FROM workzone_order o JOIN workzone_case c ON c.id = o.case_id WHERE o.number >= @text AND o.number < @end AND (o.asked_by = @me OR o.assignee_id = @me OR " + access.Condition + ") ORDER BY o.number",
                new { text = request.Text.ToUpperInvariant(), end = request.Text.ToUpperInvariant() + "\uffff", me, courts }, 30, cancellationToken);
        }
    }
}
