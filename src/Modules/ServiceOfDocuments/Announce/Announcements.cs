using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Announce;

internal sealed record AnnouncementRow
{
    public long Id { get; init; }
    public long NoticeId { get; init; }
    public long CaseId { get; init; }
    public string Text { get; init; } = "";
    public string Ways { get; init; } = "";
    public DateOnly PublishedOn { get; init; }
    public DateOnly? EndsOn { get; init; }
    public string? Newspaper { get; init; }
    public int Cents { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset? WithdrawnAt { get; init; }
    public string? WithdrawnWhy { get; init; }
}

/// <summary>Gathers the gates from what was recorded; plain methods in the open transaction.</summary>
internal sealed class AnnounceBook(Db db, Notices notices, AddressBook addresses, StepBook steps, ICases cases)
{
    public const string Columns =
        "SELECT x.id, x.notice_id, x.case_id, x.text, x.ways, x.published_on, x.ends_on, x.newspaper, x.cents, x.created_by, x.withdrawn_at, "
        + "x.withdrawn_why FROM service_announcement x";

    public async Task<IReadOnlyList<Gate>> GatesAsync(Notice notice, bool proof, CancellationToken ct)
    {
        var tries = await db.QueryAsync<Try>(
            "SELECT channel, outcome, effective_on, evidence_id FROM service_attempt WHERE notice_id = @Id",
            new { notice.Id },
            ct
        );
        var plan = await steps.OfNoticeAsync(notice.Id, ct);
        var chain = await addresses.ChainAsync(notice.PartyId, ct);
        var party = (await cases.PartiesAsync(notice.CaseId, ct)).FirstOrDefault(p => p.Id == notice.PartyId);
        var failed = tries.Where(t => t.EffectiveOn is null && t.Outcome is not ("posted" or "sent" or "callback" or "will-collect" or "e-consent")).ToList();
        var failedAt = plan.Where(s => s.State == StepState.Failed && s.AddressId is not null && s.Channel is "postal" or "direct")
            .Select(s => s.AddressId)
            .Distinct()
            .Count();
        var atDoor = failed.Count(t => t.Channel is "postal" or "direct" or "entrusted");
        var electronic =
            (notice.State is NoticeState.Failed or NoticeState.Unread ? 1 : 0) + plan.Count(s => s is { Channel: "electronic", State: StepState.Failed });
        return AnnounceRules.Gates(
            new GateFacts
            {
                Simple = PlanRules.ProcedureOf(notice.ProcedureCode) == "simple",
                Mediation = (await notices.TasksAsync(notice.Id, ct)).Any(t => t.DocumentKind == "mediation"),
                HasElectronicOrPhone = !string.IsNullOrEmpty(party?.Phone) || !string.IsNullOrEmpty(party?.Email),
                ElectronicOrPhoneFailed = electronic + failed.Count(t => t.Channel == "phone"),
                Addresses = chain.Count,
                AddressesFailed = Math.Max(failedAt, Math.Min(chain.Count, atDoor)),
                Registered = chain.Any(a => a.Origin is "registered" or "confirmed"),
                VisitsOrMailFailed = atDoor,
                ProofOfAbsence = proof || failed.Any(t => t.EvidenceId is not null && t.Channel is "direct" or "entrusted"),
                Approved = notice.AnnounceAt is not null,
            }
        );
    }

    public Task<IReadOnlyList<AnnouncementRow>> OfNoticeAsync(long noticeId, CancellationToken ct) =>
        db.QueryAsync<AnnouncementRow>(Columns + " WHERE x.notice_id = @noticeId ORDER BY x.id", new { noticeId }, ct);

    private sealed record Try
    {
        public string Channel { get; init; } = "";
        public string Outcome { get; init; } = "";
        public DateOnly? EffectiveOn { get; init; }
        public long? EvidenceId { get; init; }
    }
}

/// <summary>The page of an announcement: gates with their evidence, the text proposed, what was published.</summary>
[Permit("service.read")]
internal sealed record ShowAnnouncement : IQuery<ShowAnnouncement.Result>
{
    public long NoticeId { get; init; }

    internal sealed record Result(
        Notice Notice,
        OrderCard Order,
        IReadOnlyList<Gate> Gates,
        string Text,
        IReadOnlyList<AnnouncementRow> Published,
        IReadOnlyList<CourtOps.Web.Option> Papers
    );

