using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Queues;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>Saved views: a name for a queue's address, for oneself, the centre or the court.</summary>
[Permit("workzone.orders.read")]
internal sealed class Views(IMediator mediator, Texts texts, Actor actor) : PageModel, IReload
{
    [BindProperty]
    public Command Data { get; set; } = new();

    public IReadOnlyList<ShowQueue.SavedView> Own { get; private set; } = [];

    public bool Fragment => this.IsFragment();

    public bool MayShareCourt => actor.CourtWide;

    public IReadOnlyList<string> Led => [.. actor.Roles.Where(r => r.StartsWith("lead:", StringComparison.Ordinal)).Select(r => r[5..])];

    public Task OnGetAsync([FromQuery] string? q)
    {
        Data = new Command { Query = QueueUrl.Clean(q ?? "") };
        return ReloadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(Data);
        return this.Done("/orders?" + QueueUrl.Clean(Data.Query), texts["视图已保存"]);
    }

    public async Task<IActionResult> OnPostDeleteAsync([FromForm] long id)
    {
        await mediator.Send(new Delete { Id = id });
        return this.Done("/orders", texts["视图已删除"]);
    }

    public async Task ReloadAsync() => Own = await mediator.Send(new Query());

    [Permit("workzone.orders.read")]
    internal sealed record Query : IQuery<IReadOnlyList<ShowQueue.SavedView>>;

    [Permit("workzone.orders.read")]
    [Audited("workzone.view.save")]
    internal sealed record Command : ICommand
    {
        public string Name { get; init; } = "";
        public string Query { get; init; } = "";

        /// <summary>own, court, or a centre the person leads.</summary>
        public string Shared { get; init; } = "own";
    }

    [Permit("workzone.orders.read")]
    [Audited("workzone.view.delete")]
    internal sealed record Delete : ICommand
    {
        public long Id { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Name).NotEmpty().WithMessage("请给视图起个名字。").MaximumLength(40).WithMessage("名字最长 40 个字。");
            RuleFor(c => c.Query).MaximumLength(1000).WithMessage("条件太长。");
        }
    }

    internal sealed class Reading(Db db, Actor actor) : IQueryHandler<Query, IReadOnlyList<ShowQueue.SavedView>>
    {
        public Task<IReadOnlyList<ShowQueue.SavedView>> Handle(Query request, CancellationToken cancellationToken) =>
            db.QueryAsync<ShowQueue.SavedView>(
                "SELECT v.id, v.owner_id, v.name, v.query, v.shared FROM workzone_view v WHERE v.owner_id = @Id ORDER BY v.name",
                new { actor.Id },
                cancellationToken
            );
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, AuditTrail audit, QueueCountCache cache) : CommandHandler<Command>
    {
        protected override async Task RunAsync(Command command, CancellationToken ct)
        {
            var centre = Centres.Labels.ContainsKey(command.Shared) ? command.Shared : "";
            if (
                (command.Shared == "court" && !actor.CourtWide)
                || (centre.Length > 0 && !actor.Roles.Contains(Roles.Lead + ":" + centre))
                || (centre.Length == 0 && command.Shared is not ("own" or "court"))
            )
                throw new Forbidden("workzone.orders.share", "只有组长可以共享给中心、院领导可以共享给全院。");
            var args = new
            {
                id = ids.Next(),
                me = actor.Id,
                name = command.Name.Trim(),
                query = QueueUrl.Clean(command.Query),
                shared = centre.Length > 0 ? "centre" : command.Shared,
                actor.CourtId,
                centre,
                now = clock.GetUtcNow(),
            };
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_view SET query = @query, shared = @shared, centre = @centre, version = version + 1 WHERE owner_id = @me AND name = @name",
                    args,
                    ct
                ) == 0
            )
            {
                if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_view WHERE owner_id = @me", args, ct) >= 30)
                    throw new RuleBroken("最多保存 30 个视图，请先删除不用的。", "Name");
                if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_person WHERE id = @me", args, ct) == 0)
                    throw new Forbidden("workzone.orders.view", "只有登录的人员可以保存视图。");
                await db.ExecuteAsync(
                    "INSERT INTO workzone_view (id, owner_id, name, query, shared, court_id, centre, created_at, version) VALUES (@id, @me, @name, "
                        + "@query, @shared, @CourtId, @centre, @now, 1)",
                    args,
                    ct
                );
            }
            audit.Note(
                "view",
                args.name,
                new
                {
                    args.query,
                    args.shared,
                    args.centre,
                }
            );
            db.OnCommitted(cache.Drop);
        }
    }

    internal sealed class Deleting(Db db, Actor actor, AuditTrail audit, QueueCountCache cache) : CommandHandler<Delete>
    {
        protected override async Task RunAsync(Delete command, CancellationToken ct)
        {
            if (await db.ExecuteAsync("DELETE FROM workzone_view WHERE id = @Id AND owner_id = @me", new { command.Id, me = actor.Id }, ct) == 0)
                throw new NotFound("视图", command.Id);
            audit.Note("view", command.Id, new { deleted = true });
            db.OnCommitted(cache.Drop);
        }
    }
}
