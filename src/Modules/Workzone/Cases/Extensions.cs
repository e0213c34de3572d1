using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.Workzone.Cases;

/// <summary>An application for an extension or a conversion as it is stored.</summary>
internal sealed record ExtensionRow
{
    public const string Select =
        "SELECT e.id, e.case_id, e.court_id, e.kind, e.procedure_to, e.n, e.unit, e.reason, e.document_id, e.answer_document_id, e.asked_on, e.asked_by, "
        + "e.asked_by_name, e.decide_by, e.expires_on, e.approver, e.state, e.decided_by_name, e.decided_at, e.words, e.version FROM workzone_extension e";

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }

    /// <summary>extension or conversion.</summary>
    public string Kind { get; init; } = "extension";

    /// <summary>Of a conversion: the procedure asked for.</summary>
    public string? ProcedureTo { get; init; }
    public int N { get; init; }
    public string Unit { get; init; } = "";
    public string Reason { get; init; } = "";
    public long DocumentId { get; init; }

    /// <summary>The paper of the court above that decided.</summary>
    public long? AnswerDocumentId { get; init; }
    public DateOnly AskedOn { get; init; }
    public long AskedBy { get; init; }
    public string AskedByName { get; init; } = "";
    public DateOnly? DecideBy { get; init; }

    /// <summary>Last day on which the case is not over its limit.</summary>
    public DateOnly? ExpiresOn { get; init; }
    public string Approver { get; init; } = "";

    /// <summary>asked, granted, refused or undone.</summary>
    public string State { get; init; } = "";
    public string? DecidedByName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? Words { get; init; }
    public int Version { get; init; }

    /// <summary>What is asked for, in the reader's language.</summary>
    public string What(Texts t) =>
        Kind == "conversion" ? t["转为{0}", Web.CaseUi.Procedure(t, ProcedureTo ?? "")] : t[Unit == "month" ? "{0} 个月" : "{0} 日", N];
}

