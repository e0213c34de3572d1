using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Notices;
using MediatR;

namespace CourtOps.Workzone.People;

/// <summary>An absence, with a deputy if wanted: from its first day the deputy sees and does what is the absent person's, until its last.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.absence.save")]
internal sealed record SaveAbsence : ICommand<long>
{
    /// <summary>Null: the person's own.</summary>
    public string? Login { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }

    /// <summary>Login; blank for none.</summary>
    public string? Deputy { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, AuditTrail audit, PersonCache cache, Notifier notifier)
        : ICommandHandler<SaveAbsence, long>
    {
        public async Task<long> Handle(SaveAbsence request, CancellationToken cancellationToken)
        {
            var person = await PersonAsync(request, cancellationToken);
            var now = clock.GetUtcNow();
            var today = Times.Day(now);
            if (request.From is not { } from || request.Until is not { } until)
                throw new RuleBroken("请填写起止日期。", "From");
            if (until < from)
                throw new RuleBroken("结束日期早于开始日期。", "Until");
            if (until < today)
                throw new RuleBroken("这段请假已经过去。", "Until");
            if (until.DayNumber - from.DayNumber > 366)
                throw new RuleBroken("一次请假最长 366 天。", "Until");
            if (request.Reason.Length > 200)
                throw new RuleBroken("事由最长 200 个字符。", "Reason");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_absence WHERE person_id = @person AND cancelled_at IS NULL AND until_on >= @from AND from_on <= @until",
                    new
                    {
                        person = person.Id,
                        from,
                        until,
                    },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("这段时间已经登记过请假。", "From", "overlap");
            long? deputy = string.IsNullOrWhiteSpace(request.Deputy) ? null : await DeputyAsync(person, request.Deputy.Trim(), from, until, cancellationToken);
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_absence WHERE deputy_id = @person AND cancelled_at IS NULL AND until_on >= @from AND from_on <= @until",
                    new
                    {
                        person = person.Id,
                        from,
                        until,
                    },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("您在这段时间是别人的代理人。请先请对方换一位代理人：代理不能再代理。", "From", "deputy-of-deputy");
            var id = ids.Next();
            var active = from <= today;
            // whoever names their own deputy opens sealed cases to them; a deputy named by another waits for a second person
            var own = person.Id == actor.Id;
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_absence (id, person_id, deputy_id, from_on, until_on, reason, active, closed_too, created_by, created_at, version)
                VALUES (@id, @person, @deputy, @from, @until, @Reason, @active, @own, @by, @now, 1)
                """,
                new
                {
                    id,
                    person = person.Id,
                    deputy,
                    from,
                    until,
                    request.Reason,
                    active,
                    own,
                    by = actor.Id,
                    now,
                },
                cancellationToken
            );
            audit.Note(
                "absence",
                id,
                new
                {
                    person = person.Id,
                    deputy,
                    from,
                    until,
                    closedToo = own,
                }
            );
            if (!own && deputy is { } named)
                await notifier.AddAsync(
                    person.Id,
                    NoticeKinds.DeputyNamed,
                    $"{NoticeKinds.DeputyNamed}:{id}:{named}",
                    new
                    {
                        by = actor.Name,
                        deputy = await NameAsync(named, cancellationToken),
                        from = Times.Iso(from),
                        until = Times.Iso(until),
                    },
                    ct: cancellationToken
                );
            if (deputy is { } d)
                db.OnCommitted(() => cache.Drop(d));
            return id;
        }

        private Task<string?> NameAsync(long id, CancellationToken ct) =>
            db.FirstAsync<string>("SELECT name FROM workzone_person WHERE id = @id", new { id }, ct);

        // a leader names a deputy for everybody of the court; a lead for what is done in their centre alone, since they see no more of it
        private async Task DemandOwnCentreAsync(Person person, long deputy, CancellationToken ct)
        {
            if (person.Id == actor.Id || actor.IsSystem || actor.Holds(Roles.Leader, person.CourtId))
                return;
            var led = Centres.Labels.Keys.Where(c => actor.Holds($"{Roles.Lead}:{c}", person.CourtId)).ToList();
            var shared = await db.QueryAsync<Shared>(
                """
                SELECT a.centre, a.court_id FROM workzone_role_grant a
                JOIN workzone_role_grant b ON b.role = a.role AND b.centre = a.centre AND b.court_id = a.court_id AND b.person_id = @deputy
                WHERE a.person_id = @person
                """,
                new { person = person.Id, deputy },
                ct
            );
            if (shared.Any(s => s.CourtId != person.CourtId || !led.Contains(s.Centre)))
                throw new RuleBroken("中心组长只能为本中心的工作指定代理人。此人与代理人还有其他共同的角色，请由本人或院领导指定。", "Deputy");
        }

        private async Task<Person> PersonAsync(SaveAbsence request, CancellationToken ct)
        {
            const string select = "SELECT id, court_id, login FROM workzone_person WHERE state = 'active' AND login = @login";
            var login = string.IsNullOrWhiteSpace(request.Login) ? actor.Login : request.Login.Trim();
            var person = await db.FirstAsync<Person>(select, new { login }, ct);
            if (
                person is null
                || (person.Id != actor.Id && !(actor.Can("workzone.absences.manage") && (actor.IsSystem || actor.Courts.Contains(person.CourtId))))
            )
                throw new RuleBroken($"没有登录名为 {login} 的人员，或不归您登记。", "Login");
            return person;
        }

        private async Task<long> DeputyAsync(Person person, string login, DateOnly from, DateOnly until, CancellationToken ct)
        {
            var deputy = await db.FirstAsync<Person>(
                "SELECT id, court_id, login FROM workzone_person WHERE state = 'active' AND login = @login",
                new { login },
                ct
            );
            if (deputy?.Id == person.Id)
                throw new RuleBroken("代理人不能是本人。", "Deputy");
            // whoever is of another court is like nobody
            if (
                deputy is null
                || await db.ScalarAsync<int>(
                    """
                    SELECT COUNT(*) FROM workzone_role_grant a
                    JOIN workzone_role_grant b ON b.role = a.role AND b.centre = a.centre AND b.court_id = a.court_id AND b.person_id = @deputy
                    WHERE a.person_id = @person AND a.role NOT IN ('sysadmin', 'secadmin', 'auditor') AND (b.until_at IS NULL OR b.until_at > @now)
                    """,
                    new
                    {
                        person = person.Id,
                        deputy = deputy.Id,
                        now = clock.GetUtcNow(),
                    },
                    ct
                ) == 0
            )
                throw new RuleBroken("代理人须在同一法院有同样的角色。", "Deputy");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_absence WHERE person_id = @deputy AND cancelled_at IS NULL AND until_on >= @from AND from_on <= @until",
                    new
                    {
                        deputy = deputy.Id,
                        from,
                        until,
                    },
                    ct
                ) > 0
            )
                throw new RuleBroken("这位代理人在这段时间自己也请假：代理不能再代理，请另选一位。", "Deputy", "deputy-of-deputy");
            await DemandOwnCentreAsync(person, deputy.Id, ct);
            return deputy.Id;
        }
    }

    private sealed record Shared
    {
        public string Centre { get; init; } = "";
        public long CourtId { get; init; }
    }

    private sealed record Person
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public string Login { get; init; } = "";
    }
}

/// <summary>Back early, or not away after all.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.absence.cancel")]
internal sealed record CancelAbsence : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit, PersonCache cache) : CommandHandler<CancelAbsence>
    {
        protected override async Task RunAsync(CancelAbsence command, CancellationToken ct)
        {
            var row = await db.FirstAsync<Row>(
                "SELECT a.person_id, a.deputy_id, p.court_id FROM workzone_absence a JOIN workzone_person p ON p.id = a.person_id WHERE a.id = @Id "
                    + "AND a.cancelled_at IS NULL",
                new { command.Id },
                ct
            );
            if (row is null || (row.PersonId != actor.Id && !(actor.Can("workzone.absences.manage") && actor.Courts.Contains(row.CourtId))))
                throw new NotFound("请假", command.Id);
            await db.ExecuteAsync(
                "UPDATE workzone_absence SET active = 0, cancelled_at = @now, version = version + 1 WHERE id = @Id",
                new { command.Id, now = clock.GetUtcNow() },
                ct
            );
            audit.Note("absence", command.Id);
            if (row.DeputyId is { } d)
                db.OnCommitted(() => cache.Drop(d));
        }

        private sealed record Row
        {
            public long PersonId { get; init; }
            public long? DeputyId { get; init; }
            public long CourtId { get; init; }
        }
    }
}

/// <summary>
/// Opens sealed cases to a deputy whom somebody else named for the absent person: by the absent person, or by a leader of the court who did not name them.
/// </summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.absence.confirm-deputy")]
internal sealed record ConfirmDeputy : ICommand
{
    public long Id { get; init; }

    internal static bool May(Actor actor, long personId, long deputyId, long createdBy, long courtId) =>
        actor.Id == personId || (actor.Id != createdBy && actor.Id != deputyId && actor.Holds(Roles.Leader, courtId));

    internal sealed class Handler(Db db, Actor actor, AuditTrail audit, PersonCache cache) : CommandHandler<ConfirmDeputy>
    {
        protected override async Task RunAsync(ConfirmDeputy command, CancellationToken ct)
        {
            var row = await db.FirstAsync<Row>(
                "SELECT a.person_id, a.deputy_id, a.created_by, p.court_id FROM workzone_absence a JOIN workzone_person p ON p.id = a.person_id WHERE "
                    + "a.id = @Id AND a.cancelled_at IS NULL AND a.closed_too = 0",
                new { command.Id },
                ct
            );
            if (row?.DeputyId is not { } deputy || !May(actor, row.PersonId, deputy, row.CreatedBy, row.CourtId))
                throw new NotFound("请假", command.Id);
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_absence SET closed_too = 1, confirmed_by = @Name, version = version + 1 WHERE id = @Id AND deputy_id = @deputy "
                        + "AND closed_too = 0",
                    new
                    {
                        command.Id,
                        deputy,
                        actor.Name,
                    },
                    ct
                ) == 0
            )
                throw new Conflict("这项请假刚被他人修改，请核对后再确认。");
            audit.Note("absence", command.Id, new { closedToo = true, deputy });
            db.OnCommitted(() => cache.Drop(deputy));
        }
    }

    private sealed record Row
    {
        public long PersonId { get; init; }
        public long? DeputyId { get; init; }
        public long CreatedBy { get; init; }
        public long CourtId { get; init; }
    }
}

/// <summary>Absences that are or will be: one's own, those one is deputy for, and for whoever manages them the court's.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed record ListAbsences : IQuery<IReadOnlyList<ListAbsences.Row>>
{
    internal sealed record Row
    {
        public long Id { get; init; }
        public long PersonId { get; init; }
        public string Name { get; init; } = "";
        public string? DeputyName { get; init; }
        public long? DeputyId { get; init; }
        public DateOnly FromOn { get; init; }
        public DateOnly UntilOn { get; init; }
        public string Reason { get; init; } = "";
        public bool Active { get; init; }

        /// <summary>The deputy stands in for sealed cases too.</summary>
        public bool ClosedToo { get; init; }
        public long CourtId { get; init; }
        public long CreatedBy { get; init; }

        /// <summary>Whether this person may open sealed cases to the deputy.</summary>
        public bool MayConfirm(Actor actor) => DeputyId is { } deputy && !ClosedToo && ConfirmDeputy.May(actor, PersonId, deputy, CreatedBy, CourtId);
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock) : IQueryHandler<ListAbsences, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> Handle(ListAbsences request, CancellationToken cancellationToken) =>
            db.PageAsync<Row>(
                """
                SELECT a.id, a.person_id, p.name, a.deputy_id, d.name AS deputy_name, a.from_on, a.until_on, a.reason, a.active, a.closed_too, a.created_by,
                    p.court_id
                FROM workzone_absence a
                JOIN workzone_person p ON p.id = a.person_id
                LEFT JOIN workzone_person d ON d.id = a.deputy_id
                WHERE a.cancelled_at IS NULL AND a.until_on >= @today AND
                """
                    + (actor.Can("workzone.absences.manage") ? " p.court_id IN @courts" : " (a.person_id = @me OR a.deputy_id = @me)")
                    + " ORDER BY a.from_on, a.id",
                new
                {
                    today = Times.Day(clock.GetUtcNow()),
                    courts = actor.Courts,
                    me = actor.Id,
                },
                200,
                cancellationToken
            );
    }
}

/// <summary>Begins and ends absences by the date in the court's zone.</summary>
internal sealed class TurnAbsences(IMediator mediator) : IJobHandler
{
    public Task RunAsync(CancellationToken ct) => mediator.Send(new TurnAbsencesNow(), ct);
}

[Permit(PermitAttribute.System)]
internal sealed record TurnAbsencesNow : ICommand
{
    internal sealed class Handler(Db db, TimeProvider clock, PersonCache cache) : CommandHandler<TurnAbsencesNow>
    {
        protected override async Task RunAsync(TurnAbsencesNow command, CancellationToken ct)
        {
            var today = Times.Day(clock.GetUtcNow());
            var changed =
                await db.ExecuteAsync(
                    "UPDATE workzone_absence SET active = 1 WHERE active = 0 AND cancelled_at IS NULL AND from_on <= @today AND until_on >= @today",
                    new { today },
                    ct
                ) + await db.ExecuteAsync("UPDATE workzone_absence SET active = 0 WHERE active = 1 AND until_on < @today", new { today }, ct);
            if (changed > 0)
                db.OnCommitted(cache.DropAll);
        }
    }
}
