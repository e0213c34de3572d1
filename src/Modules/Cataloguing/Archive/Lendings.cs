using System.Globalization;
using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Cataloguing.Archive;

/// <summary>Why a file is given to read: an agent's reading (阅卷), a loan, the court above on appeal and back.</summary>
internal static class LendingKind
{
    public const string Reading = "reading";
    public const string Loan = "loan";
    public const string Appeal = "appeal";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Reading] = "律师阅卷",
        [Loan] = "借阅",
        [Appeal] = "上诉移送",
    };
}

internal static class LendingState
{
    public const string Asked = "asked";
    public const string Making = "making";
    public const string Out = "out";
    public const string Refused = "refused";
    public const string Ended = "ended";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Asked] = "待审批",
        [Making] = "制作中",
        [Out] = "已提供",
        [Refused] = "不同意",
        [Ended] = "已收回",
    };
}

internal sealed record Lending
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Kind { get; init; } = "";
    public string State { get; init; } = "";
    public string Applicant { get; init; } = "";
    public string Credential { get; init; } = "";
    public string Purpose { get; init; } = "";
    public DateOnly? UntilOn { get; init; }
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>Null of one that was taken down before persons were kept by their number.</summary>
    public long? AskedBy { get; init; }
    public string AskedByName { get; init; } = "";
    public DateTimeOffset? DecidedAt { get; init; }
    public string DecidedByName { get; init; } = "";
    public string DecisionWords { get; init; } = "";
    public string? CopyBlob { get; init; }
    public string Reference { get; init; } = "";
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The party whose agent reads; null where no agent of the case was named.</summary>
    public long? PartyId { get; init; }
    public string? AgentName { get; init; }

    /// <summary>What the applicant wants to see, in words; it is always the main volume.</summary>
    public string? Wanted { get; init; }

    /// <summary>Pages of the marked copy.</summary>
    public int? Pages { get; init; }

    /// <summary>The application over the web that it came from; null where it was taken down in the court.</summary>
    public long? PublicId { get; init; }

    /// <summary>Pages opened through the link.</summary>
    public int PageReads { get; init; }
    public int Version { get; init; }
}

/// <summary>What a new lending begins with.</summary>
internal sealed record NewLending
{
    public string Kind { get; init; } = "";
    public string Applicant { get; init; } = "";
    public string Credential { get; init; } = "";
    public string Purpose { get; init; } = "";
    public string Wanted { get; init; } = "";
    public DateOnly? Until { get; init; }
    public AgentCard? Agent { get; init; }

    /// <summary>Null where nobody of the court took it down.</summary>
    public long? AskedBy { get; init; }
    public string AskedByName { get; init; } = "";
    public long? PublicId { get; init; }
}

/// <summary>The one place where lendings change.</summary>
internal sealed class LendingBook(Db db, Ids ids, TimeProvider clock, ICases cases)
{
    /// <summary>Writes an application down; without a last day it is fifteen days.</summary>
    public async Task<(long Id, string Reference)> AddAsync(CaseCard card, NewLending lending, CancellationToken ct)
    {
        var (id, now) = (ids.Next(), clock.GetUtcNow());
        await db.ExecuteAsync(
            """
            INSERT INTO cataloguing_lending (id, case_id, court_id, kind, state, applicant, credential, purpose, until_on, asked_at, asked_by, asked_by_name,
                decided_by_name, decision_words, reference, version, party_id, agent_name, wanted, public_id)
            VALUES (@id, @CaseId, @CourtId, @Kind, 'asked', @Applicant, @Credential, @Purpose, @until, @now, @AskedBy, @AskedByName, '', '', @reference, 1,
                @party, @agent, @Wanted, @PublicId)
            """,
            new
            {
                id,
                CaseId = card.Id,
                card.CourtId,
                lending.Kind,
                lending.Applicant,
                lending.Credential,
                lending.Purpose,
                lending.Wanted,
                lending.AskedBy,
                lending.AskedByName,
                lending.PublicId,
                until = lending.Until ?? Times.Day(now).AddDays(15),
                now,
                reference = $"YJ{id}",
                party = lending.Agent?.PartyId,
                agent = lending.Agent?.Name,
            },
            ct
        );
        return (id, $"YJ{id}");
    }

    /// <summary>The page of an asker over the web says how it stands; nothing where the application was taken down in the court.</summary>
    public Task TellAsync(long lendingId, string stage, string? answer = null, CancellationToken ct = default) =>
        db.ExecuteAsync(
            "UPDATE cataloguing_public_reading_ask SET stage = @stage, answer = COALESCE(@answer, answer), until_on = (SELECT l.until_on FROM "
                + "cataloguing_lending l WHERE l.id = @lendingId) WHERE lending_id = @lendingId",
            new
            {
                lendingId,
                stage,
                answer,
            },
            ct
        );