    internal sealed class Handler(
        Notices notices,
        AnnounceBook book,
        HearingWatch hearings,
        ICases cases,
        CourtOps.Workzone.Documents.IDocuments documents,
        TimeProvider clock
    ) : IQueryHandler<ShowAnnouncement, Result>
    {
        public async Task<Result> Handle(ShowAnnouncement request, CancellationToken cancellationToken)
        {
            var (notice, order) = await notices.OpenAsync(request.NoticeId, null, cancellationToken);
            var tasks = (await notices.TasksAsync(notice.Id, cancellationToken)).Where(t => t.EffectiveOn is null).ToList();
            var readable = await cases.CanReadAsync(notice.CaseId, cancellationToken);
            var opponents = readable
                ? string.Join(
                    '、',
                    (await cases.PartiesAsync(notice.CaseId, cancellationToken)).Where(p => Sides.Of(p.Role) == 1 && p.Id != notice.PartyId).Select(p => p.Name)
                )
                : "";
            var hearing = await hearings.OfCaseAsync(notice.CaseId, cancellationToken) is [var next, ..] ? next : null;
            var today = Times.Day(clock.GetUtcNow());
            var text = AnnounceRules.Text(
                notice.CourtName,
                notice.Recipient,
                notice.CaseNumber,
                notice.Cause,
                opponents.Length > 0 ? opponents : "原告",
                [.. tasks.Select(t => (t.DocumentKind, t.DocumentTitle))],
                today,
                30,
                15,
                hearing is null ? null : Times.Full(hearing.StartAt),
                null
            );
            return new Result(
                notice,
                order,
                readable ? await book.GatesAsync(notice, false, cancellationToken) : [],
                text,
                await book.OfNoticeAsync(notice.Id, cancellationToken),
                readable
                    ?
                    [
                        .. (await documents.OfCaseAsync(notice.CaseId, cancellationToken))
                            .Where(d => d.Volume == "main")
                            .Select(d => new CourtOps.Web.Option($"{d.Id}", d.Title)),
                    ]
                    : []
            );
        }
    }
}

/// <summary>Publishes: on our public page, for a newspaper, by posting; every gate must be open. The effect comes on its day by a job.</summary>
[Permit("service.work")]
[Audited("service.announcement.publish")]
internal sealed record PublishAnnouncement : ICommand<PublishAnnouncement.Result>
{
    public long NoticeId { get; init; }

    /// <summary>In the place of the notice: one of its documents.</summary>
    public long? TaskId { get; init; }
    public string Text { get; init; } = "";

    /// <summary>site, newspaper, posting.</summary>
    public IReadOnlyList<string> Ways { get; init; } = [];
    public string Newspaper { get; init; } = "";
    public long Cents { get; init; }
    public bool Foreign { get; init; }

    /// <summary>The proof that the person cannot be found.</summary>
    public long? EvidenceId { get; init; }
    public IReadOnlyList<TakenFile> Photos { get; init; } = [];

    internal sealed record Result(long Id, DateOnly? EffectiveOn);

