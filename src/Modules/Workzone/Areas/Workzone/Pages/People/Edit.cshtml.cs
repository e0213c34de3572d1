using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.People;

/// <summary>One person: names, court, roles, password.</summary>
[Permit("workzone.people.manage")]
internal sealed class Edit(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long? Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public IReadOnlyList<(string Code, string Label)> AllRoles { get; private set; } = [];

    public IReadOnlyList<Court> Courts { get; private set; } = [];

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Id is { } id)
            Data = await mediator.Send(new Query { Id = id });
    }

    public async Task ReloadAsync()
    {
        Courts = await mediator.Send(new CourtQuery());
        AllRoles =
        [
            .. Roles.Labels.Where(r => r.Key is not (Roles.Robot or Roles.Lead)).Select(r => (r.Key, t[r.Value])),
            .. Centres.Labels.SelectMany(c => new[] { Roles.Lead, Roles.Clerk, Roles.Robot }.Select(r => ($"{r}:{c.Key}", Roles.Words(t, $"{r}:{c.Key}")))),
        ];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var id = await mediator.Send(
            new SavePerson
            {
                Id = Id,
                Version = Data.Version,
                Login = Data.Login?.Trim() ?? "",
                Name = Data.Name?.Trim() ?? "",
                Court = Data.Court ?? "",
                Division = Data.Division?.Trim() ?? "",
                Team = Data.Team?.Trim() ?? "",
                Post = Data.Post?.Trim() ?? "",
                IdNumber =
                    Data.DropIdNumber ? ""
                    : string.IsNullOrWhiteSpace(Data.IdNumber) ? null
                    : Data.IdNumber.Trim(),
                Roles = Data.RoleCodes,
                Active = Data.Active,
                Reason = Data.Reason?.Trim() ?? "",
            }
        );
        return this.Done($"/people/{id}", t["已保存 {0}", Data.Name]);
    }

    internal sealed class Input
    {
        public int Version { get; set; }
        public string? Login { get; set; }
        public string? Name { get; set; }
        public string? Court { get; set; }
        public string? Division { get; set; }
        public string? Team { get; set; }
        public List<string> RoleCodes { get; set; } = [];
        public string? Post { get; set; }
        public string? IdNumber { get; set; }
        public bool HasIdNumber { get; set; }
        public bool DropIdNumber { get; set; }
        public string? Reason { get; set; }
        public bool Active { get; set; } = true;
    }

    internal sealed record Court
    {
        public string Code { get; init; } = "";
        public string Name { get; init; } = "";
    }

    [Permit("workzone.people.manage")]
    internal sealed record CourtQuery : IQuery<IReadOnlyList<Court>>;

    internal sealed class CourtHandler(Db db, Actor actor) : IQueryHandler<CourtQuery, IReadOnlyList<Court>>
    {
        public Task<IReadOnlyList<Court>> Handle(CourtQuery request, CancellationToken cancellationToken) =>
            db.QueryAsync<Court>(
                "SELECT code, name FROM workzone_court WHERE id IN @scope ORDER BY code",
                new { scope = AdminScope.Courts(actor) },
                cancellationToken
            );
    }

    [Permit("workzone.people.manage")]
    internal sealed record Query : IQuery<Input>
    {
        public long Id { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<Query, Input>
    {
        public async Task<Input> Handle(Query request, CancellationToken cancellationToken)
        {
            var row =
                await db.FirstAsync<Row>(
                    "SELECT p.version, p.login, p.name, p.court_id, t.code AS court, p.division, p.team, p.post, p.state, CASE WHEN p.id_number_enc "
                        + "IS NULL THEN 0 ELSE 1 END AS has_id_number FROM workzone_person p JOIN workzone_court t ON t.id = p.court_id WHERE p.id = @Id",
                    new { request.Id },
                    cancellationToken
                ) ?? throw new NotFound("人员", request.Id);
            if (!AdminScope.Covers(actor, row.CourtId))
                throw new NotFound("人员", request.Id);
            var roles = await db.QueryAsync<RoleRow>(
                "SELECT role, centre FROM workzone_role_grant WHERE person_id = @Id AND court_id = @CourtId",
                new { request.Id, row.CourtId },
                cancellationToken
            );
            return new Input
            {
                Version = row.Version,
                Login = row.Login,
                Name = row.Name,
                Court = row.Court,
                Division = row.Division,
                Team = row.Team,
                Post = row.Post,
                HasIdNumber = row.HasIdNumber,
                Active = row.State == "active",
                RoleCodes = [.. roles.Select(r => r.Centre.Length == 0 ? r.Role : $"{r.Role}:{r.Centre}")],
            };
        }

        private sealed record Row
        {
            public int Version { get; init; }
            public string Login { get; init; } = "";
            public string Name { get; init; } = "";
            public string Court { get; init; } = "";
            public string Division { get; init; } = "";
            public string Team { get; init; } = "";
            public string Post { get; init; } = "";
            public long CourtId { get; init; }
            public string State { get; init; } = "";
            public bool HasIdNumber { get; init; }
        }

        private sealed record RoleRow
        {
            public string Role { get; init; } = "";
            public string Centre { get; init; } = "";
        }
    }
}