    /// <exception cref="RuleBroken">The case is sealed: nobody reads it over the web.</exception>
    public async Task DemandOpenAsync(long caseId, CancellationToken ct)
    {
        if (
            await db.ScalarAsync<int>($"SELECT COUNT(*) FROM workzone_case_card c WHERE c.id = @caseId AND {cases.Announceable("c.id")}", new { caseId }, ct)
            == 0
        )
            throw new RuleBroken("案件已封存，不能网上阅卷。", code: "sealed");
    }

    public static readonly StateTable Table = new(
        "cataloguing_lending",
        "阅卷申请",
        new Move("approve", [LendingState.Asked], LendingState.Making),
        new Move("refuse", [LendingState.Asked], LendingState.Refused),
        new Move("made", [LendingState.Making], LendingState.Out),
        new Move("end", [LendingState.Out, LendingState.Making], LendingState.Ended)
    );

    public const string Columns =
        "SELECT l.id, l.case_id, c.number AS case_number, l.kind, l.state, l.applicant, l.credential, l.purpose, l.until_on, l.asked_at, l.asked_by, "
        + "l.asked_by_name, l.decided_at, l.decided_by_name, l.decision_words, l.copy_blob, l.reference, l.ended_at, l.version, l.party_id, "
        + "l.agent_name, l.wanted, l.pages, l.public_id, "
        + "(SELECT COUNT(*) FROM cataloguing_public_page_read r WHERE r.lending_id = l.id) AS page_reads "
        + "FROM cataloguing_lending l JOIN workzone_case_card c ON c.id = l.case_id";

    public Task<IReadOnlyList<Lending>> OfCaseAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<Lending>(Columns + " WHERE l.case_id = @caseId ORDER BY l.asked_at DESC, l.id", new { caseId }, ct);

    public async Task<Lending> GetAsync(long id, CancellationToken ct)
    {
        var lending = await db.FirstAsync<Lending>(Columns + " WHERE l.id = @id", new { id }, ct);
        return lending is not null && await cases.CanReadAsync(lending.CaseId, ct) ? lending : throw new NotFound("阅卷申请", id);
    }
}

/// <summary>Lendings of the cases the person may see: what waits for a decision, what is out and overdue.</summary>
[Permit("cataloguing.read")]
internal sealed record ListLendings : IQuery<IReadOnlyList<Lending>>
{
    public string State { get; init; } = "";
    public long? CaseId { get; init; }

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListLendings, IReadOnlyList<Lending>>
    {
        public async Task<IReadOnlyList<Lending>> Handle(ListLendings request, CancellationToken cancellationToken)
        {
            if (request.CaseId is { } only)
                await cases.GetAsync(only, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            var states = LendingState.Labels.ContainsKey(request.State) ? [request.State] : LendingState.Labels.Keys.ToArray();
            var rows = await db.PageAsync<Lending>(
                $"{LendingBook.Columns} WHERE l.state IN @states AND (@only = 0 OR l.case_id = @only) AND {cases.Seen("l.case_id")} ORDER BY "
                    + "l.asked_at DESC, l.id",
                new
                {
                    states,
                    only = request.CaseId ?? 0,
                    me,
                    courts,
                    places,
                },
                200,
                cancellationToken
            );
            reads.List("cataloguing.lending.list", rows.Count, new { request.State }, request.CaseId);
            return rows;
        }
    }
}

/// <summary>An application to read a file is taken down.</summary>
[Permit("cataloguing.lend.ask")]
[Audited("cataloguing.lending.ask")]
internal sealed record AskLending : ICommand<long>
{
    public long CaseId { get; init; }
    public string Kind { get; init; } = LendingKind.Reading;
    public string Applicant { get; init; } = "";

    /// <summary>Licence number, letter, or the court above.</summary>
    public string Credential { get; init; } = "";
    public string Purpose { get; init; } = "";
    public DateOnly? Until { get; init; }

    /// <summary>The agent of a party of the case who reads; named, the copy can be opened by a link.</summary>
    public string Agent { get; init; } = "";

    /// <summary>The party, where the agent acts for several.</summary>
    public long? PartyId { get; init; }

