using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Workzone.Cases;

/// <summary>
/// A case goes to another court by a ruling: its open orders are withdrawn, it is closed as transferred, the file is asked for, and those who file cases
/// in the receiving court are told. The receiving court files it under its own number and links it to this one as its origin.
/// </summary>
[Permit("workzone.cases.transfer")]
[Audited("workzone.case.transfer")]
internal sealed record TransferCase : ICommand<TransferCase.Result>
{
    public long CaseId { get; init; }
    public long? CourtId { get; init; }

    /// <summary>The ruling.</summary>
    public long? DocumentId { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>The version the person saw; null where a program did not look.</summary>
    public int? Version { get; init; }

    /// <param name="Withdrawn">Numbers of the orders withdrawn.</param>
    internal sealed record Result(IReadOnlyList<string> Withdrawn);

    internal sealed class Validator : AbstractValidator<TransferCase>
    {
        public Validator()
        {
            RuleFor(c => c.CourtId).NotNull().WithMessage("请选择移送到哪个法院。");
            RuleFor(c => c.DocumentId).NotNull().WithMessage("请从本案文书中选择移送的裁定书。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明移送的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        ICases cases,
        IDocuments documents,
        ICaseRegister register,
        IWorkOrders orders,
        Notifier notifier,
        TimeProvider clock,
        AuditTrail audit
    ) : ICommandHandler<TransferCase, Result>
    {
        public async Task<Result> Handle(TransferCase request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if (
                request.Version is { } seen
                && await db.ScalarAsync<int>("SELECT version FROM workzone_case WHERE id = @CaseId", new { request.CaseId }, cancellationToken) != seen
            )
                throw new Conflict("案件信息刚被他人修改，请核对后再移送。");
            if (card.State != "open")
                throw new RuleBroken("案件已经结案，不能移送；结案有误的请先撤回结案。", "CourtId", "closed");
            if (request.CourtId == card.CourtId)
                throw new RuleBroken("案件已经在这个法院。", "CourtId", "same-court");
            var court =
                await db.FirstAsync<string>("SELECT name FROM workzone_court WHERE id = @CourtId", new { request.CourtId }, cancellationToken)
                ?? throw new NotFound("法院", request.CourtId);
            if ((await documents.GetAsync(request.DocumentId!.Value, cancellationToken)).CaseId != request.CaseId)
                throw new RuleBroken("移送的裁定书不是本案的文书。", "DocumentId");
            var today = Times.Day(clock.GetUtcNow());
            var withdrawn = await WithdrawAsync(request.CaseId, court, cancellationToken);
            await register.CloseAsync(request.CaseId, "transferred", today, null, $"移送{court}", cancellationToken);
            await register.RecordAsync(
                request.CaseId,
                "transferred",
                today,
                $"transferred:{request.CourtId}:{request.DocumentId}",
                new Dictionary<string, string>
                {
                    ["court"] = court,
                    ["courtId"] = Invariant(request.CourtId!.Value),
                    ["documentId"] = Invariant(request.DocumentId.Value),
                    ["note"] = request.Reason.Trim(),
                },
                request.DocumentId,
                cancellationToken
            );
            foreach (
                var person in await db.PageAsync<long>(
                    """
                    SELECT DISTINCT r.person_id FROM workzone_role_grant r
                    JOIN workzone_person p ON p.id = r.person_id
                    WHERE r.court_id = @CourtId AND r.role IN ('lead', 'clerk') AND r.centre = 'triage' AND p.state = 'active' AND
                        (r.until_at IS NULL OR r.until_at > @now)
                    ORDER BY r.person_id
                    """,
                    new { request.CourtId, now = clock.GetUtcNow() },
                    50,
                    cancellationToken
                )
            )
                await notifier.AddAsync(
                    person,
                    NoticeKinds.Transferred,
                    $"transferred:{request.CaseId}",
                    new { number = card.Number, from = card.CourtName },
                    ct: cancellationToken
                );
            audit.Note(
                "case",
                request.CaseId,
                new
                {
                    transferred = request.CourtId,
                    request.DocumentId,
                    withdrawn,
                },
                request.CaseId,
                request.Reason.Trim()
            );
            return new Result(withdrawn);
        }

        private static string Invariant(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

        // what a centre has in hand and does not let go is named, and nothing is changed
        private async Task<IReadOnlyList<string>> WithdrawAsync(long caseId, string court, CancellationToken ct)
        {
            var withdrawn = new List<string>();
            var held = new List<string>();
            foreach (
                var order in await db.QueryAsync<Open>(
                    "SELECT o.id, o.number FROM workzone_order o WHERE o.case_id = @caseId AND o.is_open = 1 ORDER BY o.parent_id DESC, o.id",
                    new { caseId },
                    ct
                )
            )
                try
                {
                    await db.SavepointAsync(async () =>
                        await orders.StepAsync(order.Id, OrderStep.Cancel, new StepInput { Automatic = true, Words = $"案件移送{court}。" }, ct)
                    );
                    withdrawn.Add(order.Number);
                }
                catch (RuleBroken e)
                {
                    held.Add($"{order.Number}（{e.Message}）");
                }
            if (held.Count > 0)
                throw new RuleBroken($"这些工单不能撤回，请先办结：{string.Join('；', held)}", "CourtId", "orders");
            return withdrawn;
        }

        private sealed record Open
        {
            public long Id { get; init; }
            public string Number { get; init; } = "";
        }
    }
}
