using CourtOps.Cataloguing.Efile;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Cataloguing.Archive;

internal static class ArchiveState
{
    /// <summary>Closed; to be archived.</summary>
    public const string Due = "due";
    public const string Packing = "packing";
    public const string Packed = "packed";
    public const string Handed = "handed";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Due] = "待归档",
        [Packing] = "打包中",
        [Packed] = "已归档待移交",
        [Handed] = "已移交",
    };
}

internal sealed record ArchiveRow
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Kind { get; init; } = "";
    public DateOnly ClosedOn { get; init; }
    public string How { get; init; } = "";
    public DateOnly DueOn { get; init; }
    public int Reminded { get; init; }
    public string State { get; init; } = "";
    public string Retention { get; init; } = "";
    public string GapsReason { get; init; } = "";
    public string? Package { get; init; }
    public string? Manifest { get; init; }
    public int Files { get; init; }
    public long Size { get; init; }
    public DateTimeOffset? PackedAt { get; init; }
    public string PackedByName { get; init; } = "";
    public DateTimeOffset? HandedAt { get; init; }
    public string Receipt { get; init; } = "";
    public DateTimeOffset? VerifiedAt { get; init; }
    public bool? VerifiedOk { get; init; }
    public int Version { get; init; }
}

/// <summary>The one place where archived files change, and what a file lacks.</summary>
internal sealed class ArchiveBook(Db db, Ids ids, TimeProvider clock, ICases cases, ISettings settings)
{
    public static readonly StateTable Table = new(
        "cataloguing_archive",
        "归档",
        new Move("pack", [ArchiveState.Due], ArchiveState.Packing),
        new Move("packed", [ArchiveState.Packing], ArchiveState.Packed),
        new Move("hand", [ArchiveState.Packed], ArchiveState.Handed),
        new Move("verified", [ArchiveState.Packed, ArchiveState.Handed], null),
        new Move("remind", [ArchiveState.Due], null),
        new Move("failed", [ArchiveState.Packing], ArchiveState.Due)
    );

    public const string Columns =
        "SELECT a.id, a.case_id, a.court_id, c.number AS case_number, c.cause, c.kind, a.closed_on, a.how, a.due_on, a.reminded, a.state, "
        + "a.retention, a.gaps_reason, a.package, a.manifest, a.files, a.size, a.packed_at, a.packed_by_name, a.handed_at, a.receipt, "
        + "a.verified_at, a.verified_ok, a.version FROM cataloguing_archive a JOIN workzone_case_card c ON c.id = a.case_id";

    /// <exception cref="NotFound">No closed case of this actor.</exception>
    public async Task<ArchiveRow> GetAsync(long caseId, CancellationToken ct)
    {
        await cases.GetAsync(caseId, ct);
        return await db.FirstAsync<ArchiveRow>(Columns + " WHERE a.case_id = @caseId", new { caseId }, ct) ?? throw new NotFound("归档记录", caseId);
    }

    /// <summary>The case was closed: its file is due. Reopened before it was packed, nothing is due.</summary>
    public async Task CloseAsync(long caseId, DateOnly on, string how, bool reopened, CancellationToken ct)
    {
        if (reopened)
        {
            await db.ExecuteAsync("DELETE FROM cataloguing_archive WHERE case_id = @caseId AND state = 'due'", new { caseId }, ct);
            return;
        }
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_archive WHERE case_id = @caseId", new { caseId }, ct) > 0)
            return;
        var card = await cases.GetAsync(caseId, ct);
        var due = on.AddMonths(settings.Current<ArchiveRules>(card.CourtId).Months);
        await db.ExecuteAsync(
            """
            INSERT INTO cataloguing_archive (id, case_id, court_id, closed_on, how, due_on, reminded, state, retention, gaps_reason, files, size,
                packed_by_name, receipt, version)
            VALUES (@id, @caseId, @CourtId, @on, @how, @due, 0, 'due', @retention, '', 0, 0, '', '', 1)
            """,
            new
            {
                id = ids.Next(),
                caseId,
                card.CourtId,
                on,
                how,
                due,
                retention = Completeness.Retention(card.Kind, how, card.Cause),
            },
            ct
        );
    }

    /// <summary>The papers a file lacks by the court's table, with the centre that owes each.</summary>
    public async Task<IReadOnlyList<(string Type, string Owes)>> MissingAsync(CaseCard card, string how, CancellationToken ct)
    {
        var needed = Completeness
            .Table.Decide(
                new NeededFacts(SortingTables.Kinds.ContainsKey(card.Kind) ? card.Kind : "other", Completeness.Ways.ContainsKey(how) ? how : "other"),
                settings.Current<TableBody>(Completeness.Table.Key, card.CourtId)
            )
            .Outcome.Papers;
        var there = (await db.QueryAsync<string>("SELECT DISTINCT paper_type FROM cataloguing_item WHERE case_id = @Id", new { card.Id }, ct)).ToHashSet();
        return Completeness.Missing(needed, there);
    }

