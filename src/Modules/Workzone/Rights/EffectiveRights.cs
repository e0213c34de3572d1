using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Rights;

/// <summary>What a person may do, and why: each action with the role it comes from, each case with the reason.</summary>
[Permit("workzone.rights.read")]
internal sealed record ShowRights : IQuery<ShowRights.Result>
{
    public long PersonId { get; init; }

    internal sealed record Result(
        PersonRow Person,
        IReadOnlyList<Grant> Grants,
        IReadOnlyList<ActionRow> Actions,
        IReadOnlyList<CaseCount> Cases,
        int Recusals,
        IReadOnlyList<ChangeRow> Pending
    );

    internal sealed record PersonRow
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public long CourtId { get; init; }
        public string CourtName { get; init; } = "";
        public string Division { get; init; } = "";
        public string Team { get; init; } = "";
        public string Post { get; init; } = "";
        public string State { get; init; } = "";
        public bool HasPassword { get; init; }
        public DateTimeOffset? LockedUntil { get; init; }
        public int Version { get; init; }
    }

    internal sealed record Grant
    {
        public string Role { get; init; } = "";
        public string Centre { get; init; } = "";
        public long CourtId { get; init; }
        public string CourtName { get; init; } = "";
        public string Reach { get; init; } = "";
        public DateTimeOffset? UntilAt { get; init; }
        public DateTimeOffset GrantedAt { get; init; }
        public string GrantedBy { get; init; } = "";
        public string ConfirmedBy { get; init; } = "";

        public string Code => Roles.Code(Role, Centre);
    }

    /// <param name="Why">Every role that gives it, with the court it is held in, and whether it has it by a change of the matrix.</param>
    internal sealed record ActionRow(string Code, string Label, IReadOnlyList<(string Court, string Role, bool ByMatrix)> Why);

    internal sealed record CaseCount
    {
        public string Reason { get; init; } = "";
        public int N { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, ActionCatalogue catalogue, TimeProvider clock) : IQueryHandler<ShowRights, Result>
    {
        public async Task<Result> Handle(ShowRights request, CancellationToken cancellationToken)
        {
            var person = await db.FirstAsync<PersonRow>(
                """
                SELECT p.id, p.login, p.name, p.court_id, t.name AS court_name, p.division, p.team, p.post, p.state, CASE WHEN p.password_hash IS NULL THEN 0
                    ELSE 1 END AS has_password, p.locked_until, p.version
                FROM workzone_person p JOIN workzone_court t ON t.id = p.court_id WHERE p.id = @PersonId
                """,
                new { request.PersonId },
                cancellationToken
            );
            if (person is null || !(AdminScope.Covers(actor, person.CourtId) || actor.CourtsOf(Roles.Auditor).Contains(person.CourtId)))
                throw new NotFound("人员", request.PersonId);
            var grants = await db.QueryAsync<Grant>(
                """
                SELECT g.role, g.centre, g.court_id, t.name AS court_name, g.reach, g.until_at, g.granted_at, g.granted_by, g.confirmed_by
                FROM workzone_role_grant g JOIN workzone_court t ON t.id = g.court_id WHERE g.person_id = @PersonId ORDER BY t.code, g.role, g.centre
                """,
                new { request.PersonId },
                cancellationToken
            );
            var why = new Dictionary<string, List<(string, string, bool)>>();
            var tree = await CourtTree.LoadAsync(db);
            var now = clock.GetUtcNow();
            foreach (var court in grants.Where(g => person.State == "active" && (g.UntilAt is null || g.UntilAt > now)).GroupBy(g => (g.CourtId, g.CourtName)))
            {
                // role by role, by the same rule that gives the rights
                var matrix = await PersonCache.MatrixAsync(db, tree.Above(court.Key.CourtId));
                bool? Says(string role, string action) => matrix.TryGetValue((role, action), out var allowed) ? allowed : null;
                foreach (var role in court.Select(g => g.Code).Distinct())
                foreach (var action in catalogue.Of([role], Says))
                    (why.TryGetValue(action, out var list) ? list : why[action] = []).Add((court.Key.CourtName, role, !catalogue.IsDefault(role, action)));
            }
            var cases = await db.QueryAsync<CaseCount>(
                "SELECT reason, COUNT(*) AS n FROM workzone_case_access WHERE person_id = @PersonId GROUP BY reason",
                new { request.PersonId },
                cancellationToken
            );
            var recusals = await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM workzone_recusal WHERE person_id = @PersonId AND ended_at IS NULL",
                new { request.PersonId },
                cancellationToken
            );
            var pending = await db.QueryAsync<ChangeRow>(
                ChangeRow.Select + " WHERE c.subject_id = @PersonId AND c.state = 'pending' AND c.kind IN ('roles', 'password')",
                new { request.PersonId },
                cancellationToken
            );
            return new Result(
                person,
                grants,
                [.. catalogue.All.Where(a => why.ContainsKey(a.Code)).Select(a => new ActionRow(a.Code, a.Label, why[a.Code]))],
                cases,
                recusals,
                pending
            );
        }
    }
}