    internal sealed class Validator : AbstractValidator<PublishAnnouncement>
    {
        public Validator()
        {
            RuleFor(c => c.Text).Must(t => t.Trim().Length is >= 40 and <= 4000).WithMessage("公告内容 40 至 4000 个字符。");
            RuleFor(c => c.Ways)
                .Must(w => w.Count > 0 && w.All(x => x is "site" or "newspaper" or "posting"))
                .WithMessage("请选择公告方式：本院网页、报纸、张贴。");
            RuleFor(c => c.Newspaper)
                .NotEmpty()
                .When(c => c.Ways.Contains("newspaper"))
                .WithMessage("请填报纸名称和版次。")
                .MaximumLength(120)
                .WithMessage("报纸最长 120 个字符。");
            RuleFor(c => c.Photos)
                .Must(p => p.Any(f => f.Kind == "photo"))
                .When(c => c.Ways.Contains("posting"))
                .WithMessage("张贴公告须附张贴的照片（民诉法解释第138条）。");
            RuleFor(c => c.Cents).InclusiveBetween(0, 10_000_000).WithMessage("公告费不能为负，也不能超过十万元。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Notices notices,
        AnnounceBook book,
        AttemptBook attempts,
        EvidenceBook evidence,
        Actor actor,
        AuditTrail audit
    ) : ICommandHandler<PublishAnnouncement, Result>
    {
        public async Task<Result> Handle(PublishAnnouncement request, CancellationToken cancellationToken)
        {
            var (notice, order) = await notices.OpenAsync(
                request.TaskId is { } task ? await notices.OfTaskAsync(task, cancellationToken) : request.NoticeId,
                null,
                cancellationToken
            );
            if ((await book.OfNoticeAsync(notice.Id, cancellationToken)).FirstOrDefault(a => a.WithdrawnAt is null) is { } there)
                throw new Conflict($"已于 {Times.Iso(there.PublishedOn)} 公告，不用重复公告。", there.CreatedBy);
            var gates = await book.GatesAsync(notice, request.EvidenceId is not null, cancellationToken);
            if (gates.FirstOrDefault(g => !g.Open) is { } shut)
                throw new RuleBroken($"公告的条件还没有满足：{shut.Label}（{shut.Evidence}）。", "Gates", "gate-" + shut.Code);
            var kinds = (await notices.TasksAsync(notice.Id, cancellationToken)).Where(t => t.EffectiveOn is null).Select(t => t.DocumentKind).ToList();
            if (AnnounceRules.Lacks(request.Text, kinds) is { Count: > 0 } lacks)
                throw new RuleBroken($"公告内容缺少：{string.Join('、', lacks)}（民诉法解释第139条）。", "Text");
            var now = notices.Now();
            var today = Times.Day(now);
            var id = ids.Next();
            foreach (var photo in request.Photos)
                await evidence.AddAsync(notice, null, photo, photo.Kind, now, "张贴公告", null, actor.Name, now, cancellationToken);
            var result = await attempts.RecordAsync(
                notice,
                order,
                new AttemptFacts
                {
                    Channel = "announcement",
                    Outcome = "published",
                    On = today,
                    Foreign = request.Foreign,
                    Words = Contests.Cut(
                        $"公告方式：{string.Join('、', request.Ways.Select(Way))}{(request.Newspaper.Length > 0 ? "（" + request.Newspaper.Trim() + "）" : "")}",
                        400
                    ),
                },
                request.EvidenceId,
                true,
                actor.Name,
                cancellationToken
            );
            var court = await db.FirstAsync<long?>("SELECT court_id FROM workzone_case_card WHERE id = @CaseId", new { notice.CaseId }, cancellationToken);
            var row = new
            {
                id,
                notice = notice.Id,
                notice.CaseId,
                court = court ?? 0,
                text = request.Text.Trim(),
                ways = string.Join(' ', request.Ways.Distinct()),
                today,
                result.EffectiveOn,
                newspaper = request.Newspaper.Trim().Length > 0 ? request.Newspaper.Trim() : null,
                request.Cents,
                gates = JsonSerializer.Serialize(gates, Json.Stored),
                by = actor.Name,
                now,
                notice.CourtName,
                notice.Recipient,
            };
            await db.ExecuteAsync(
                "INSERT INTO service_announcement (id, notice_id, case_id, court_id, text, ways, published_on, ends_on, newspaper, cents, gates, "
                    + "created_by, created_at) VALUES (@id, @notice, @CaseId, @court, @text, @ways, @today, @EffectiveOn, @newspaper, @Cents, @gates, "
                    + "@by, @now)",
                row,
                cancellationToken
            );
            if (request.Ways.Contains("site"))
                await db.ExecuteAsync(
                    "INSERT INTO service_public_announcement (id, court_name, recipient, text, published_on, ends_on) VALUES (@id, @CourtName, "
                        + "@Recipient, @text, @today, @EffectiveOn)",
                    row,
                    cancellationToken
                );
            audit.Note("notice", notice.Id, new { announcement = id, request.Ways });
            return new Result(id, result.EffectiveOn);
        }

        private static string Way(string code) =>
            code switch
            {
                "site" => "本院网页",
                "newspaper" => "报纸",
                _ => "张贴",
            };
    }
}

/// <summary>An announcement is withdrawn before its day: the person was found, or the text was wrong. It has no effect; the plan goes on.</summary>
[Permit("service.work")]
[Audited("service.announcement.withdraw")]
internal sealed record WithdrawAnnouncement : ICommand
{
    public long Id { get; init; }
    public string Why { get; init; } = "";

