using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.People;

/// <summary>What a person has in hand, and who could take it.</summary>
[Permit("workzone.people.manage")]
internal sealed record ShowHandover : IQuery<ShowHandover.Result>
{
    public long PersonId { get; init; }

    internal sealed record Result(
        string Login,
        string Name,
        string CourtName,
        string State,
        IReadOnlyList<OrderRow> InHand,
        IReadOnlyList<OrderRow> Asked,
        int Cases,
        IReadOnlyList<Kind> More,
        IReadOnlyList<Heir> Heirs
    );

    /// <summary>What a centre registered, and how much there is of it.</summary>
    internal sealed record Kind(IOpenWork Work, int Count);

    /// <summary>Numbers and types only: who runs the system sees no case.</summary>
    internal sealed record OrderRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string OrderType { get; init; } = "";
        public string Centre { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset? DueAt { get; init; }
    }

    internal sealed record Heir
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public string RoleCodes { get; init; } = "";
    }

    internal sealed class Handler(Db db, Actor actor, OpenWork work) : IQueryHandler<ShowHandover, Result>
    {
        public async Task<Result> Handle(ShowHandover request, CancellationToken cancellationToken)
        {
            await AdminScope.PersonAsync(db, actor, request.PersonId, cancellationToken);
            var person =
                await db.FirstAsync<Row>(
                    "SELECT p.login, p.name, p.court_id, t.name AS court_name, p.state FROM workzone_person p JOIN workzone_court t ON t.id = "
                        + "p.court_id WHERE p.id = @PersonId",
                    new { request.PersonId },
                    cancellationToken
                ) ?? throw new NotFound("人员", request.PersonId);
            var more = new List<Kind>();
            foreach (var kind in work.Kinds.Where(k => k is not (OrdersInHand or OrdersAsked or CasesOfJudge)))
                if (await kind.CountAsync(request.PersonId, cancellationToken) is > 0 and var count)
                    more.Add(new Kind(kind, count));
            const string columns = "SELECT o.id, o.number, o.order_type, o.centre, o.state, o.due_at FROM workzone_order o WHERE ";
            return new Result(
                person.Login,
                person.Name,
                person.CourtName,
                person.State,
                await db.PageAsync<OrderRow>(
                    columns + "o.assignee_id = @PersonId AND o.is_open = 1 ORDER BY o.due_at",
                    new { request.PersonId },
                    2000,
                    cancellationToken
                ),
                await db.PageAsync<OrderRow>(
                    columns + "o.asked_by = @PersonId AND o.is_open = 1 ORDER BY o.due_at",
                    new { request.PersonId },
                    2000,
                    cancellationToken
                ),
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_case WHERE judge_id = @PersonId AND state = 'open'",
                    new { request.PersonId },
                    cancellationToken
                ),
                more,
                (
                    await db.PageAsync<Heir>(
                        """
                        SELECT p.id, p.login, p.name, (SELECT STRING_AGG(CONCAT(r.role, CASE WHEN r.centre = '' THEN '' ELSE CONCAT(':', r.centre) END), ' ')
                            FROM workzone_role_grant r WHERE r.person_id = p.id AND r.court_id = @CourtId) AS role_codes
                        FROM workzone_person p
                        WHERE p.state = 'active' AND p.id <> @PersonId
                          AND EXISTS (SELECT 1 FROM workzone_role_grant g WHERE g.person_id = p.id AND g.court_id = @CourtId AND g.role IN ('judge',
                              'assistant', 'clerk', 'lead'))
                        ORDER BY p.name
                        """,
                        new { request.PersonId, person.CourtId },
                        500,
                        cancellationToken
                    )
                ).ByName(p => p.Name)
            );
        }

        private sealed record Row
        {
            public string Login { get; init; } = "";
            public string Name { get; init; } = "";
            public long CourtId { get; init; }
            public string CourtName { get; init; } = "";
            public string State { get; init; } = "";
        }
    }
}

/// <summary>
/// Hands over everything open in one go: orders in hand, orders asked for, cases of a judge, and what the centres registered. Whoever takes it sees the
/// cases of it: that waits for a second person. What only goes back into the queues is done at once.
/// </summary>
[Permit("workzone.people.manage")]
[Audited("workzone.person.hand-over")]
internal sealed record HandOver : ICommand<HandOver.Result>
{
    public long PersonId { get; init; }

    /// <summary>Takes the orders in hand; null puts them back into the queue.</summary>
    public long? OrdersTo { get; init; }

    /// <summary>Confirms from now on what this person asked for.</summary>
    public long? AskedTo { get; init; }

    /// <summary>The judge who takes the cases.</summary>
    public long? CasesTo { get; init; }

    /// <summary>Who takes what the centres registered, by the code of <see cref="IOpenWork"/>.</summary>
    public IReadOnlyDictionary<string, long?> More { get; init; } = new Dictionary<string, long?>();
    public string Reason { get; init; } = "";

    /// <param name="Change">The request that waits for a second person; null: done.</param>
    internal sealed record Result(int Orders, int Asked, int Cases, long? Change);

    internal static string FieldOf(string code) =>
        code switch
        {
            "orders" => "OrdersTo",
            "asked" => "AskedTo",
            "cases" => "CasesTo",
            _ => $"More[{code}]",
        };