/// <summary>The role matrix of one court: what each role may do there, what is declared, what was changed and where.</summary>
[Permit("workzone.rights.read")]
internal sealed record ShowMatrix : IQuery<ShowMatrix.Result>
{
    /// <summary>0: every court.</summary>
    public long CourtId { get; init; }

    /// <param name="Changed">All that differs from the declarations, as text: two results with the same have the same cells.</param>
    /// <param name="Make">Makes the cells: a page that is drawn already needs none.</param>
    internal sealed record Result(
        IReadOnlyList<Court> Courts,
        IReadOnlyList<string> Roles,
        IReadOnlyList<Kernel.Modules.ActionEntry> Actions,
        string Changed,
        Func<IReadOnlyDictionary<string, Cell>> Make
    )
    {
        private IReadOnlyDictionary<string, Cell>? cells;

        /// <summary>Keyed by "role|action": allowed, and the court that says so when it was changed.</summary>
        public IReadOnlyDictionary<string, Cell> Cells => cells ??= Make();
    }

    internal sealed record Cell(bool Allowed, bool Default, bool Here, string? From, bool Fixed);

    internal sealed record Court
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
    }

    internal sealed class Handler(Db db, Actor actor, ActionCatalogue catalogue) : IQueryHandler<ShowMatrix, Result>
    {
        public async Task<Result> Handle(ShowMatrix request, CancellationToken cancellationToken)
        {
            var scope = actor.CourtsOf(Workzone.Roles.Auditor) is { Count: > 0 } audits ? audits : AdminScope.Courts(actor);
            var courts = await db.QueryAsync<Court>("SELECT id, name FROM workzone_court WHERE id IN @scope ORDER BY code", new { scope }, cancellationToken);
            if (request.CourtId != 0 && courts.All(c => c.Id != request.CourtId))
                throw new NotFound("法院", request.CourtId);
            var tree = await CourtTree.LoadAsync(db);
            var chain = request.CourtId == 0 ? [0L] : tree.Above(request.CourtId).Append(0).ToList();
            var rows = (
                await db.QueryAsync<Row>(
                    "SELECT role, action, court_id, allowed FROM workzone_matrix WHERE court_id IN @chain",
                    new { chain },
                    cancellationToken
                )
            )
                .GroupBy(r => (r.Role, r.Action))
                .ToDictionary(g => g.Key, g => g.OrderBy(r => chain.IndexOf(r.CourtId)).First());
            string? From(Row? row) =>
                row is null ? null
                : row.CourtId == 0 ? ""
                : tree.NameOf(row.CourtId);
            var changed = string.Join(
                '\n',
                rows.Values.OrderBy(r => r.Role, StringComparer.Ordinal)
                    .ThenBy(r => r.Action, StringComparer.Ordinal)
                    .Select(r => $"{r.Role}|{r.Action}|{r.Allowed}|{r.CourtId == request.CourtId}|{From(r)}")
            );
            return new Result(
                courts,
                Workzone.Roles.All,
                catalogue.All,
                changed,
                () =>
                {
                    var cells = new Dictionary<string, Cell>();
                    foreach (var role in Workzone.Roles.All)
                    foreach (var action in catalogue.All)
                    {
                        var byDefault = catalogue.IsDefault(role, action.Code) && Separation.MayHold(role, action.Kind);
                        rows.TryGetValue((role, action.Code), out var row);
                        cells[$"{role}|{action.Code}"] = new Cell(
                            row?.Allowed ?? byDefault,
                            byDefault,
                            row?.CourtId == request.CourtId,
                            From(row),
                            !Separation.MayHold(role, action.Kind)
                        );
                    }
                    return cells;
                }
            );
        }

        private sealed record Row
        {
            public string Role { get; init; } = "";
            public string Action { get; init; } = "";
            public long CourtId { get; init; }
            public bool Allowed { get; init; }
        }
    }
}

