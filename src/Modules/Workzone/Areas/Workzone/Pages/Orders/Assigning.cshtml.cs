using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Dispatching;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>How a centre's orders find their people: the setting with its default and source, the skills, the dry run over what was decided.</summary>
[Permit("workzone.orders.dispatch")]
internal sealed class Assigning(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? Centre { get; set; }

    /// <summary>The strategy tried on past decisions.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Try { get; set; }

    public Result Data { get; private set; } = null!;

    public static IReadOnlyDictionary<string, string> Strategies { get; } =
        new Dictionary<string, string>
        {
            [DispatchStrategy.Manual] = "人工派单",
            [DispatchStrategy.LeastLoaded] = "在办最少者优先",
            [DispatchStrategy.RoundRobin] = "轮流派单",
            [DispatchStrategy.RobotFirst] = "数字化劳动力优先",
        };

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Data = await mediator.Send(new Query { Centre = Centre, Try = Try });

    public async Task<IActionResult> OnPostAsync([FromForm] string? strategy, [FromForm] int version)
    {
        await mediator.Send(
            new SaveDispatch
            {
                Centre = Centre ?? "",
                Strategy = strategy ?? "",
                Version = version,
            }
        );
        return this.Done($"/orders/dispatch?centre={Centre}", t["派单方式已保存"]);
    }

    public async Task<IActionResult> OnPostSkillsAsync([FromForm] long person, [FromForm] string? skills)
    {
        await mediator.Send(
            new SaveSkills
            {
                Centre = Centre ?? "",
                PersonId = person,
                Skills = skills ?? "",
            }
        );
        return this.Done($"/orders/dispatch?centre={Centre}", t["技能已保存"]);
    }

    [Permit("workzone.orders.dispatch")]
    internal sealed record Query : IQuery<Result>
    {
        public string? Centre { get; init; }
        public string? Try { get; init; }
    }

    internal sealed record Result(
        string Centre,
        IReadOnlyList<string> Centres,
        Setting Setting,
        string Try,
        IReadOnlyList<Row> Dry,
        IReadOnlyList<Person> People
    );

    internal sealed record Setting
    {
        public string Strategy { get; init; } = DispatchStrategy.Manual;
        public string ChangedBy { get; init; } = "";
        public DateTimeOffset? ChangedAt { get; init; }
        public int Version { get; init; }
    }

    internal sealed record Row(long OrderId, string Number, string Was, string Would);

    internal sealed record Person
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Skills { get; init; } = "";
    }

    private sealed record Past
    {
        public long OrderId { get; init; }
        public string Input { get; init; } = "";
        public string Outcome { get; init; } = "";
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var centres = CourtOps.Workzone.Centres.Labels.Keys.Where(c => actor.Holds(Roles.Lead + ":" + c, actor.CourtId)).ToList();
            if (centres.Count == 0)
                throw new NotFound("中心");
            var centre = centres.Contains(request.Centre ?? "") ? request.Centre! : centres[0];
            var args = new
            {
                actor.CourtId,
                centre,
                me = actor.Id,
            };
            var setting =
                await db.FirstAsync<Setting>(
                    "SELECT strategy, changed_by, changed_at, version FROM workzone_dispatch WHERE court_id = @CourtId AND centre = @centre",
                    args,
                    cancellationToken
                ) ?? new Setting();
            var tried =
                DispatchStrategy.All.Contains(request.Try) ? request.Try!
                : setting.Strategy == DispatchStrategy.Manual ? DispatchStrategy.LeastLoaded
                : setting.Strategy;
            var past = await db.PageAsync<Past>(
                """
                SELECT x.order_id, d.input, d.outcome FROM workzone_dispatched x
                JOIN kernel_decision d ON d.case_id = x.case_id AND d.name = 'workzone.dispatch'
                WHERE x.court_id = @CourtId AND x.centre = @centre
                  AND NOT EXISTS (SELECT 1 FROM workzone_recusal r WHERE r.case_id = x.case_id AND r.person_id = @me AND r.ended_at IS NULL)
                ORDER BY x.id DESC
                """,
                args,
                200,
                cancellationToken
            );
            var dry = past.Select(p => (Row: new Dispatcher.Decided { Input = p.Input, Outcome = p.Outcome }, p.OrderId))
                .Select(p => (Input: p.Row.Read(), Was: p.Row.Choice(), p.OrderId))
                .Where(p => p.Input.OrderId == p.OrderId && !p.Input.Sealed)
                .Take(50)
                .Select(p => new Row(p.OrderId, p.Input.OrderNumber, p.Was.Name, Dispatch.Choose(p.Input with { Strategy = tried }).Name))
                .ToList();
            var people = await db.QueryAsync<Person>(
                """
                SELECT p.id, p.name, COALESCE((SELECT STRING_AGG(s.skill, ' ') FROM workzone_centre_skill s WHERE s.person_id = p.id AND s.court_id = @CourtId
                    AND s.centre = @centre), '') AS skills FROM workzone_person p
                WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @centre AND r.court_id =
                    @CourtId AND r.role IN ('clerk', 'robot'))
                ORDER BY p.name, p.id
                """,
                args,
                cancellationToken
            );
            return new Result(centre, centres, setting, tried, dry, people.ByName(p => p.Name));
        }
    }
}