    /// <summary>What is to be seen, in words.</summary>
    public string Wanted { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskLending>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(LendingKind.Labels.ContainsKey).WithMessage("没有这种事由：{PropertyValue}。");
            RuleFor(c => c.Applicant).NotEmpty().When(c => c.Agent.Length == 0).WithMessage("请填写申请人或接收法院。");
            RuleFor(c => c.Applicant).MaximumLength(120).WithMessage("申请人最长 120 个字符。");
            RuleFor(c => c.Credential).NotEmpty().WithMessage("请填写执业证号、介绍信号或移送函号。").MaximumLength(80).WithMessage("证件最长 80 个字符。");
            RuleFor(c => c.Purpose).NotEmpty().WithMessage("请写明用途。").MaximumLength(400).WithMessage("用途最长 400 个字符。");
            RuleFor(c => c.Wanted).MaximumLength(400).WithMessage("要看的内容最长 400 个字符。");
            RuleFor(c => c.Agent).Empty().When(c => c.Kind != LendingKind.Reading).WithMessage("只有律师阅卷填写代理人。");
        }
    }

    internal sealed class Handler(Actor actor, TimeProvider clock, ICases cases, LendingBook book, AuditTrail audit) : ICommandHandler<AskLending, long>
    {
        public async Task<long> Handle(AskLending request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var today = Times.Day(clock.GetUtcNow());
            if (request.Until is { } until && (until < today || until > today.AddYears(1)))
                throw new RuleBroken("期限应在今天以后、一年以内。", "Until");
            var agent =
                request.Agent.Length == 0
                    ? null
                    : (await cases.AgentsAsync(card.Id, cancellationToken)).FirstOrDefault(a =>
                        a.Name == request.Agent && (request.PartyId is null || a.PartyId == request.PartyId)
                    ) ?? throw new RuleBroken($"{request.Agent}不是本案当事人的代理人。", "Agent", "no-agent");
            var (id, _) = await book.AddAsync(
                card,
                new NewLending
                {
                    Kind = request.Kind,
                    Applicant = request.Applicant.Length > 0 ? request.Applicant : agent!.Name,
                    Credential = request.Credential,
                    Purpose = request.Purpose,
                    Wanted = request.Wanted,
                    Until = request.Until,
                    Agent = agent,
                    AskedBy = actor.Id,
                    AskedByName = actor.Name,
                },
                cancellationToken
            );
            audit.Note("lending", id, new { request.Kind }, card.Id);
            return id;
        }
    }
}

/// <summary>An application is decided by another person than who took it down. Approved, a copy of the main volume is made with a mark on every page; the
/// secondary volume never.</summary>
[Permit("cataloguing.lend.decide")]
[Audited("cataloguing.lending.decide")]
internal sealed record DecideLending : ICommand<long>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Approve { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecideLending>
    {
        public Validator() =>
            RuleFor(c => c.Words)
                .MaximumLength(400)
                .WithMessage("意见最长 400 个字符。")
                .NotEmpty()
                .When(c => !c.Approve)
                .WithMessage("不同意的，请写明理由。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, LendingBook book, WorkQueue work, AuditTrail audit)
        : ICommandHandler<DecideLending, long>
    {
        public async Task<long> Handle(DecideLending request, CancellationToken cancellationToken)
        {
            var lending = await book.GetAsync(request.Id, cancellationToken);
            if (lending.AskedBy is { } asker ? asker == actor.Id : lending.AskedByName == actor.Name)
                throw new RuleBroken("登记申请的人不能自己审批。", code: "own");
            if (request.Approve && lending.PublicId is not null)
                await book.DemandOpenAsync(lending.CaseId, cancellationToken);
            await LendingBook.Table.MoveAsync(
                db,
                request.Approve ? "approve" : "refuse",
                lending.State,
                new
                {
                    lending.Id,
                    Version = request.Version ?? lending.Version,
                    now = clock.GetUtcNow(),
                    by = actor.Name,
                    request.Words,
                },
                "decided_at = @now, decided_by_name = @by, decision_words = @Words",
                cancellationToken
            );
            await book.TellAsync(lending.Id, request.Approve ? AskStage.Making : AskStage.Refused, request.Words.Trim(), cancellationToken);
            if (request.Approve)
                await work.AddAsync(MakeCopy.Name, $"{lending.Id}", new MakeCopy.Payload { Id = lending.Id }, ct: cancellationToken);
            audit.Note("lending", lending.Id, new { request.Approve }, lending.CaseId, request.Words);
            return lending.Id;
        }
    }
}

/// <summary>The copy is given back or its time is over: it is not given out any more.</summary>
[Permit("cataloguing.lend.ask")]
[Audited("cataloguing.lending.end")]
internal sealed record EndLending : ICommand<long>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<EndLending>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明申请。");
    }

