using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Rights;
using FluentValidation;

namespace CourtOps.Workzone.Courts;

/// <summary>The parts of a court: divisions (庭室), trial teams (审判团队), support teams (辅助团队). People name theirs; renaming one renames it for them.</summary>
[Permit("workzone.courts.manage")]
[Audited("workzone.unit.save")]
internal sealed record SaveUnit : ICommand<long>
{
    public long? Id { get; init; }
    public int? Version { get; init; }
    public long CourtId { get; init; }

    /// <summary>division, trial-team or support-team.</summary>
    public string Kind { get; init; } = "division";
    public string Name { get; init; } = "";

    /// <summary>Of a support team; blank otherwise.</summary>
    public string Centre { get; init; } = "";

    /// <summary>Login of who heads it; blank for nobody.</summary>
    public string Head { get; init; } = "";
    public bool Active { get; init; } = true;

    internal sealed class Validator : AbstractValidator<SaveUnit>
    {
        public Validator()
        {
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填写名称。").MaximumLength(60).WithMessage("名称最长 60 个字符。");
            RuleFor(c => c.Kind).Must(k => k is "division" or "trial-team" or "support-team").WithMessage("种类只能是庭室、审判团队或辅助团队。");
            RuleFor(c => c.Centre).Must(c => c.Length == 0 || Centres.Labels.ContainsKey(c)).WithMessage("没有这个中心。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, AuditTrail audit) : ICommandHandler<SaveUnit, long>
    {
        public async Task<long> Handle(SaveUnit request, CancellationToken cancellationToken)
        {
            AdminScope.Demand(actor, request.CourtId, "CourtId");
            long? head = string.IsNullOrWhiteSpace(request.Head)
                ? null
                : await db.FirstAsync<long?>(
                    "SELECT id FROM workzone_person WHERE login = @login AND state = 'active' AND court_id = @CourtId",
                    new { login = request.Head.Trim(), request.CourtId },
                    cancellationToken
                ) ?? throw new RuleBroken($"本院没有登录名为 {request.Head} 的在用人员。", "Head");
            var id = request.Id ?? ids.Next();
            var args = new
            {
                id,
                request.CourtId,
                request.Kind,
                Name = request.Name.Trim(),
                request.Centre,
                head,
                state = request.Active ? "active" : "closed",
                request.Version,
            };
            try
            {
                if (request.Id is null)
                {
                    if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_court WHERE id = @CourtId", args, cancellationToken) == 0)
                        throw new NotFound("法院", request.CourtId);
                    await db.ExecuteAsync(
                        "INSERT INTO workzone_unit (id, court_id, kind, name, centre, head_id, state, version) VALUES (@id, @CourtId, @Kind, @Name, "
                            + "@Centre, @head, @state, 1)",
                        args,
                        cancellationToken
                    );
                }
                else
                {
                    var was = await db.FirstAsync<Row>("SELECT court_id, kind, name FROM workzone_unit WHERE id = @id", new { id }, cancellationToken);
                    if (was?.CourtId != request.CourtId)
                        throw new NotFound("庭室或团队", id);
                    if (
                        await db.ExecuteAsync(
                            "UPDATE workzone_unit SET name = @Name, centre = @Centre, head_id = @head, state = @state, version = version + 1 WHERE id "
                                + "= @id AND version = @Version",
                            args,
                            cancellationToken
                        ) == 0
                    )
                        throw new Conflict("刚被他人修改，请核对后再保存。");
                    if (was.Name != args.Name)
                        await db.ExecuteAsync(
                            was.Kind == "division"
                                ? "UPDATE workzone_person SET division = @Name, version = version + 1 WHERE court_id = @CourtId AND division = @old"
                                : "UPDATE workzone_person SET team = @Name, version = version + 1 WHERE court_id = @CourtId AND team = @old",
                            new
                            {
                                args.Name,
                                was.CourtId,
                                old = was.Name,
                            },
                            cancellationToken
                        );
                }
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                throw new RuleBroken($"本院已有“{request.Name}”。", "Name");
            }
            audit.Note(
                "unit",
                id,
                new
                {
                    request.Kind,
                    request.Name,
                    request.CourtId,
                }
            );
            return id;
        }

        private sealed record Row
        {
            public long CourtId { get; init; }
            public string Kind { get; init; } = "";
            public string Name { get; init; } = "";
        }
    }
}

[Permit("workzone.courts.manage")]
internal sealed record ListUnits : IQuery<IReadOnlyList<ListUnits.Row>>
{
    public long CourtId { get; init; }

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Kind { get; init; } = "";
        public string Name { get; init; } = "";
        public string Centre { get; init; } = "";
        public string? HeadName { get; init; }
        public string? HeadLogin { get; init; }
        public string State { get; init; } = "";
        public int People { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListUnits, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(ListUnits request, CancellationToken cancellationToken)
        {
            if (!AdminScope.Covers(actor, request.CourtId))
                throw new NotFound("法院", request.CourtId);
            // what people name and nobody has entered yet stands in the list too
            var entered = await db.QueryAsync<Row>(
                """
                SELECT u.id, u.kind, u.name, u.centre, h.name AS head_name, h.login AS head_login, u.state, u.version,
                       (SELECT COUNT(*) FROM workzone_person p WHERE p.court_id = u.court_id AND p.state = 'active' AND ((u.kind = 'division' AND p.division =
                           u.name) OR (u.kind <> 'division' AND p.team = u.name))) AS people
                FROM workzone_unit u
                LEFT JOIN workzone_person h ON h.id = u.head_id
                WHERE u.court_id = @CourtId ORDER BY u.kind, u.name
                """,
                new { request.CourtId },
                cancellationToken
            );
            var named = await db.QueryAsync<Row>(
                """
                SELECT 0 AS id, 'division' AS kind, p.division AS name, COUNT(*) AS people FROM workzone_person p WHERE p.court_id = @CourtId AND p.state =
                    'active' AND p.division <> '' GROUP BY p.division
                UNION ALL
                SELECT 0 AS id, 'trial-team' AS kind, p.team AS name, COUNT(*) AS people FROM workzone_person p WHERE p.court_id = @CourtId AND p.state =
                    'active' AND p.team <> '' GROUP BY p.team
                """,
                new { request.CourtId },
                cancellationToken
            );
            return
            [
                .. entered,
                .. named.Where(n => !entered.Any(e => e.Name == n.Name && (e.Kind == n.Kind || (n.Kind == "trial-team" && e.Kind == "support-team")))),
            ];
        }
    }
}
