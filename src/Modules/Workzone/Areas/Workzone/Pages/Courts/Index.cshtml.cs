using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Courts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Courts;

/// <summary>The court tree; the level and the court above follow from the code.</summary>
[Permit("workzone.courts.manage")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new Query());

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new SaveCourt { Code = Code?.Trim() ?? "", Name = Name?.Trim() ?? "" });
        return this.Done("/courts", t["已新增 {0}", Name]);
    }

    [Permit("workzone.courts.manage")]
    internal sealed record Query : IQuery<IReadOnlyList<Row>>;

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Code { get; init; } = "";
        public string Name { get; init; } = "";
        public string Level { get; init; } = "";
        public string? ParentName { get; init; }
        public int People { get; init; }
    }

    internal sealed class Handler(Db db) : IQueryHandler<Query, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> Handle(Query request, CancellationToken cancellationToken) =>
            db.QueryAsync<Row>(
                """
                SELECT c.id, c.code, c.name, c.level, u.name AS parent_name, (SELECT COUNT(*) FROM workzone_person p WHERE p.court_id = c.id AND p.state =
                    'active') AS people
                FROM workzone_court c
                LEFT JOIN workzone_court u ON u.id = c.parent_id
                ORDER BY c.code
                """,
                ct: cancellationToken
            );
    }
}