    internal sealed class Handler(Db db, TimeProvider clock, LendingBook book, ReadingDoors doors, AuditTrail audit) : ICommandHandler<EndLending, long>
    {
        public async Task<long> Handle(EndLending request, CancellationToken cancellationToken)
        {
            var lending = await book.GetAsync(request.Id, cancellationToken);
            await LendingBook.Table.MoveAsync(
                db,
                "end",
                lending.State,
                new
                {
                    lending.Id,
                    Version = request.Version ?? lending.Version,
                    now = clock.GetUtcNow(),
                },
                "ended_at = @now",
                cancellationToken
            );
            await doors.WithdrawAsync(lending.Id, cancellationToken);
            await book.TellAsync(lending.Id, AskStage.Ended, ct: cancellationToken);
            audit.Note("lending", lending.Id, new { lending.Kind }, lending.CaseId);
            return lending.Id;
        }
    }
}

/// <summary>Whoever hands a copy over takes it: in the access log with applicant and reference before the first byte leaves.</summary>
[Permit("cataloguing.lend.ask")]
internal sealed record TakeCopy : IQuery<Lending>
{
    public long Id { get; init; }

    internal sealed class Handler(LendingBook book, TimeProvider clock, AccessLog reads) : IQueryHandler<TakeCopy, Lending>
    {
        public async Task<Lending> Handle(TakeCopy request, CancellationToken cancellationToken)
        {
            var lending = await book.GetAsync(request.Id, cancellationToken);
            if (lending.State != LendingState.Out || lending.CopyBlob is null)
                throw new RuleBroken("这份加印件还没有做好，或者已经收回。", code: "state");
            if (lending.UntilOn < Times.Day(clock.GetUtcNow()))
                throw new RuleBroken($"期限 {Times.Iso(lending.UntilOn!.Value)} 已过，请收回或重新申请。", code: "over");
            reads.Note("cataloguing.lending.take", "lending", lending.Id, lending.CaseId, detail: new { lending.Applicant, lending.Reference });
            return lending;
        }
    }
}

/// <summary>Makes the marked copy of the main volume for an approved application.</summary>
internal sealed class MakeCopy(Db db, LendingBook book, ShowEfile.EfileReader efile, VolumePdf maker, PdfStamper stamper, BlobStore blobs, TimeProvider clock)
    : IWorkHandler
{
    public const string Name = "cataloguing.copy";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 50;

    public TimeSpan Lease => TimeSpan.FromMinutes(10);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var lending = await book.GetAsync(item.Read<Payload>().Id, ct);
        if (lending.State != LendingState.Making)
            return WorkOutcome.Done();
        var show = await efile.ReadAsync(lending.CaseId, ct);
        if (show.Volumes.FirstOrDefault(v => v.Name == "main") is not { } volume)
            return WorkOutcome.Wait("正卷还没有文书", TimeSpan.FromMinutes(10));
        var path = await maker.MakeAsync(show.CaseNumber, volume, ct);
        try
        {
            var pages = VolumePdf.PagesOf(path);
            var copy = await stamper.StampAsync(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{lending.Applicant}（{lending.Credential}）　{LendingKind.Labels[lending.Kind]}专用　{lending.Reference}　{Times.Full(clock.GetUtcNow())} 制　{lending.UntilOn:yyyy-MM-dd} 止"
                ),
                TimeSpan.FromMinutes(3),
                ct
            );
            if (copy.Content is null)
                return WorkOutcome.Wait("服务器缺少加盖标记的程序 qpdf 或 chromium", TimeSpan.FromMinutes(5));
            await using (copy.Content)
                return WorkOutcome.Done(new Made(await blobs.WriteAsync(copy.Content, long.MaxValue, ct), pages));
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var lending = await book.GetAsync(item.Read<Payload>().Id, ct);
        if (lending.State != LendingState.Making || outcome.Result is not Made made)
            return;
        await blobs.KeepAsync(made.Copy, ct);
        await LendingBook.Table.MoveAsync(
            db,
            "made",
            lending.State,
            new
            {
                lending.Id,
                lending.Version,
                made.Copy.Sha256,
                made.Pages,
            },
            "copy_blob = @Sha256, pages = @Pages",
            ct
        );
        await book.TellAsync(lending.Id, AskStage.Ready, ct: ct);
    }

    internal sealed record Payload
    {
        public long Id { get; init; }
    }

    private sealed record Made(Blob Copy, int Pages);
}
