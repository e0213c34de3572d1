using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Workzone.Register;

/// <summary>How two cases belong together.</summary>
internal static class LinkKinds
{
    public const string Origin = "origin";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["related"] = "关联案件",
        ["series"] = "系列案件",
        [Origin] = "原案（原审、执行依据）",
    };
}

/// <summary>
/// Another case that belongs to this one. One that the person may not see, or that is not kept here, is recorded by its number alone: nothing tells
/// whether there is such a case.
/// </summary>
[Permit("workzone.cases.link")]
[Audited("workzone.case.link")]
internal sealed record LinkCase : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>The other case's number.</summary>
    public string Number { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Note { get; init; } = "";

    internal sealed class Validator : AbstractValidator<LinkCase>
    {
        public Validator()
        {
            RuleFor(c => c.Number).Must(n => CaseNumber.TryParse(n.Trim(), out _)).WithMessage("案号不合格式，应形如（2026）吉2424民初123号");
            RuleFor(c => c.Kind).Must(LinkKinds.Labels.ContainsKey).WithMessage("请选择怎样关联。");
            RuleFor(c => c.Note).MaximumLength(200).WithMessage("说明最长 200 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        ICases cases,
        TimeProvider clock,
        Actor actor,
        Inspections.InspectionBook inspections,
        AuditTrail audit,
        Changes changes
    ) : ICommandHandler<LinkCase, long>
    {
        public async Task<long> Handle(LinkCase request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var number = CaseNumber.TryParse(request.Number.Trim(), out var parsed) ? parsed.Canonical : "";
            if (number == card.Number)
                throw new RuleBroken("不能与本案自己关联。", "Number", "self");
            var other = await db.FirstAsync<long?>("SELECT id FROM workzone_case WHERE number = @number", new { number }, cancellationToken);
            if (other is { } there && !await cases.CanReadAsync(there, cancellationToken))
                other = null;
            if (
                await db.FirstAsync<long?>(
                    """
                    SELECT id
                    FROM workzone_case_link
                    WHERE case_id = @CaseId AND other_number = @number AND kind = @Kind AND ended_at IS NULL
                    """,
                    new
                    {
                        request.CaseId,
                        number,
                        request.Kind,
                    },
                    cancellationToken
                ) is
                { } before
            )
                return before;
            if (request.Kind == LinkKinds.Origin && other is { } origin)
            {
                var filed = await db.ScalarAsync<DateOnly>("SELECT filed_on FROM workzone_case WHERE id = @origin", new { origin }, cancellationToken);
                if (filed > card.FiledOn)
                    throw new RuleBroken($"原案立案 {Times.Iso(filed)} 晚于本案。", "Number", "later");
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_case
                    SET origin_id = @origin, version = version + 1
                    WHERE id = @CaseId
                    """,
                    new { origin, request.CaseId },
                    cancellationToken
                );
            }
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_case_link (id, case_id, other_id, other_number, kind, note, made_by, made_at)
                VALUES (@id, @CaseId, @other, @number, @Kind, @note, @by, @now)
                """,
                new
                {
                    id,
                    request.CaseId,
                    other,
                    number,
                    request.Kind,
                    note = request.Note.Trim(),
                    by = actor.Name,
                    now = clock.GetUtcNow(),
                },
                cancellationToken
            );
            audit.Note("case", request.CaseId, new { link = number, request.Kind }, request.CaseId);
            await inspections.InspectAsync([request.CaseId], cancellationToken);
            db.OnCommitted(() => changes.Say($"case:{request.CaseId}"));
            return id;
        }
    }
}

/// <summary>Two cases do not belong together after all.</summary>
[Permit("workzone.cases.link")]
[Audited("workzone.case.unlink")]
internal sealed record UnlinkCase : ICommand
{
    public long CaseId { get; init; }
    public long LinkId { get; init; }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock, Inspections.InspectionBook inspections, AuditTrail audit)
        : CommandHandler<UnlinkCase>
    {
        protected override async Task RunAsync(UnlinkCase command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            var args = new
            {
                command.CaseId,
                command.LinkId,
                now = clock.GetUtcNow(),
            };
            var kind =
                await db.FirstAsync<string>(
                    """
                    SELECT kind
                    FROM workzone_case_link
                    WHERE id = @LinkId AND case_id = @CaseId AND ended_at IS NULL
                    """,
                    args,
                    ct
                ) ?? throw new NotFound("关联", command.LinkId);
            await db.ExecuteAsync("UPDATE workzone_case_link SET ended_at = @now WHERE id = @LinkId", args, ct);
            if (kind == LinkKinds.Origin)
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_case
                    SET origin_id = NULL, version = version + 1
                    WHERE id = @CaseId AND origin_id = (SELECT l.other_id
                    FROM workzone_case_link l
                    WHERE l.id = @LinkId)
                    """,
                    args,
                    ct
                );
            audit.Note("case", command.CaseId, new { unlink = command.LinkId }, command.CaseId);
            await inspections.InspectAsync([command.CaseId], ct);
        }
    }
}
