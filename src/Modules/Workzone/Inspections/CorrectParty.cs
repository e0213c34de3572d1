using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Imports;
using FluentValidation;

namespace CourtOps.Workzone.Inspections;

/// <summary>Corrects how a party stands in the case: role and type. Number and address have a page of their own.</summary>
[Permit("workzone.inspection.correct")]
[Audited("workzone.case.correct-party")]
internal sealed record CorrectParty : ICommand
{
    public long PartyId { get; init; }
    public string Role { get; init; } = "";

    /// <summary>natural, legal or other.</summary>
    public string PartyType { get; init; } = "";

    internal sealed class Validator : AbstractValidator<CorrectParty>
    {
        public Validator()
        {
            RuleFor(c => c.Role).Must(r => PartyWords.Roles.Contains(r)).WithMessage("请选择诉讼地位。");
            RuleFor(c => c.PartyType).Must(PartyWords.Types.ContainsKey).WithMessage("请选择当事人类型。");
        }
    }

    internal sealed class Handler(Db db, PartyBook parties, InspectionBook inspections, AuditTrail audit) : CommandHandler<CorrectParty>
    {
        protected override async Task RunAsync(CorrectParty command, CancellationToken ct)
        {
            var p = await parties.FindAsync(command.PartyId, ct);
            if (
                await db.ScalarAsync<int>(
                    """
                    SELECT COUNT(*)
                    FROM workzone_party
                    WHERE case_id = @CaseId AND name = @Name AND role = @Role AND id <> @Id
                    """,
                    new
                    {
                        p.CaseId,
                        p.Name,
                        command.Role,
                        p.Id,
                    },
                    ct
                ) > 0
            )
                throw new RuleBroken($"{command.Role}“{p.Name}”已经有一名。", "Role", "twice");
            await db.ExecuteAsync(
                """
                UPDATE workzone_party
                SET role = @Role, party_type = @PartyType, version = version + 1
                WHERE id = @Id
                """,
                new
                {
                    command.Role,
                    command.PartyType,
                    p.Id,
                },
                ct
            );
            await parties.NameCaseAsync(p.CaseId, ct);
            audit.Note(
                "party",
                p.Id,
                new
                {
                    was = p.Role,
                    command.Role,
                    command.PartyType,
                },
                p.CaseId
            );
            await inspections.InspectAsync([p.CaseId], ct);
        }
    }
}

/// <summary>An agent of a party: new, or with another capacity or phone.</summary>
[Permit("workzone.inspection.correct")]
[Audited("workzone.case.agent")]
internal sealed record SaveAgent : ICommand
{
    public long PartyId { get; init; }
    public string Name { get; init; } = "";

    /// <summary>In what capacity: 律师, 近亲属, 法定代理人 …</summary>
    public string Type { get; init; } = "";

    /// <summary>Empty leaves what is recorded.</summary>
    public string Phone { get; init; } = "";

    /// <summary>The agent acts no more.</summary>
    public bool Ended { get; init; }

