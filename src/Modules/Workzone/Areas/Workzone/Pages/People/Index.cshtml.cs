using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.People;

/// <summary>The people of the courts; a list as CSV comes in here.</summary>
[Permit("workzone.people.read")]
internal sealed class Index(IMediator mediator, Actor actor, IPeopleImport import) : PageModel, IReload
{
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    [BindProperty]
    public new IFormFile? File { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];

    public IReadOnlyList<PersonOutcome> Outcomes { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new Query { Text = Text, After = After });

    public async Task<IActionResult> OnPostAsync()
    {
        if (File is null || File.Length == 0)
            throw new RuleBroken("请选择人员表（CSV 或 JSON）。", "File");
        actor.Demand("workzone.people.manage");
        await using var content = File.OpenReadStream();
        Outcomes = await import.ImportAsync(content, HttpContext.RequestAborted, File.FileName);
        await ReloadAsync();
        return Page();
    }

    [Permit("workzone.people.read")]
    internal sealed record Query : IQuery<IReadOnlyList<Row>>
    {
        public string? Text { get; init; }
        public string? After { get; init; }
    }

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string Division { get; init; } = "";
        public string Team { get; init; } = "";
        public string State { get; init; } = "";
        public bool HasPassword { get; init; }
        public string RoleCodes { get; init; } = "";
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<Query, IReadOnlyList<Row>>
    {
        // the plus keeps the planner on the logins, which are the order of the page, instead of gathering the people of every court
        public Task<IReadOnlyList<Row>> Handle(Query request, CancellationToken cancellationToken) =>
            db.PageAsync<Row>(
                """
                SELECT p.id, p.login, p.name, t.name AS court_name, p.division, p.team, p.state, CASE WHEN p.password_hash IS NULL THEN 0 ELSE 1 END AS
                    has_password,
                       (SELECT STRING_AGG(CONCAT(r.role, CASE WHEN r.centre = '' THEN '' ELSE CONCAT(':', r.centre) END), ' ') FROM workzone_role_grant r WHERE
                           r.person_id = p.id) AS role_codes
                FROM workzone_person p
                JOIN workzone_court t ON t.id = p.court_id
                WHERE p.login > @after AND +p.court_id IN @scope AND (@text = '' OR p.name LIKE @text OR p.login LIKE @text)
                ORDER BY p.login
                """,
                new
                {
                    scope = actor.CourtsOf(Roles.Auditor) is { Count: > 0 } audits ? audits : Workzone.Rights.AdminScope.Courts(actor),
                    after = request.After ?? "",
                    text = string.IsNullOrWhiteSpace(request.Text) ? "" : request.Text.Trim() + "%",
                },
                100,
                cancellationToken
            );
    }
}