/// <summary>Who sees a case and why, who is shut out, whether it is sealed.</summary>
[Permit("workzone.cases.access")]
internal sealed record ShowCaseAccess : IQuery<ShowCaseAccess.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        long CaseId,
        string Number,
        bool Sealed,
        string? SealedReason,
        string? JudgeName,
        IReadOnlyList<Row> Rows,
        IReadOnlyList<RecusalRow> Recusals,
        IReadOnlyList<ChangeRow> Pending
    );

    internal sealed record Row
    {
        public string Name { get; init; } = "";
        public string Login { get; init; } = "";
        public string Reason { get; init; } = "";
        public string? OrderNumber { get; init; }
        public DateTimeOffset Since { get; init; }
    }

    internal sealed record RecusalRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Reason { get; init; } = "";
        public DateTimeOffset Since { get; init; }
        public string ByName { get; init; } = "";
    }

    internal sealed class Handler(Db db, Actor actor, Cases.CaseAccess access) : IQueryHandler<ShowCaseAccess, Result>
    {
        public async Task<Result> Handle(ShowCaseAccess request, CancellationToken cancellationToken)
        {
            await access.DemandAsync(request.CaseId, cancellationToken);
            var card =
                await db.FirstAsync<Card>(
                    "SELECT c.number, c.sealed, c.sealed_reason, p.name AS judge_name FROM workzone_case c LEFT JOIN workzone_person p ON p.id = "
                        + "c.judge_id WHERE c.id = @CaseId",
                    new { request.CaseId },
                    cancellationToken
                ) ?? throw new NotFound("案件", request.CaseId);
            return new Result(
                request.CaseId,
                card.Number,
                card.Sealed,
                card.SealedReason,
                card.JudgeName,
                await db.QueryAsync<Row>(
                    "SELECT p.name, p.login, a.reason, o.number AS order_number, a.since FROM workzone_case_access a JOIN workzone_person p ON p.id = "
                        + "a.person_id LEFT JOIN workzone_order o ON o.id = a.order_id WHERE a.case_id = @CaseId ORDER BY a.reason, p.name",
                    new { request.CaseId },
                    cancellationToken
                ),
                await db.QueryAsync<RecusalRow>(
                    "SELECT r.id, p.name, r.reason, r.since, r.by_name FROM workzone_recusal r JOIN workzone_person p ON p.id = r.person_id WHERE "
                        + "r.case_id = @CaseId AND r.ended_at IS NULL ORDER BY r.since",
                    new { request.CaseId },
                    cancellationToken
                ),
                [
                    .. (
                        await db.QueryAsync<ChangeRow>(
                            ChangeRow.Select + " WHERE c.subject_id = @CaseId AND c.kind = 'unseal' AND c.state = 'pending'",
                            new { request.CaseId },
                            cancellationToken
                        )
                    ).Where(c => ChangeRow.MaySee(actor, c)),
                ]
            );
        }

        private sealed record Card
        {
            public string Number { get; init; } = "";
            public bool Sealed { get; init; }
            public string? SealedReason { get; init; }
            public string? JudgeName { get; init; }
        }
    }
}