/// <summary>
/// A judge asks for another procedure (B-02): with the ruling, before the limit expires, and where the law knows the conversion. A leader decides.
/// </summary>
[Permit("workzone.cases.clock")]
[Audited("workzone.clock.ask-conversion")]
internal sealed record AskConversion : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>Code of B-01.</summary>
    public string Procedure { get; init; } = "";
    public long? DocumentId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskConversion>
    {
        public Validator()
        {
            RuleFor(c => c.Procedure).Must(CaseClock.Knows).WithMessage("请选择转为哪个程序。");
            RuleFor(c => c.DocumentId).NotNull().WithMessage("请从本案文书中选择转换程序的裁定书或者决定。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明转换程序的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        ICases cases,
        IDocuments documents,
        Conversions conversions,
        ExtensionNotices notices,
        TimeProvider clock,
        Actor actor,
        AuditTrail audit
    ) : ICommandHandler<AskConversion, long>
    {
        public async Task<long> Handle(AskConversion request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if ((await documents.GetAsync(request.DocumentId!.Value, cancellationToken)).CaseId != request.CaseId)
                throw new RuleBroken("转换程序的文书不是本案的文书。", "DocumentId");
            var today = Times.Day(clock.GetUtcNow());
            var now = await conversions.DemandAsync(card, request.Procedure, today, "Procedure", cancellationToken);
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_extension WHERE case_id = @CaseId AND state = 'asked' AND kind = 'conversion'",
                    new { request.CaseId },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("本案已有一份转换程序的申请在等批准。", "Procedure", "asked-already");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_extension (id, case_id, court_id, n, unit, reason, document_id, asked_on, asked_by, asked_by_name, decide_by, approver,
                    state, kind, procedure_to, expires_on, version)
                VALUES (@id, @CaseId, @CourtId, 0, '', @reason, @DocumentId, @today, @me, @name, @expires, @approver, 'asked', 'conversion', @Procedure,
                    @expires, 1)
                """,
                new
                {
                    id,
                    request.CaseId,
                    card.CourtId,
                    reason = request.Reason.Trim(),
                    request.DocumentId,
                    today,
                    me = actor.Id,
                    name = actor.Name,
                    expires = now?.OverdueFrom?.AddDays(-1),
                    approver = Approver.President,
                    request.Procedure,
                },
                cancellationToken
            );
            audit.Note("extension", id, new { request.CaseId, request.Procedure }, request.CaseId);
            await notices.AskedAsync(id, cancellationToken);
            return id;
        }
    }
}

/// <summary>When a conversion can be asked for and decided.</summary>
internal sealed class Conversions(Db db, ClockBook clocks)
{
    /// <summary>The limit before the conversion; null where there is none.</summary>
    /// <exception cref="RuleBroken">
    /// Closed, no such conversion, after expiry (CPL-I 258), to the simple procedure after a hearing (CPL-I 260), or into a limit that is over already.
    /// </exception>
    public async Task<TrialClockResult?> DemandAsync(CaseCard card, string to, DateOnly on, string field, CancellationToken ct)
    {
        if (card.State != "open")
            throw new RuleBroken("案件已经结案，不能再转换程序。", field, "closed");
        if (card.ProcedureCode == to)
            throw new RuleBroken("案件已经适用这个程序。", field, "same");
        ConversionRules.Demand(card.ProcedureCode, to);
        var rule = TrialLimitTable.Conversions.FirstOrDefault(c => c.From == card.ProcedureCode && c.To.Contains(to));
        var source = rule is null ? "" : LawArticles.Get(rule.Article).Source(LawLanguage.Chinese);
        var (now, then) = await clocks.ConvertAsync(card.Id, to, on, ct);
        if (now?.OverdueFrom <= on)
            throw new RuleBroken(
                $"程序转换应在审限届满前作出（{source}），本案审限已于 {Times.Iso(now.End!.Value)} 届满；还可以结案，并书面说明超期原因。",
                field,
                "after-end"
            );
        if (
            to is "MC-SUM" or "MC-SML"
            && await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM workzone_case_event WHERE case_id = @Id AND event = 'hearing-held' AND undone_at IS NULL",
                new { card.Id },
                ct
            ) > 0
        )
            throw new RuleBroken($"案件已经开庭，不能再转为{ConversionRules.Name(to)}（{source}）。", field, "heard");
        if (then?.OverdueFrom <= on)
            throw new RuleBroken($"转为{ConversionRules.Name(to)}后审限自立案起算，已于 {Times.Iso(then.End!.Value)} 届满，不能转换。", field, "short");
        return now;
    }
}

/// <summary>
/// A leader of the court grants or refuses an application; what a higher court decides is entered with its paper. Nothing is granted after the limit
/// expired or on a closed case, no extension beyond the ladder.
/// </summary>
[Permit("workzone.cases.extend")]
[Audited("workzone.clock.decide-extension")]
internal sealed record DecideExtension : ICommand
{
    public long Id { get; init; }
    public bool Granted { get; init; }
    public string Words { get; init; } = "";

    /// <summary>The paper of the court above, where that court decides.</summary>
    public long? DocumentId { get; init; }
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<DecideExtension>
    {
        public Validator()
        {
            RuleFor(c => c.Words).NotEmpty().When(c => !c.Granted).WithMessage("不批准须写明理由。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("意见最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        ICases cases,
        IDocuments documents,
        ICaseRegister register,
        ClockBook clocks,
        Conversions conversions,
        ExtensionNotices notices,
        TimeProvider clock,
        Actor actor,
        AuditTrail audit
    ) : CommandHandler<DecideExtension>
    {
        protected override async Task RunAsync(DecideExtension command, CancellationToken ct)
        {
            var row =
                await db.FirstAsync<ExtensionRow>(ExtensionRow.Select + " WHERE e.id = @Id", new { command.Id }, ct)
                ?? throw new NotFound("延长申请", command.Id);
            if (!await cases.CanReadAsync(row.CaseId, ct))
                throw new NotFound("延长申请", command.Id);
            if (row.AskedBy == actor.Id)
                throw new RuleBroken("申请人不能批准自己的申请。", "Granted", "own");
            if (row.State != "asked" || (command.Version is { } seen && seen != row.Version))
                throw new Conflict("这份延长申请已由他人处理。");
            if (command.DocumentId is { } answer && (await documents.GetAsync(answer, ct)).CaseId != row.CaseId)
                throw new RuleBroken("批复不是本案的文书。", "DocumentId");
            var today = Times.Day(clock.GetUtcNow());
            var card = await cases.GetAsync(row.CaseId, ct);
            if (command.Granted && card.State != "open")
                throw new RuleBroken("案件已经结案，不能再批准；请不予批准并写明理由。", "Granted", "closed");
            if (command.Granted && row.Kind == "conversion")
                await conversions.DemandAsync(card, row.ProcedureTo ?? "", today, "Granted", ct);
            else if (command.Granted)
                ExtensionRules.DemandGranted(
                    await clocks.AskAsync(row.CaseId, row.N, row.Unit == "day" ? PeriodUnit.Day : PeriodUnit.Month, row.AskedOn, ct)
                        ?? throw new RuleBroken("案件现在适用的程序没有审限，不用延长；请不予批准并写明理由。", "Granted", "no-limit"),
                    today,
                    command.DocumentId
                );
            var state = command.Granted ? "granted" : "refused";
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_extension SET state = @state, decided_by_name = @name, decided_at = @now, words = @words, "
                        + "answer_document_id = @DocumentId, version = version + 1 WHERE id = @Id AND state = 'asked' AND version = @Version",
                    new
                    {
                        command.Id,
                        state,
                        name = actor.Name,
                        now = clock.GetUtcNow(),
                        words = command.Words.Trim(),
                        command.DocumentId,
                        row.Version,
                    },
                    ct
                ) == 0
            )
                throw new Conflict("这份延长申请已由他人处理。");
            if (command.Granted && row.Kind == "conversion")
                await register.ConvertAsync(row.CaseId, row.ProcedureTo ?? "", today, row.Reason, row.DocumentId, ct);
            else if (command.Granted)
                await register.ExtendAsync(
                    row.CaseId,
                    row.N,
                    row.Unit,
                    row.AskedOn,
                    $"extension:{row.Id}",
                    command.DocumentId ?? row.DocumentId,
                    row.Reason,
                    ct: ct
                );
            await notices.DecidedAsync(row, card.Number, state, ct);
            audit.Note(
                "extension",
                row.Id,
                new
                {
                    row.Kind,
                    state,
                    late = row.DecideBy < today,
                },
                row.CaseId
            );
        }
    }
}

/// <summary>Applications that wait for a decision in the cases this person sees, what is to be decided first before the others.</summary>
[Permit("workzone.cases.extend")]
internal sealed record ListExtensions : IQuery<ListExtensions.Result>
{
    public const int Page = 50;

    /// <summary>"2026-10-07|17" of the page before.</summary>
    public string? After { get; init; }

    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
        public string ProcedureCode { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string Kind { get; init; } = "";
        public string? ProcedureTo { get; init; }
        public int N { get; init; }
        public string Unit { get; init; } = "";
        public string Reason { get; init; } = "";
        public long DocumentId { get; init; }
        public DateOnly AskedOn { get; init; }
        public string AskedByName { get; init; } = "";
        public DateOnly? DecideBy { get; init; }
        public DateOnly? ExpiresOn { get; init; }
        public string Approver { get; init; } = "";
        public int Version { get; init; }
    }

    internal sealed class Handler(Db db, CaseAccess access, Kernel.Access.AccessLog reads) : IQueryHandler<ListExtensions, Result>
    {
        public async Task<Result> Handle(ListExtensions request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = access.Arguments;
            var parts = request.After?.Split('|');
            var day = parts is { Length: 2 } && DateOnly.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out var d) ? d : (DateOnly?)null;
            var id = parts is { Length: 2 } && long.TryParse(parts[1], System.Globalization.CultureInfo.InvariantCulture, out var i) ? i : 0;
            var rest = day is null ? "" : " AND e.decide_by >= @day AND NOT (e.decide_by = @day AND e.id <= @id)";
            var rows = await db.PageAsync<Row>(
                "SELECT e.id, e.case_id, c.number, c.cause, c.procedure_code, t.name AS court_name, e.kind, e.procedure_to, e.n, e.unit, e.reason, "
                    + "e.document_id, e.asked_on, e.asked_by_name, e.decide_by, e.expires_on, e.approver, e.version FROM workzone_extension e "
                    + "JOIN workzone_case c ON c.id = e.case_id JOIN workzone_court t ON t.id = c.court_id "
                    + $"WHERE e.state = 'asked' AND {access.Seeing.OfCase("e.case_id")}"
                    + rest
                    + " ORDER BY e.decide_by, e.id",
                new
                {
                    me,
                    courts,
                    places,
                    day,
                    id,
                },
                Page + 1,
                cancellationToken
            );
            var shown = rows.Count > Page ? [.. rows.Take(Page)] : rows;
            reads.List("workzone.extension.list", shown.Count, new { request.After });
            return new Result(shown, rows.Count > Page && shown[^1].DecideBy is { } last ? $"{Times.Iso(last)}|{shown[^1].Id}" : null);
        }
    }
}