    internal sealed class Validator : AbstractValidator<SaveAgent>
    {
        public Validator()
        {
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填代理人姓名。").MaximumLength(120).WithMessage("代理人超过 120 个字符");
            RuleFor(c => c.Type).Must(t => PartyWords.Capacities.Contains(t)).When(c => !c.Ended).WithMessage("请选择代理人身份。");
            RuleFor(c => c.Phone)
                .Must(p => p.Length <= 40 && Written.IsPhone(p))
                .When(c => c.Phone.Length > 0)
                .WithMessage("电话应为手机号，或者带区号的固定电话，可带分机（转801），最长 40 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Secrets secrets,
        PartyBook parties,
        InspectionBook inspections,
        Outbox outbox,
        TimeProvider clock,
        AuditTrail audit
    ) : CommandHandler<SaveAgent>
    {
        protected override async Task RunAsync(SaveAgent command, CancellationToken ct)
        {
            var p = await parties.FindAsync(command.PartyId, ct);
            var name = Written.Name(command.Name);
            command = command with { Phone = Written.Phone(command.Phone) };
            if (command.Ended)
            {
                if (await db.ExecuteAsync("DELETE FROM workzone_agent WHERE party_id = @Id AND name = @name", new { p.Id, name }, ct) == 0)
                    throw new RuleBroken($"{p.Name}没有叫“{name}”的代理人。", "Name", "nobody");
                await outbox.AddAsync(
                    Catalogue.CaseKey(p.CaseId),
                    new AgencyEnded
                    {
                        CaseId = p.CaseId,
                        PartyId = p.Id,
                        At = clock.GetUtcNow(),
                    },
                    ct
                );
            }
            else if (
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_agent SET agent_type = @Type, phone_enc = CASE WHEN @phone IS NULL THEN phone_enc ELSE @phone END,
                        phone_tail = CASE WHEN @phone IS NULL THEN phone_tail ELSE @tail END
                    WHERE party_id = @Id AND name = @name
                    """,
                    new
                    {
                        p.Id,
                        name,
                        command.Type,
                        phone = secrets.Protect(command.Phone),
                        tail = Secrets.Tail(command.Phone),
                    },
                    ct
                ) == 0
            )
                await db.ExecuteAsync(
                    """
                    INSERT INTO workzone_agent (id, party_id, name, agent_type, phone_enc, phone_tail)
                    VALUES (@id, @party, @name, @Type, @phone, @tail)
                    """,
                    new
                    {
                        id = ids.Next(),
                        party = p.Id,
                        name,
                        command.Type,
                        phone = secrets.Protect(command.Phone),
                        tail = Secrets.Tail(command.Phone),
                    },
                    ct
                );
            audit.Note(
                "party",
                p.Id,
                new
                {
                    agent = name,
                    command.Type,
                    command.Ended,
                },
                p.CaseId
            );
            await inspections.InspectAsync([p.CaseId], ct);
        }
    }
}

/// <summary>The words a party's standing is recorded in.</summary>
internal static class PartyWords
{
    public static readonly string[] Roles =
    [
        "原告",
        "被告",
        "第三人",
        "申请人",
        "被申请人",
        "上诉人",
        "被上诉人",
        "再审申请人",
        "公诉机关",
        "自诉人",
        "被告人",
        "被害人",
        "附带民事诉讼原告",
        "申请执行人",
        "被执行人",
        "案外人",
        "赔偿请求人",
        "赔偿义务机关",
    ];

    public static readonly IReadOnlyDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["natural"] = "自然人",
        ["legal"] = "法人",
        ["other"] = "其他组织",
    };

    public static readonly string[] Capacities =
    [
        "律师",
        "法律工作者",
        "近亲属",
        "工作人员",
        "社会团体推荐",
        "法定代理人",
        "指定代理人",
        "辩护人",
        "法定代表人",
        "诉讼代表人",
    ];
}

/// <summary>A party somebody may work on, and the line that names its case.</summary>
internal sealed class PartyBook(Db db, CaseAccess access, Kernel.Search.SearchChanges search, Changes changes)
{
    public async Task<Party> FindAsync(long partyId, CancellationToken ct)
    {
        var p =
            await db.FirstAsync<Party>(
                """
                SELECT id, case_id, name, role
                FROM workzone_party
                WHERE id = @partyId
                """,
                new { partyId },
                ct
            ) ?? throw new NotFound("当事人", partyId);
        await access.DemandAsync(p.CaseId, "当事人", partyId, ct);
        db.OnCommitted(() => changes.Say($"case:{p.CaseId}"));
        return p;
    }

    public async Task NameCaseAsync(long caseId, CancellationToken ct)
    {
        var all = await db.QueryAsync<Party>("SELECT id, case_id, name, role FROM workzone_party WHERE case_id = @caseId ORDER BY ordinal", new { caseId }, ct);
        var text = CaseStore.PartiesText([
            .. all.Select(p => new ReadParty
            {
                Name = p.Name,
                Role = p.Role,
                Type = "natural",
                EService = "none",
                Language = "zh",
            }),
        ]);
        await db.ExecuteAsync("UPDATE workzone_case SET parties_text = @text WHERE id = @caseId", new { caseId, text }, ct);
        await search.AddManyAsync(Search.CaseSource.Name, [caseId], ct);
    }

    internal sealed record Party
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
    }
}