    internal sealed class Handler(Db db, Actor actor, OpenWork work, RightsBook book, AuditTrail audit) : ICommandHandler<HandOver, Result>
    {
        public async Task<Result> Handle(HandOver request, CancellationToken cancellationToken)
        {
            if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 200)
                throw new RuleBroken("请写明交接的理由，最长 200 个字符。", "Reason");
            var person = await AdminScope.PersonAsync(db, actor, request.PersonId, cancellationToken);
            var heirs = new Dictionary<string, long?>(request.More)
            {
                ["orders"] = request.OrdersTo,
                ["asked"] = request.AskedTo,
                ["cases"] = request.CasesTo,
            };
            if (actor.IsSystem || heirs.Values.All(h => h is null))
                return ResultOf(await MoveAsync(person, heirs, request.Reason.Trim(), cancellationToken), null);
            // done and undone, so that what cannot be is told to the asker and not to whoever confirms
            var noted = audit.Mark();
            IReadOnlyDictionary<string, int> would = new Dictionary<string, int>();
            try
            {
                await db.SavepointAsync(async () =>
                {
                    would = await MoveAsync(person, heirs, request.Reason.Trim(), cancellationToken);
                    throw new Undone();
                });
            }
            catch (Undone)
            {
                audit.ForgetSince(noted);
            }
            var lines = new List<HandOverBody.Line>();
            foreach (var kind in work.Kinds.Where(k => would.GetValueOrDefault(k.Code) > 0))
                lines.Add(
                    new HandOverBody.Line(
                        kind.Label,
                        would[kind.Code],
                        heirs.GetValueOrDefault(kind.Code) is { } heir
                            ? await db.FirstAsync<string>("SELECT name FROM workzone_person WHERE id = @heir", new { heir }, cancellationToken)
                            : null
                    )
                );
            var change = await book.AskAsync(
                ChangeKind.HandOver,
                person.Id,
                $"{person.Name}（{person.Login}）",
                person.CourtId,
                new HandOverBody(person.Id, heirs, lines),
                request.Reason.Trim(),
                null,
                cancellationToken
            );
            return ResultOf(would, change);
        }

        private async Task<IReadOnlyDictionary<string, int>> MoveAsync(
            PersonName person,
            IReadOnlyDictionary<string, long?> heirs,
            string reason,
            CancellationToken ct
        )
        {
            var moved = await work.MoveAsync(person.Id, person.CourtId, heirs, reason, ct);
            audit.Note("person", person.Id, new { handedOver = moved, to = heirs });
            return moved;
        }

        private static Result ResultOf(IReadOnlyDictionary<string, int> moved, long? change) =>
            new(moved.GetValueOrDefault("orders"), moved.GetValueOrDefault("asked"), moved.GetValueOrDefault("cases"), change);
    }

    private sealed class Undone : Exception;
}

/// <summary>Another judge takes a case: who sees it changes with it.</summary>
[Permit("workzone.cases.allot")]
[Audited("workzone.case.change-judge")]
internal sealed record ChangeJudge : ICommand
{
    public long CaseId { get; init; }

    /// <summary>Login of the judge.</summary>
    public string Judge { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Handler(
        Db db,
        CaseAccess access,
        TeamAccess teams,
        AuditTrail audit,
        TimeProvider clock,
        Supervision.CaseCounts counts,
        ICaseRegister register
    ) : CommandHandler<ChangeJudge>
    {
        protected override async Task RunAsync(ChangeJudge command, CancellationToken ct)
        {
            await access.DemandAsync(command.CaseId, ct);
            if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > 200)
                throw new RuleBroken("请写明改派的理由，最长 200 个字符。", "Reason");
            var judge =
                await db.FirstAsync<long?>(
                    """
                    SELECT p.id FROM workzone_person p
                    JOIN workzone_case c ON c.id = @CaseId
                    JOIN workzone_role_grant r ON r.person_id = p.id AND r.court_id = c.court_id AND r.role = 'judge' AND (r.until_at IS NULL OR r.until_at >
                        @now)
                    WHERE p.login = @login AND p.state = 'active'
                      AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = p.id AND x.ended_at IS NULL)
                    """,
                    new
                    {
                        command.CaseId,
                        login = command.Judge.Trim(),
                        now = clock.GetUtcNow(),
                    },
                    ct
                ) ?? throw new RuleBroken("此人不是本院在用的法官，或对本案须回避。", "Judge");
            var was = await db.FirstAsync<long?>("SELECT judge_id FROM workzone_case WHERE id = @CaseId", new { command.CaseId }, ct);
            if (was == judge)
                throw new RuleBroken("案件现在就由这位法官承办。", "Judge", "same-judge");
            await MoveAsync(counts, teams, audit, register, command.CaseId, was, judge, Kernel.Web.Times.Day(clock.GetUtcNow()), ct);
        }
    }

    internal static async Task MoveAsync(
        Supervision.CaseCounts counts,
        TeamAccess teams,
        AuditTrail audit,
        ICaseRegister register,
        long caseId,
        long? was,
        long judge,
        DateOnly today,
        CancellationToken ct
    )
    {
        await counts.ExecuteAsync(
            caseId,
            "UPDATE workzone_case SET judge_id = @judge, allotted_on = @today, version = version + 1 WHERE id = @caseId",
            new
            {
                caseId,
                judge,
                today,
            },
            ct
        );
        await teams.RefreshCaseAsync(caseId, ct);
        // what waited for a judge is opened now; of a case that had one the event is its history
        await register.RecordAsync(
            caseId,
            "allotted",
            today,
            $"allotted:{judge}:{Kernel.Web.Times.Iso(today)}",
            was is null ? null : new Dictionary<string, string> { ["change"] = "judge" },
            null,
            ct
        );
        audit.Note("case", caseId, new { judge, was });
    }
}