    internal sealed class Validator : AbstractValidator<WithdrawAnnouncement>
    {
        public Validator() => RuleFor(c => c.Why).NotEmpty().WithMessage("请写明为什么撤回公告。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Notices notices, StewardBook steward, Actor actor, AuditTrail audit) : CommandHandler<WithdrawAnnouncement>
    {
        protected override async Task RunAsync(WithdrawAnnouncement command, CancellationToken ct)
        {
            var row =
                await db.FirstAsync<AnnouncementRow>(AnnounceBook.Columns + " WHERE x.id = @Id", new { command.Id }, ct)
                ?? throw new NotFound("公告", command.Id);
            Notice notice;
            try
            {
                (notice, _) = await notices.OpenAsync(row.NoticeId, null, ct);
            }
            catch (NotFound)
            {
                throw new NotFound("公告", command.Id);
            }
            if (row.WithdrawnAt is not null)
                return;
            if (notice.ServedAt is not null)
                throw new RuleBroken("公告已经期满送达，不能撤回；有错误的，登记异议由人认定。", code: "state");
            var now = notices.Now();
            await db.ExecuteAsync(
                "UPDATE service_announcement SET withdrawn_at = @now, withdrawn_why = @why WHERE id = @Id",
                new
                {
                    command.Id,
                    now,
                    why = command.Why.Trim(),
                },
                ct
            );
            await db.ExecuteAsync("UPDATE service_public_announcement SET withdrawn_at = @now WHERE id = @Id", new { command.Id, now }, ct);
            await db.ExecuteAsync(
                "UPDATE service_attempt SET settled_at = @now, effective_on = NULL, next_channel = 'direct' WHERE notice_id = @notice AND channel = "
                    + "'announcement' AND settled_at IS NULL",
                new { notice = notice.Id, now },
                ct
            );
            await steward.FailAsync(notice, "announcement", $"公告撤回：{command.Why.Trim()}", actor.Name, ct);
            await steward.TakeAsync(notice, "direct", "公告撤回后另行送达", actor.Name, ct);
            await notices.NoteAsync(notice, "announcement-withdrawn", now, new { command.Why }, command.Why.Trim(), ct);
            audit.Note("notice", notice.Id, new { withdrawn = command.Id });
        }
    }
}

/// <summary>
/// What the public reads: announcements of the last half year, newest first, none of a sealed case; of a withdrawn one only that it was withdrawn, its text
/// is not shown any
/// more.
/// </summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record ListPublicAnnouncements : IQuery<IReadOnlyList<ListPublicAnnouncements.Row>>
{
    internal sealed record Row
    {
        public long Id { get; init; }
        public string CourtName { get; init; } = "";
        public string Recipient { get; init; } = "";
        public string Text { get; init; } = "";
        public DateOnly PublishedOn { get; init; }
        public DateOnly? EndsOn { get; init; }
        public DateTimeOffset? WithdrawnAt { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock) : IQueryHandler<ListPublicAnnouncements, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> Handle(ListPublicAnnouncements request, CancellationToken cancellationToken) =>
            db.PageAsync<Row>(
                $"""
                SELECT p.id, p.court_name, p.recipient, CASE WHEN p.withdrawn_at IS NULL THEN p.text ELSE '' END AS text, p.published_on, p.ends_on,
                    p.withdrawn_at
                FROM service_public_announcement p JOIN service_announcement x ON x.id = p.id
                WHERE p.published_on > @since AND {cases.Announceable("x.case_id")} ORDER BY p.published_on DESC, p.id DESC
                """,
                new { since = Times.Day(clock.GetUtcNow()).AddDays(-180) },
                100,
                cancellationToken
            );
    }
}

/// <summary>Announcements for a newspaper: what is approved for it and not withdrawn, as plain text.</summary>
[Permit("service.work")]
internal sealed record ExportNewspaper : IQuery<string>
{
    internal sealed class Handler(Db db, ICases cases, TimeProvider clock, Kernel.Access.AccessLog reads) : IQueryHandler<ExportNewspaper, string>
    {
        public async Task<string> Handle(ExportNewspaper request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<AnnouncementRow>(
                AnnounceBook.Columns
                    + " WHERE x.published_on > @since AND x.withdrawn_at IS NULL AND x.ways LIKE '%newspaper%' AND "
                    + cases.Seen("x.case_id")
                    + " ORDER BY x.published_on, x.id",
                new
                {
                    since = Times.Day(clock.GetUtcNow()).AddDays(-30),
                    me,
                    courts,
                    places,
                },
                500,
                cancellationToken
            );
            reads.List("service.announcement.export", rows.Count, new { });
            return string.Join("\r\n\r\n", rows.Select(r => $"【{r.Newspaper}】\r\n{r.Text.Replace("\n", "\r\n", StringComparison.Ordinal)}"));
        }
    }
}
