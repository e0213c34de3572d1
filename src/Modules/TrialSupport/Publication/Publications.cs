using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.TrialSupport.Drafts;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Publication;

internal sealed record PublicationRow
{
    public const string Columns =
        "p.id, p.case_id, p.court_id, p.case_number, p.draft_id, p.title, p.court_name, p.effective_on, p.due_on, p.state, p.reason, p.words, p.body, "
        + "p.changes, p.asked_by, p.asked_name, p.asked_at, p.decided_name, p.decided_at, p.version";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["asked"] = "待审批",
        ["published"] = "已公开",
        ["kept"] = "不公开",
        ["withdrawn"] = "已撤回",
    };

    public static readonly StateTable Table = new(
        "trial_publication",
        "文书公开",
        new("publish", ["asked"], "published"),
        new("keep", ["asked"], "kept"),
        new("redo", ["asked", "kept", "withdrawn"], "asked"),
        new("withdraw", ["published"], "withdrawn")
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public long DraftId { get; init; }
    public string Title { get; init; } = "";
    public string CourtName { get; init; } = "";
    public DateOnly EffectiveOn { get; init; }

    /// <summary>Seven working days after the effect (Art 7).</summary>
    public DateOnly DueOn { get; init; }
    public string State { get; init; } = "";
    public string? Reason { get; init; }
    public string? Words { get; init; }

    /// <summary>Paragraphs as they would be read; JSON.</summary>
    public string Body { get; init; } = "[]";
    public int Changes { get; init; }
    public long AskedBy { get; init; }
    public string AskedName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public string? DecidedName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public int Version { get; init; }

    public IReadOnlyList<string> Paragraphs => JsonSerializer.Deserialize<List<string>>(Body, Json.Stored)!;
}

/// <summary>Hides what an issued document may not say and asks for its publication, or that it is not published.</summary>
[Permit("trial.draft")]
[Audited("trial.publication.ask")]
internal sealed record AskPublication : ICommand<PublicationRow>
{
    public long DraftId { get; init; }
    public DateOnly? EffectiveOn { get; init; }