    /// <summary>What of a case is still open in this centre; in Chinese, one thing each.</summary>
    public async Task<IReadOnlyList<string>> OpenAsync(long caseId, CancellationToken ct)
    {
        var open = new List<string>();
        foreach (
            var b in await db.QueryAsync<Batch>(
                BatchBook.BatchColumns + " WHERE b.case_id = @caseId AND b.state IN ('reading', 'review') ORDER BY b.id",
                new { caseId },
                ct
            )
        )
            open.Add($"材料批次 {b.Number} 没有编目入卷");
        foreach (
            var title in await db.QueryAsync<string>(
                "SELECT title FROM cataloguing_item WHERE case_id = @caseId AND leak = @yes ORDER BY id",
                new { caseId, yes = true },
                ct
            )
        )
            open.Add($"副卷材料《{title}》在正卷里");
        return open;
    }

    public DateTimeOffset Now() => clock.GetUtcNow();
}

/// <summary>Files of closed cases, by when they are due.</summary>
[Permit("cataloguing.archive.read")]
internal sealed record ListArchives : IQuery<IReadOnlyList<ArchiveRow>>
{
    public string State { get; init; } = "";

    /// <summary>Only what was handed over against this receipt; empty: all.</summary>
    public string Receipt { get; init; } = "";

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListArchives, IReadOnlyList<ArchiveRow>>
    {
        public async Task<IReadOnlyList<ArchiveRow>> Handle(ListArchives request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var states = ArchiveState.Labels.ContainsKey(request.State) ? [request.State] : ArchiveState.Labels.Keys.ToArray();
            var rows = await db.PageAsync<ArchiveRow>(
                $"{ArchiveBook.Columns} WHERE a.state IN @states AND (@all = 1 OR a.receipt = @receipt) AND {cases.Seen("a.case_id")} ORDER BY a.due_on, a.id",
                new
                {
                    states,
                    all = request.Receipt.Length == 0 ? 1 : 0,
                    receipt = request.Receipt,
                    me,
                    courts,
                    places,
                },
                request.Receipt.Length == 0 ? 200 : 500,
                cancellationToken
            );
            reads.List("cataloguing.archive.list", rows.Count, new { request.State });
            return rows;
        }
    }
}

/// <summary>The file of a closed case before it is archived: what is there, what is missing and who owes it.</summary>
[Permit("cataloguing.archive.read")]
internal sealed record ShowArchive : IQuery<ShowArchive.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        ArchiveRow Archive,
        ShowEfile.Result Efile,
        IReadOnlyList<(string Type, string Owes)> Missing,
        IReadOnlyList<string> Open,
        IReadOnlyList<Lending> Lendings
    );

    internal sealed class Handler(ArchiveBook book, LendingBook lendings, ICases cases, ShowEfile.EfileReader efile, AccessLog reads)
        : IQueryHandler<ShowArchive, Result>
    {
        public async Task<Result> Handle(ShowArchive request, CancellationToken cancellationToken)
        {
            var archive = await book.GetAsync(request.CaseId, cancellationToken);
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            reads.Note("cataloguing.archive.view", "archive", archive.Id, archive.CaseId);
            return new Result(
                archive,
                await efile.ReadAsync(card.Id, cancellationToken),
                await book.MissingAsync(card, archive.How, cancellationToken),
                await book.OpenAsync(card.Id, cancellationToken),
                await lendings.OfCaseAsync(card.Id, cancellationToken)
            );
        }
    }
}

/// <summary>一键归档: checks that the file is complete and puts it into one package. What is missing is named, or archived without for a reason that is
/// kept.</summary>
[Permit("cataloguing.archive")]
[Audited("cataloguing.archive.pack")]
internal sealed record PackCase : ICommand<long>
{
    public long CaseId { get; init; }
    public int? Version { get; init; }

    /// <summary>Why it is archived though papers are missing.</summary>
    public string Reason { get; init; } = "";
    public string Retention { get; init; } = "";

