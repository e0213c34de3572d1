using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.TrialSupport.Planning;

/// <summary>Begins a plan: all open cases the person may see that have no hearing to come, each with one hearing in the days given.</summary>
[Permit("trial.schedule")]
[Audited("trial.plan.begin")]
internal sealed record BeginPlan : ICommand<long>
{
    /// <summary>Cases of one plan at most.</summary>
    public const int Most = 150;

    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public int? Minutes { get; init; } = 90;
    public int? Seconds { get; init; } = 60;

    /// <summary>Writes in each hearing; null: settled later.</summary>
    public long? ClerkId { get; init; }

    /// <summary>Seats and equipment each room must have.</summary>
    public int Size { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];

    internal sealed class Validator : AbstractValidator<BeginPlan>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.From)
                .Must(d => d is { } day && day > Times.Day(clock.GetUtcNow()) && day < Times.Day(clock.GetUtcNow()).AddDays(180))
                .WithMessage("请填写开始日期，从明天起半年之内。");
            RuleFor(c => c.Until)
                .Must((c, d) => d is { } day && c.From is { } from && day >= from && day.DayNumber - from.DayNumber <= 62)
                .WithMessage("结束日期在开始日期之后，最长两个月。");
            RuleFor(c => c.Minutes)
                .NotNull()
                .WithMessage("请填写时长。")
                .InclusiveBetween(15, 210)
                .WithMessage("时长应在 15 到 210 分钟之间；更长的分成几次。");
            RuleFor(c => c.Size).InclusiveBetween(0, 2000).WithMessage("座位数应在 0 到 2000 之间。");
            RuleForEach(c => c.Features).Must(Hearings.Room.Kinds.ContainsKey).WithMessage("没有这种设备。");
            RuleFor(c => c.Seconds).NotNull().WithMessage("请填写改进的时间。").InclusiveBetween(5, 1800).WithMessage("改进的时间从 5 秒到 1800 秒。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, IPeople people, PlanGathering gathering, WorkQueue work, AuditTrail audit)
        : ICommandHandler<BeginPlan, long>
    {
        public async Task<long> Handle(BeginPlan c, CancellationToken cancellationToken)
        {
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_plan WHERE person_id = @me AND state = 'running'",
                    new { me = actor.Id },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("您还有一个方案正在计算，先停止或者等它算完。", "From", "running");
            var (from, until, minutes) = (c.From!.Value, c.Until!.Value, c.Minutes!.Value);
            var clerks = c.ClerkId is null ? [] : await people.WithRolesAsync(actor.CourtId, PlanClerks.Roles, cancellationToken);
            if (c.ClerkId is { } clerk && clerks.All(p => p.Id != clerk))
                throw new RuleBroken("书记员须是本院人员。", "ClerkId");
            var features = c.Features.Distinct().ToList();
            var wish = new Hearings.Wish
            {
                Minutes = minutes,
                From = from,
                Until = until,
                ClerkId = c.ClerkId,
                Size = c.Size,
                Features = features,
            };
            var (input, rows, leftOut) = await gathering.GatherAsync(wish, Most, cancellationToken);
            if (rows.Count == 0)
                throw new RuleBroken("没有等待排期的案件：您能办理的在办案件都已排期。", "From", "nothing");
            var (id, now) = (ids.Next(), clock.StoredNow());
            await db.ExecuteAsync(
                """
                INSERT INTO trial_plan (id, court_id, person_id, person_name, from_on, until_on, minutes, seconds, used_ms, turns, state, input, cases, placed,
                    bound, spread, first_placed, first_spread, made_at, version, clerk_id, size, features, left_out)
                VALUES (@id, @court, @me, @name, @from, @until, @minutes, @Seconds, 0, 0, 'running', @input, @count, 0, 0, 0, 0, 0, @now, 1,
                    @ClerkId, @Size, @features, @leftOut)
                """,
                new
                {
                    id,
                    court = actor.CourtId,
                    me = actor.Id,
                    name = actor.Name,
                    from,
                    until,
                    minutes,
                    c.Seconds,
                    input = JsonSerializer.Serialize(input, Json.Stored),
                    count = rows.Count,
                    now,
                    c.ClerkId,
                    c.Size,
                    features = string.Join(' ', features),
                    leftOut,
                },
                cancellationToken
            );
            await db.ExecuteManyAsync(
                "INSERT INTO trial_plan_row (plan_id, case_id, case_number, cause, judge_name, why, why_said, assessors) "
                    + "VALUES (@id, @CaseId, @CaseNumber, @Cause, @JudgeName, @Why, @WhySaid, @Assessors)",
                [
                    .. rows.Select(r =>
                        (object)
                            new
                            {
                                id,
                                r.CaseId,
                                r.CaseNumber,
                                r.Cause,
                                r.JudgeName,
                                r.Why,
                                r.WhySaid,
                                r.Assessors,
                            }
                    ),
                ],
                cancellationToken
            );
            await work.AddAsync(MonthPlanWork.Name, $"{id}:0", new MonthPlanWork.Payload { PlanId = id }, ct: cancellationToken);
            audit.Note(
                "hearing-plan",
                id,
                new
                {
                    from,
                    until,
                    cases = rows.Count,
                }
            );
            return id;
        }
    }
}

/// <summary>Stops a plan: what it found best stays, to be taken or thrown away.</summary>
[Permit("trial.schedule")]
[Audited("trial.plan.stop")]
internal sealed record StopPlan : ICommand<MonthPlan>
{
    public long Id { get; init; }