    /// <summary>Further names to hide: victims, witnesses, experts, minors.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>A code of <see cref="Redaction.Reasons"/>: it is not published. Empty: by the record.</summary>
    public string Reason { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskPublication>
    {
        public Validator()
        {
            RuleFor(c => c.DraftId).NotEmpty().WithMessage("请指明文书。");
            RuleFor(c => c.Names).Must(n => n.Count <= 200 && n.All(x => x.Trim().Length <= 60)).WithMessage("最多 200 个姓名，每个最长 60 个字符。");
            RuleFor(c => c.Reason).Must(r => r.Length == 0 || Redaction.Reasons.ContainsKey(r)).WithMessage("请选择不公开的情形。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Reason == "unsuitable")
                .WithMessage("其他不宜公布的情形须写明理由。")
                .MaximumLength(400)
                .WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        DraftBook drafts,
        ICases cases,
        ICalendarSource calendars,
        EffectBook effects,
        PublicationBook book,
        AuditTrail audit
    ) : ICommandHandler<AskPublication, PublicationRow>
    {
        public async Task<PublicationRow> Handle(AskPublication c, CancellationToken cancellationToken)
        {
            var draft = await drafts.OpenAsync(c.DraftId, null, cancellationToken);
            if (draft.IssuedOn is null)
                throw new RuleBroken("文书还没有制发，不能公开。", "DraftId", "not-issued");
            var today = Times.Day(clock.GetUtcNow());
            var card = await cases.GetAsync(draft.CaseId, cancellationToken);
            var parties = await cases.PartiesAsync(card.Id, cancellationToken);
            var effective = await EffectiveAsync(c, draft, card.ProcedureCode, today, cancellationToken);
            var names = (Redaction.HidesParties(card.Cause) ? parties.Where(p => p.PartyType == "natural").Select(p => p.Name) : []).Concat(
                c.Names.Select(n => n.Trim())
            );
            var redacted = Redaction.Apply(JsonSerializer.Deserialize<List<string>>(draft.Paragraphs, Json.Stored)!, Redaction.Hide(names));
            var minor = card.Kind == "criminal" && parties.Any(x => x.Role.StartsWith('被') && EffectRules.IsMinor(x.IdNumber, card.FiledOn));
            var reason =
                c.Reason.Length > 0 ? c.Reason
                : minor ? "minor"
                : Redaction.Against(draft.Kind, card.Cause);
            var args = new
            {
                id = ids.Next(),
                CaseId = card.Id,
                card.CourtId,
                card.Number,
                c.DraftId,
                draft.Title,
                card.CourtName,
                EffectiveOn = effective,
                due = calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null).AddWorkdays(effective, 7),
                reason,
                words = c.Words.Trim().Length > 0 ? c.Words.Trim() : null,
                body = JsonSerializer.Serialize(redacted.Paragraphs, Json.Stored),
                changes = redacted.Hidden.Values.Sum(),
                by = actor.Id,
                name = actor.Name,
                now = clock.StoredNow(),
            };
            if (
                await db.FirstAsync<PublicationRow>(
                    $"SELECT {PublicationRow.Columns} FROM trial_publication p WHERE p.draft_id = @DraftId",
                    new { c.DraftId },
                    cancellationToken
                ) is
                { } was
            )
            {
                await PublicationRow.Table.MoveAsync(
                    db,
                    "redo",
                    was.State,
                    new
                    {
                        was.Id,
                        was.Version,
                        args.EffectiveOn,
                        args.due,
                        args.reason,
                        args.words,
                        args.body,
                        args.changes,
                        args.by,
                        args.name,
                        args.now,
                    },
                    "effective_on = @EffectiveOn, due_on = @due, reason = @reason, words = @words, body = @body, changes = @changes, asked_by = @by, "
                        + "asked_name = @name, asked_at = @now, decided_name = NULL, decided_at = NULL",
                    cancellationToken
                );
                audit.Note("publication", was.Id, new { reason, args.changes }, card.Id);
                return await book.GetAsync(was.Id, null, cancellationToken);
            }
            await db.ExecuteAsync(
                """
                INSERT INTO trial_publication (id, case_id, court_id, case_number, draft_id, title, court_name, effective_on, due_on, state, reason, words,
                    body, changes, asked_by, asked_name, asked_at, version)
                VALUES (@id, @CaseId, @CourtId, @Number, @DraftId, @Title, @CourtName, @EffectiveOn, @due, 'asked', @reason, @words, @body, @changes, @by,
                    @name, @now, 1)
                """,
                args,
                cancellationToken
            );
            audit.Note("publication", args.id, new { reason, args.changes }, card.Id);
            return await book.GetAsync(args.id, null, cancellationToken);
        }

        // by service and appeal; where service is not known here (a document of before), the day that is given
        private async Task<DateOnly> EffectiveAsync(AskPublication c, Draft draft, string procedure, DateOnly today, CancellationToken ct)
        {
            if (draft.Kind is "judgment" or "ruling" && await effects.AppellantsAsync(draft.CaseId, ct) is { Count: > 0 } appellants)
                throw new RuleBroken($"{string.Join('、', appellants)}已经上诉，一审文书没有生效，不能公开。", "EffectiveOn", "appealed");
            var served = draft.DocumentId is { } document ? await effects.OfAsync(draft.CaseId, document, ct) : [];
            var derived = EffectRules.EffectiveOn(served, EffectRules.IsFinal(draft.Kind, procedure, served));
            if (served.Any(p => p.On is null) && served.Any(p => p.On is not null))
                throw new RuleBroken(
                    $"文书还没有送达：{string.Join('、', served.Where(p => p.On is null).Select(p => p.Name))}，没有生效。",
                    "EffectiveOn",
                    "unserved"
                );
            // all are served, and of somebody the period to appeal is not known here
            if (derived is null && c.EffectiveOn is null && served.Count > 0 && served.All(p => p.On is not null))
                throw new RuleBroken(
                    $"没有登记上诉期：{string.Join('、', served.Where(p => p.AppealEnds is null).Select(p => p.Name))}，生效日期算不出来；请核对后填写。",
                    "EffectiveOn",
                    "no-period"
                );
            var on = derived ?? c.EffectiveOn ?? throw new RuleBroken("请填写裁判生效的日期。", "EffectiveOn", "no-date");
            if (derived is not null && c.EffectiveOn is { } given && given != derived)
                throw new RuleBroken($"按各方送达和上诉期计算，生效日期是 {Times.Iso(derived.Value)}。", "EffectiveOn", "day");
            if (on < draft.IssuedOn || on > today)
                throw new RuleBroken($"生效日期应在制发（{Times.Iso(draft.IssuedOn!.Value)}）之后、今天以前；算得 {Times.Iso(on)}。", "EffectiveOn");
            return on;
        }
    }
}

/// <summary>The judge of the case publishes or keeps back, or withdraws what was published; nobody else, whoever asked.</summary>
[Permit("trial.sign")]
[Audited("trial.publication.decide")]
internal sealed record DecidePublication : ICommand<PublicationRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>publish, keep or withdraw.</summary>
    public string Step { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecidePublication>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(s => s is "publish" or "keep" or "withdraw").WithMessage("请选择公开、不公开或者撤回。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Step == "withdraw")
                .WithMessage("撤回须写明原因。")
                .MaximumLength(400)
                .WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, PublicationBook book, ICases cases, AuditTrail audit)
        : ICommandHandler<DecidePublication, PublicationRow>
    {
        public async Task<PublicationRow> Handle(DecidePublication c, CancellationToken cancellationToken)
        {
            var p = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if ((await cases.GetAsync(p.CaseId, cancellationToken)).JudgeId != actor.Id)
                throw new Forbidden("trial.sign", "由承办法官决定是否公开。");
            if (c.Step == "publish" && p.Reason is { } reason)
                throw new RuleBroken($"依法不公开：{Redaction.Reasons[reason]}（法释〔2016〕19号第4条）。", "Step", "not-public");
            if (c.Step == "keep" && p.Reason is null)
                throw new RuleBroken("不公开须有法定情形，请先选择情形重新报审。", "Step", "no-reason");
            var now = clock.StoredNow();
            await PublicationRow.Table.MoveAsync(
                db,
                c.Step,
                p.State,
                new
                {
                    p.Id,
                    p.Version,
                    name = actor.Name,
                    now,
                    words = c.Words.Trim().Length > 0 ? c.Words.Trim() : p.Words,
                },
                "decided_name = @name, decided_at = @now, words = @words",
                cancellationToken
            );
            await db.ExecuteAsync("DELETE FROM trial_public_document WHERE id = @Id", new { p.Id }, cancellationToken);
            if (c.Step == "publish")
                await db.ExecuteAsync(
                    "INSERT INTO trial_public_document (id, case_id, court_name, case_number, title, body, published_on) VALUES (@Id, @CaseId, "
                        + "@CourtName, @CaseNumber, @Title, @Body, @on)",
                    new
                    {
                        p.Id,
                        p.CaseId,
                        p.CourtName,
                        p.CaseNumber,
                        Title = Redaction.PublicTitle(p.Paragraphs),
                        p.Body,
                        on = Times.Day(now),
                    },
                    cancellationToken
                );
            audit.Note("publication", p.Id, new { c.Step }, p.CaseId);
            return await book.GetAsync(p.Id, null, cancellationToken);
        }
    }
}

/// <summary>Reads publications of cases the person may see.</summary>
internal sealed class PublicationBook(Db db, ICases cases)
{
    /// <exception cref="NotFound">No such publication, or its case is not for this actor.</exception>
    public async Task<PublicationRow> GetAsync(long id, int? version, CancellationToken ct)
    {
        var p = await db.FirstAsync<PublicationRow>($"SELECT {PublicationRow.Columns} FROM trial_publication p WHERE p.id = @id", new { id }, ct);
        if (p is null || !await cases.CanReadAsync(p.CaseId, ct))
            throw new NotFound("文书公开", id);
        return version is null || version == p.Version ? p : throw new Conflict("文书公开刚被他人办理，请刷新后再看。");
    }
}

/// <summary>Publications by their day.</summary>
[Permit("trial.read")]
internal sealed record ListPublications : IQuery<IReadOnlyList<PublicationRow>>
{
    public string State { get; init; } = "asked";

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListPublications, IReadOnlyList<PublicationRow>>
    {
        public async Task<IReadOnlyList<PublicationRow>> Handle(ListPublications request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<PublicationRow>(
                $"SELECT {PublicationRow.Columns} FROM trial_publication p WHERE p.court_id IN @courts AND p.state = @State AND "
                    + cases.Seen("p.case_id")
                    + " ORDER BY p.due_on, p.id",
                new
                {
                    me,
                    courts,
                    places,
                    request.State,
                },
                200,
                cancellationToken
            );
            reads.List("trial.publication.list", rows.Count, new { request.State });
            return rows;
        }
    }
}

/// <summary>One publication with the text before and after.</summary>
[Permit("trial.read")]
internal sealed record ShowPublication : IQuery<ShowPublication.Result>
{
    public long Id { get; init; }

    internal sealed record Result(PublicationRow Row, CaseCard Case, IReadOnlyList<(string Before, string After)> Lines);

    internal sealed class Handler(PublicationBook book, DraftBook drafts, ICases cases) : IQueryHandler<ShowPublication, Result>
    {
        public async Task<Result> Handle(ShowPublication request, CancellationToken cancellationToken)
        {
            var p = await book.GetAsync(request.Id, null, cancellationToken);
            var before = JsonSerializer.Deserialize<List<string>>((await drafts.OpenAsync(p.DraftId, null, cancellationToken)).Paragraphs, Json.Stored)!;
            return new Result(p, await cases.GetAsync(p.CaseId, cancellationToken), [.. before.Zip(p.Paragraphs)]);
        }
    }
}

/// <summary>What anybody may read.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record PublicDocuments : IQuery<IReadOnlyList<PublicDocuments.Row>>
{
    public long? Id { get; init; }
    public string Words { get; init; } = "";

    internal sealed record Row
    {
        public long Id { get; init; }
        public string CourtName { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string Title { get; init; } = "";
        public string Body { get; init; } = "[]";
        public DateOnly PublishedOn { get; init; }

        public IReadOnlyList<string> Paragraphs => JsonSerializer.Deserialize<List<string>>(Body, Json.Stored)!;
    }

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<PublicDocuments, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(PublicDocuments request, CancellationToken cancellationToken)
        {
            var words = request.Words.Trim().Length is > 0 and <= 60 ? request.Words.Trim() : "";
            return await db.PageAsync<Row>(
                "SELECT d.id, d.court_name, d.case_number, d.title, "
                    + (request.Id is null ? "'[]' AS body" : "d.body")
                    + ", d.published_on FROM trial_public_document d WHERE "
                    + cases.Announceable("d.case_id")
                    + " AND "
                    + (request.Id is null ? "(@words = '' OR d.case_number = @words)" : "d.id = @Id")
                    + " ORDER BY d.published_on DESC, d.id DESC",
                new { request.Id, words },
                100,
                cancellationToken
            );
        }
    }
}