    internal sealed class Validator : AbstractValidator<PackCase>
    {
        public Validator()
        {
            RuleFor(c => c.Reason).MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.Retention).Must(r => r.Length == 0 || Completeness.Retentions.ContainsKey(r)).WithMessage("保管期限只能是永久、长期或短期。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, ArchiveBook book, ICases cases, WorkQueue work, AuditTrail audit) : ICommandHandler<PackCase, long>
    {
        public async Task<long> Handle(PackCase request, CancellationToken cancellationToken)
        {
            var archive = await book.GetAsync(request.CaseId, cancellationToken);
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if (await book.OpenAsync(card.Id, cancellationToken) is { Count: > 0 } open)
                throw new RuleBroken($"还有 {open.Count} 件事没有办完：{string.Join('；', open.Take(3))}。", code: "open");
            if (await book.MissingAsync(card, archive.How, cancellationToken) is { Count: > 0 } missing && request.Reason.Trim().Length == 0)
                throw new RuleBroken(
                    $"卷内还缺：{string.Join('、', missing.Select(m => PaperTypes.Of(m.Type).Label))}。补齐后归档，或者写明缺少的理由。",
                    "Reason",
                    "incomplete"
                );
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_item WHERE case_id = @Id", new { card.Id }, cancellationToken) == 0)
                throw new RuleBroken("卷内没有文书，没有可以归档的。", code: "empty");
            await ArchiveBook.Table.MoveAsync(
                db,
                "pack",
                archive.State,
                new
                {
                    archive.Id,
                    Version = request.Version ?? archive.Version,
                    by = actor.Name,
                    request.Reason,
                    retention = request.Retention.Length > 0 ? request.Retention : archive.Retention,
                },
                "packed_by_name = @by, gaps_reason = @Reason, retention = @retention",
                cancellationToken
            );
            await work.AddAsync(PackFile.Name, $"{archive.Id}:{archive.Version}", new PackFile.Payload { CaseId = card.Id }, ct: cancellationToken);
            audit.Note("archive", archive.Id, new { archive.How, request.Reason }, card.Id);
            return archive.Id;
        }
    }
}

/// <summary>Packed files go over to the keeping room or system, which gives a receipt.</summary>
[Permit("cataloguing.archive")]
[Audited("cataloguing.archive.hand")]
internal sealed record HandOver : ICommand<int>
{
    public IReadOnlyList<long> CaseIds { get; init; } = [];
    public string Receipt { get; init; } = "";

    internal sealed class Validator : AbstractValidator<HandOver>
    {
        public Validator()
        {
            RuleFor(c => c.CaseIds).NotEmpty().WithMessage("请选择要移交的案件。").Must(c => c.Count <= 500).WithMessage("一次最多移交 500 件。");
            RuleFor(c => c.Receipt).NotEmpty().WithMessage("请填写接收凭证号。").MaximumLength(120).WithMessage("接收凭证号最长 120 个字符。");
        }
    }

    internal sealed class Handler(Db db, ArchiveBook book, AuditTrail audit) : ICommandHandler<HandOver, int>
    {
        public async Task<int> Handle(HandOver request, CancellationToken cancellationToken)
        {
            foreach (var id in request.CaseIds.Distinct())
            {
                var archive = await book.GetAsync(id, cancellationToken);
                if (archive.VerifiedOk == false)
                    throw new RuleBroken($"{archive.CaseNumber}的归档包校验不一致，不能移交。", code: "damaged");
                await ArchiveBook.Table.MoveAsync(
                    db,
                    "hand",
                    archive.State,
                    new
                    {
                        archive.Id,
                        archive.Version,
                        now = book.Now(),
                        Receipt = request.Receipt.Trim(),
                    },
                    "handed_at = @now, receipt = @Receipt",
                    cancellationToken
                );
                audit.Note("archive", archive.Id, new { request.Receipt, archive.Manifest }, archive.CaseId);
            }
            return request.CaseIds.Distinct().Count();
        }
    }
}

/// <summary>Asks for what a file lacks: one order that names each paper and who owes it.</summary>
[Permit("cataloguing.archive")]
[Audited("cataloguing.archive.ask")]
internal sealed record AskForGaps : ICommand<long>
{
    public long CaseId { get; init; }

    internal sealed class Validator : AbstractValidator<AskForGaps>
    {
        public Validator() => RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
    }

    internal sealed class Handler(ArchiveBook book, ICases cases, IWorkOrders orders, AuditTrail audit) : ICommandHandler<AskForGaps, long>
    {
        public async Task<long> Handle(AskForGaps request, CancellationToken cancellationToken)
        {
            var archive = await book.GetAsync(request.CaseId, cancellationToken);
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var missing = await book.MissingAsync(card, archive.How, cancellationToken);
            if (missing.Count == 0)
                throw new RuleBroken("卷内材料齐全，没有要补的。", code: "complete");
            var order = await orders.OpenAsync(
                new NewOrder
                {
                    Type = GapsOrder,
                    CaseId = card.Id,
                    Title = BatchBook.Cut($"补齐卷宗：{string.Join('、', missing.Select(m => PaperTypes.Of(m.Type).Label))}", 200),
                    Subject = card.JudgeName ?? "",
                    CauseSubject = string.Join(',', missing.Select(m => m.Type)),
                    Form = missing.ToDictionary(m => PaperTypes.Of(m.Type).Label, m => Workzone.Centres.Labels[m.Owes]),
                },
                cancellationToken
            );
            audit.Note("archive", archive.Id, new { missing = missing.Select(m => m.Type) }, card.Id);
            return order.Id;
        }
    }

    internal const string GapsOrder = "cataloguing.complete";
}