    /// <summary>False: stops only. True: throws the result away.</summary>
    public bool Drop { get; init; }

    internal sealed class Validator : AbstractValidator<StopPlan>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明排期方案。");
    }

    internal sealed class Handler(Db db, TimeProvider clock, PlanBook book, AuditTrail audit) : ICommandHandler<StopPlan, MonthPlan>
    {
        public async Task<MonthPlan> Handle(StopPlan c, CancellationToken cancellationToken)
        {
            var plan = await book.GetAsync(c.Id, null, cancellationToken);
            await MonthPlan.Table.MoveAsync(
                db,
                c.Drop ? "drop" : "stop",
                plan.State,
                new
                {
                    plan.Id,
                    plan.Version,
                    now = clock.StoredNow(),
                },
                "ended_at = @now",
                cancellationToken
            );
            audit.Note("hearing-plan", plan.Id, new { c.Drop, plan.Placed });
            return await book.GetAsync(plan.Id, null, cancellationToken);
        }
    }
}

/// <summary>The plan is the one that is used; its hearings are booked one by one afterwards.</summary>
[Permit("trial.schedule")]
[Audited("trial.plan.take")]
internal sealed record TakePlan : ICommand<MonthPlan>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<TakePlan>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明排期方案。");
    }

    internal sealed class Handler(Db db, PlanBook book, TimeProvider clock, AuditTrail audit) : ICommandHandler<TakePlan, MonthPlan>
    {
        public async Task<MonthPlan> Handle(TakePlan c, CancellationToken cancellationToken)
        {
            var plan = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if (plan.State != "taken")
                await MonthPlan.Table.MoveAsync(
                    db,
                    "take",
                    plan.State,
                    new
                    {
                        plan.Id,
                        plan.Version,
                        now = clock.StoredNow(),
                    },
                    "ended_at = @now",
                    cancellationToken
                );
            audit.Note("hearing-plan", plan.Id, new { plan.Placed });
            return await book.GetAsync(plan.Id, null, cancellationToken);
        }
    }
}

/// <summary>What came of one case when its plan was taken.</summary>
[Permit("trial.schedule")]
[Audited("trial.plan.take")]
internal sealed record NotePlanned : ICommand
{
    public long PlanId { get; init; }
    public long CaseId { get; init; }
    public long? HearingId { get; init; }
    public string Outcome { get; init; } = "";

    internal sealed class Validator : AbstractValidator<NotePlanned>
    {
        public Validator() => RuleFor(c => c.Outcome).MaximumLength(400).WithMessage("最长 400 个字符。");
    }

    internal sealed class Handler(Db db, PlanBook book, AuditTrail audit) : CommandHandler<NotePlanned>
    {
        protected override async Task RunAsync(NotePlanned c, CancellationToken ct)
        {
            var plan = await book.GetAsync(c.PlanId, null, ct);
            await db.ExecuteAsync(
                "UPDATE trial_plan_row SET outcome = @Outcome, hearing_id = @HearingId WHERE plan_id = @Id AND case_id = @CaseId",
                new
                {
                    plan.Id,
                    c.CaseId,
                    c.Outcome,
                    c.HearingId,
                },
                ct
            );
            audit.Note("hearing-plan", plan.Id, new { hearing = c.HearingId }, c.CaseId);
        }
    }
}

/// <summary>A plan with its rows; the person's own.</summary>
[Permit("trial.schedule")]
internal sealed record ShowPlan : IQuery<ShowPlan.Result>
{
    public long Id { get; init; }

    internal sealed record Result(MonthPlan Plan, IReadOnlyList<PlanRow> Rows);

    internal sealed class Handler(PlanBook book, AccessLog reads) : IQueryHandler<ShowPlan, Result>
    {
        public async Task<Result> Handle(ShowPlan request, CancellationToken cancellationToken)
        {
            var plan = await book.GetAsync(request.Id, null, cancellationToken);
            var rows = await book.RowsAsync(plan.Id, cancellationToken);
            reads.List("trial.plan.show", rows.Count, new { plan.Id });
            return new Result(plan, rows);
        }
    }
}

/// <summary>Who of the court acted in may write in the hearings of a plan.</summary>
[Permit("trial.schedule")]
internal sealed record PlanClerks : IQuery<IReadOnlyList<PersonCard>>
{
    internal static readonly string[] Roles = ["clerk", "assistant", "clerk:trial"];

    internal sealed class Handler(Actor actor, IPeople people) : IQueryHandler<PlanClerks, IReadOnlyList<PersonCard>>
    {
        public Task<IReadOnlyList<PersonCard>> Handle(PlanClerks request, CancellationToken cancellationToken) =>
            people.WithRolesAsync(actor.CourtId, Roles, cancellationToken);
    }
}

/// <summary>The person's plans, the newest first.</summary>
[Permit("trial.schedule")]
internal sealed record ListPlans : IQuery<IReadOnlyList<MonthPlan>>
{
    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListPlans, IReadOnlyList<MonthPlan>>
    {
        public Task<IReadOnlyList<MonthPlan>> Handle(ListPlans request, CancellationToken cancellationToken) =>
            db.PageAsync<MonthPlan>(MonthPlan.Columns + " WHERE p.person_id = @me ORDER BY p.id DESC", new { me = actor.Id }, 50, cancellationToken);
    }
}
