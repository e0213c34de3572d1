using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Workzone.Register;

/// <summary>Writes what comes with a prosecution, and the custody of each accused; the case's own day is the earliest of them.</summary>
internal sealed class ProsecutionBook(Db db, ClockBook clocks, Supervision.CaseCounts counts, TimeProvider clock)
{
    public Task<int> CaseAsync(long caseId, Prosecution p, int? version, CancellationToken ct) =>
        counts.ExecuteAsync(
            caseId,
            "UPDATE workzone_case SET prosecution_office = @Office, prosecution_number = @Number, prosecution_volumes = @Volumes, changed_at = @now, "
                + "version = version + 1 WHERE id = @caseId AND (@version IS NULL OR version = @version)",
            new
            {
                caseId,
                p.Office,
                p.Number,
                p.Volumes,
                version,
                now = clock.GetUtcNow(),
            },
            ct
        );

    public async Task AccusedAsync(long caseId, long partyId, DateOnly? until, string place, CancellationToken ct)
    {
        await db.ExecuteAsync(
            "UPDATE workzone_party SET custody_until = @until, custody_place = @place, version = version + 1 WHERE id = @partyId AND case_id = @caseId",
            new
            {
                caseId,
                partyId,
                until,
                place,
            },
            ct
        );
        var earliest = await db.FirstAsync<DateOnly?>("SELECT MIN(custody_until) FROM workzone_party WHERE case_id = @caseId", new { caseId }, ct);
        await counts.ExecuteAsync(
            caseId,
            "UPDATE workzone_case SET custody_until = @earliest, changed_at = @now, version = version + 1 WHERE id = @caseId",
            new
            {
                caseId,
                earliest,
                now = clock.GetUtcNow(),
            },
            ct
        );
        await clocks.RecomputeAsync(caseId, "custody", ct);
    }
}

/// <summary>Prosecution office, number of the indictment and volumes of a criminal case.</summary>
[Permit("workzone.inspection.correct")]
[Audited("workzone.case.prosecution")]
internal sealed record SaveProsecution : ICommand
{
    public long CaseId { get; init; }
    public string Office { get; init; } = "";
    public string Number { get; init; } = "";
    public int? Volumes { get; init; }

    /// <summary>The version the person saw; null where a program did not look.</summary>
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<SaveProsecution>
    {
        public Validator()
        {
            RuleFor(c => c.Office).NotEmpty().WithMessage("请填公诉机关。").MaximumLength(120).WithMessage("公诉机关最长 120 个字符。");
            RuleFor(c => c.Number).MaximumLength(80).WithMessage("起诉书文号最长 80 个字符。");
            RuleFor(c => c.Volumes).InclusiveBetween(0, 9999).When(c => c.Volumes is not null).WithMessage("随案卷宗册数为 0 至 9999。");
        }
    }

    internal sealed class Handler(ICases cases, ProsecutionBook book, AuditTrail audit) : CommandHandler<SaveProsecution>
    {
        protected override async Task RunAsync(SaveProsecution command, CancellationToken ct)
        {
            if ((await cases.GetAsync(command.CaseId, ct)).Kind != "criminal")
                throw new RuleBroken("只有刑事案件才登记公诉信息。", "Office", "not-criminal");
            var p = new Prosecution
            {
                Office = Written.Visible(command.Office),
                Number = Written.Visible(command.Number),
                Volumes = command.Volumes,
            };
            if (await book.CaseAsync(command.CaseId, p, command.Version, ct) == 0)
                throw new Conflict("案件信息刚被他人修改，请核对后再保存。");
            audit.Note(
                "case",
                command.CaseId,
                new
                {
                    p.Office,
                    p.Number,
                    p.Volumes,
                },
                command.CaseId
            );
        }
    }
}

/// <summary>How a party stood in the instance before, and of an accused until when and where in custody.</summary>
[Permit("workzone.inspection.correct")]
[Audited("workzone.case.party-register")]
internal sealed record SavePartyRegister : ICommand
{
    public long PartyId { get; init; }

    /// <summary>Empty where it stood in none.</summary>
    public string RoleBefore { get; init; } = "";

    /// <summary>Null: not in custody.</summary>
    public DateOnly? CustodyUntil { get; init; }
    public string CustodyPlace { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SavePartyRegister>
    {
        public Validator()
        {
            RuleFor(c => c.RoleBefore).MaximumLength(40).WithMessage("原审地位最长 40 个字符。");
            RuleFor(c => c.CustodyPlace).MaximumLength(120).WithMessage("羁押场所最长 120 个字符。");
            RuleFor(c => c.CustodyUntil)
                .Must(d => d is { Year: >= 2000 and <= 2100 })
                .When(c => c.CustodyUntil is not null)
                .WithMessage("羁押期限届满日应在 2000 年至 2100 年之间。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, ProsecutionBook book, AuditTrail audit) : CommandHandler<SavePartyRegister>
    {
        protected override async Task RunAsync(SavePartyRegister command, CancellationToken ct)
        {
            var party = await db.FirstAsync<Row>("SELECT case_id, role, custody_until FROM workzone_party WHERE id = @PartyId", new { command.PartyId }, ct);
            if (party is null || !await cases.CanReadAsync(party.CaseId, ct))
                throw new NotFound("当事人", command.PartyId);
            var card = await cases.GetAsync(party.CaseId, ct);
            if (command.CustodyUntil is { } until && (card.Kind != "criminal" || !party.Role.Contains("被告", StringComparison.Ordinal)))
                throw new RuleBroken($"只有刑事案件的被告人才登记羁押期限（{Times.Iso(until)}）。", "CustodyUntil", "not-accused");
            await db.ExecuteAsync(
                "UPDATE workzone_party SET role_before = @before, version = version + 1 WHERE id = @PartyId",
                new { command.PartyId, before = command.RoleBefore.Trim().Length > 0 ? command.RoleBefore.Trim() : null },
                ct
            );
            if (command.CustodyUntil != party.CustodyUntil || command.CustodyUntil is not null)
                await book.AccusedAsync(party.CaseId, command.PartyId, command.CustodyUntil, command.CustodyPlace.Trim(), ct);
            audit.Note(
                "party",
                command.PartyId,
                new
                {
                    command.RoleBefore,
                    command.CustodyUntil,
                    command.CustodyPlace,
                },
                party.CaseId
            );
        }

        private sealed record Row
        {
            public long CaseId { get; init; }
            public string Role { get; init; } = "";
            public DateOnly? CustodyUntil { get; init; }
        }
    }
}
