using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Calls;

/// <summary>Steps of one channel that are to be done: the queue of callers, postal desk, servers.</summary>
[Permit("service.work")]
internal sealed record ListSteps : IQuery<ListSteps.Result>
{
    public string Channel { get; init; } = "phone";

    /// <summary>zh or ko; empty for all.</summary>
    public string Language { get; init; } = "";

    /// <summary>Also those whose time has not come.</summary>
    public bool Later { get; init; }

    internal sealed record Result(IReadOnlyList<Row> Rows);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long NoticeId { get; init; }
        public long OrderId { get; init; }
        public long CaseId { get; init; }
        public long CourtId { get; init; }
        public string Channel { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string Cause { get; init; } = "";
        public string Recipient { get; init; } = "";
        public string RecipientRole { get; init; } = "";
        public string Language { get; init; } = "";
        public DateTimeOffset? StartsAt { get; init; }
        public string? Result { get; init; }
        public string Why { get; init; } = "";
        public string? AssigneeName { get; init; }
        public long PartyId { get; init; }
    }

    internal sealed class Handler(Db db, IWorkOrders orders, ICases cases, TimeProvider clock, Kernel.Access.AccessLog reads) : IQueryHandler<ListSteps, Result>
    {
        public async Task<Result> Handle(ListSteps request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = orders.SeenArguments;
            var channels = request.Channel == "visit" ? new[] { "direct", "leave" } : [request.Channel];
            var rows = await db.PageAsync<Row>(
                """
                SELECT s.id, s.notice_id, s.order_id, s.case_id, s.court_id, s.channel, n.case_number, n.court_name, n.cause, n.recipient, n.recipient_role,
                    n.language, s.starts_at, s.result, s.why, o.assignee_name, n.party_id
                FROM service_step s JOIN service_notice n ON n.id = s.notice_id JOIN workzone_order_card o ON o.id = s.order_id
                WHERE s.state = 'due' AND s.channel IN @channels AND s.batch_id IS NULL AND o.state = 'accepted' AND n.state <> 'contested'
                """
                    + (request.Later ? "" : " AND s.starts_at <= @now")
                    + (request.Language is "zh" or "ko" ? " AND n.language = @Language" : "")
                    + " AND "
                    + orders.Seen("s.order_id")
                    // who calls or visits needs the case; who posts only the letter
                    + (request.Channel == "postal" ? "" : " AND " + cases.Seen("s.case_id"))
                    + " ORDER BY s.starts_at, s.id",
                new
                {
                    channels,
                    now = clock.GetUtcNow(),
                    request.Language,
                    me,
                    courts,
                    places,
                },
                200,
                cancellationToken
            );
            reads.List("service.step.list", rows.Count, new { request.Channel });
            return new Result(rows);
        }
    }
}

/// <summary>One call: whom, what to say, what was said before.</summary>
[Permit("service.work")]
internal sealed record ShowCall : IQuery<ShowCall.Result>
{
    public long StepId { get; init; }

    internal sealed record Result(
        Step Step,
        Notice Notice,
        string? Phone,
        IReadOnlyList<string> Script,
        IReadOnlyList<string> ScriptKo,
        IReadOnlyList<CallRow> Calls,
        IReadOnlyList<EvidenceRow> Evidence,
        IReadOnlyList<string> Shared
    );

    internal sealed class Handler(
        Db db,
        Notices notices,
        ICases cases,
        SharedAddresses shared,
        EvidenceBook evidence,
        Actor actor,
        Kernel.Access.AccessLog reads
    ) : IQueryHandler<ShowCall, Result>
    {
        public async Task<Result> Handle(ShowCall request, CancellationToken cancellationToken)
        {
            var step = await Steps.FindAsync(db, request.StepId, cancellationToken);
            var (notice, _) = await Steps.OpenAsync(notices, step, cancellationToken);
            var party = (await cases.PartiesAsync(notice.CaseId, cancellationToken)).FirstOrDefault(p => p.Id == notice.PartyId);
            var papers = (await notices.TasksAsync(notice.Id, cancellationToken)).Where(t => t.EffectiveOn is null).Select(t => t.DocumentTitle).ToList();
            var opponents = await shared.FindAsync(notice, cancellationToken);
            reads.Note("service.call.view", "notice", notice.Id, notice.CaseId);
            IReadOnlyList<string> Script(string language) =>
                CallScript.Of(language, notice.CourtName, actor.Name, notice.Recipient, notice.CaseNumber, notice.Cause, papers);
            return new Result(
                step,
                notice,
                opponents.Count > 0 ? null : party?.Phone,
                Script("zh"),
                Script("ko"),
                await db.QueryAsync<CallRow>(
                    "SELECT id, direction, number_tail, outcome, words, by_name, at, callback_at FROM service_call WHERE notice_id = @Id ORDER BY id DESC",
                    new { notice.Id },
                    cancellationToken
                ),
                await evidence.OfNoticeAsync(notice.Id, cancellationToken),
                opponents
            );
        }
    }
}

internal sealed record CallRow
{
    public long Id { get; init; }
    public long? NoticeId { get; init; }
    public string Direction { get; init; } = "";
    public string? NumberTail { get; init; }
    public string Outcome { get; init; } = "";
    public string Words { get; init; } = "";
    public string ByName { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public DateTimeOffset? CallbackAt { get; init; }
    public string? Recipient { get; init; }
    public long? StepId { get; init; }
}

internal static class Steps
{
    public static async Task<Step> FindAsync(Db db, long id, CancellationToken ct) =>
        await db.FirstAsync<Step>(StepBook.Columns + " WHERE s.id = @id", new { id }, ct) ?? throw new NotFound("送达步骤", id);

    /// <exception cref="NotFound">Of an order that is not for this actor; told of the step.</exception>
    public static async Task<(Notice Notice, OrderCard Order)> OpenAsync(Notices notices, Step step, CancellationToken ct)
    {
        try
        {
            return await notices.OpenAsync(step.NoticeId, null, ct);
        }
        catch (NotFound)
        {
            throw new NotFound("送达步骤", step.Id);
        }
    }
}

/// <summary>What came of a call, with the next step; the recording beside it.</summary>
[Permit("service.work")]
[Audited("service.call.record")]
internal sealed record RecordCall : ICommand<RecordCall.Result>
{
    public long StepId { get; init; }
    public string Outcome { get; init; } = "";
    public string Words { get; init; } = "";

    /// <summary>With e-consent: the address the person gave.</summary>
    public string Email { get; init; } = "";

    /// <summary>With callback and will-collect: when.</summary>
    public DateTimeOffset? At { get; init; }
    public IReadOnlyList<TakenFile> Files { get; init; } = [];

    internal sealed record Result(string? Next, DateOnly? EffectiveOn);

    internal sealed class Validator : AbstractValidator<RecordCall>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.Outcome).Must(o => AttemptRules.Outcomes["phone"].ContainsKey(o)).WithMessage("请选择通话结果。");
            RuleFor(c => c.Words)
                .MaximumLength(400)
                .WithMessage("通话内容最长 400 个字符。")
                .Must(w => !string.IsNullOrWhiteSpace(w))
                .When(c => c.Outcome is "reached" or "refused" or "wrong-person" && c.Files.Count == 0)
                .WithMessage("请写通话内容，或者附录音。");
            RuleFor(c => c.Email)
                .Must(Addresses.ConfirmationRules.IsMail)
                .When(c => c.Outcome == "e-consent")
                .WithMessage("请填本人提供的电子邮箱，并复述确认。");
            RuleFor(c => c.At)
                .Must(a => a > clock.GetUtcNow() && a < clock.GetUtcNow().AddDays(60))
                .When(c => c.Outcome is "callback" or "will-collect")
                .WithMessage("请填约定的时间，在现在之后、六十日之内。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Notices notices,
        AttemptBook attempts,
        EvidenceBook evidence,
        StewardBook steward,
        IContacts contacts,
        Secrets secrets,
        Actor actor
    ) : ICommandHandler<RecordCall, Result>
    {
        public async Task<Result> Handle(RecordCall request, CancellationToken cancellationToken)
        {
            var step = await Steps.FindAsync(db, request.StepId, cancellationToken);
            var (notice, order) = await Steps.OpenAsync(notices, step, cancellationToken);
            if (step.Channel != "phone" || !StepState.IsOpen(step.State))
                throw new Conflict("这次电话送达已经办结，请刷新后再看。");
            var now = notices.Now();
            foreach (var file in request.Files)
                await evidence.AddAsync(notice, step.Id, file, file.Kind, now, null, "通话录音", actor.Name, now, cancellationToken);
            var words =
                request.Words.Trim().Length > 0 ? request.Words.Trim()
                : request.Files.Count > 0 ? "见录音"
                : $"{Times.Full(now)} 拨打";
            await db.ExecuteAsync(
                """
                INSERT INTO service_call (id, court_id, case_id, notice_id, step_id, direction, number_enc, number_tail, outcome, words, by_name, at,
                    callback_at)
                VALUES (@id, @CourtId, @CaseId, @notice, @StepId, 'out', @number, @tail, @Outcome, @words, @by, @now, @callback)
                """,
                new
                {
                    id = ids.Next(),
                    step.CourtId,
                    notice.CaseId,
                    notice = notice.Id,
                    StepId = step.Id,
                    number = notice.PhoneEnc,
                    tail = Secrets.Tail(secrets.Reveal(notice.PhoneEnc)),
                    request.Outcome,
                    words,
                    by = actor.Name,
                    now,
                    callback = request.Outcome is "callback" or "will-collect" ? request.At : null,
                },
                cancellationToken
            );
            var result = await attempts.RecordAsync(
                notice,
                order,
                new AttemptFacts
                {
                    Channel = "phone",
                    Outcome = request.Outcome,
                    On = Times.Day(now),
                    Words = Contests.Cut(words, 400),
                },
                null,
                request.Files.Count > 0,
                actor.Name,
                cancellationToken
            );
            switch (request.Outcome)
            {
                case "e-consent":
                    await contacts.ConfirmAsync(notice.PartyId, request.Email.Trim(), null, "confirmed", "电话笔录", Times.Day(now), cancellationToken);
                    notice = await notices.GetAsync(notice.Id, cancellationToken);
                    if (notice.State is NoticeState.Failed or NoticeState.Unread)
                        await notices.ReopenAsync(notice, cancellationToken);
                    await steward.TakeAsync(
                        await notices.GetAsync(notice.Id, cancellationToken),
                        "electronic",
                        $"电话中同意电子送达",
                        actor.Name,
                        cancellationToken
                    );
                    break;
                case "callback":
                    await steward.LaterAsync(notice, "phone", request.At!.Value, $"约定 {Times.Full(request.At.Value)} 回拨", actor.Name, cancellationToken);
                    break;
                case "will-collect":
                    await steward.TakeAsync(notice, "collected", $"约定 {Times.Full(request.At!.Value)} 到院领取", actor.Name, cancellationToken);
                    await steward.WaitAsync(
                        notice,
                        "collected",
                        request.At.Value.AddDays(1),
                        $"约定 {Times.Full(request.At.Value)} 到院领取",
                        actor.Name,
                        cancellationToken
                    );
                    break;
            }
            return new Result(result.Next, result.EffectiveOn);
        }
    }
}

/// <summary>A call comes in: whose it may be, by its number among what is under way. Compared without blanks, hyphens and the country's prefix.</summary>
[Permit("service.work")]
internal sealed record FindCaller : IQuery<FindCaller.Result>
{
    public string Number { get; init; } = "";

    internal sealed record Result(IReadOnlyList<Row> Rows, bool Cut);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long OrderId { get; init; }
        public long CaseId { get; init; }
        public string Recipient { get; init; } = "";
        public string RecipientRole { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string State { get; init; } = "";
        public string Language { get; init; } = "";
        public string? PhoneEnc { get; init; }
        public string? AssigneeName { get; init; }
        public long? StepId { get; init; }
    }

    internal sealed class Handler(Db db, IWorkOrders orders, Secrets secrets, Kernel.Access.AccessLog reads) : IQueryHandler<FindCaller, Result>
    {
        private const int Most = 5000;

        public async Task<Result> Handle(FindCaller request, CancellationToken cancellationToken)
        {
            var wanted = Sides.Digits(request.Number);
            if (wanted.Length < 5)
                throw new RuleBroken("请输入来电号码，至少五位数字。", "Number");
            var (me, courts, places) = orders.SeenArguments;
            var rows = await db.PageAsync<Row>(
                """
                SELECT n.id, n.order_id, n.case_id, n.recipient, n.recipient_role, n.case_number, n.state, n.language, n.phone_enc, o.assignee_name,
                       (SELECT MIN(s.id) FROM service_step s WHERE s.notice_id = n.id AND s.channel = 'phone' AND s.state IN ('due', 'planned')) AS step_id
                FROM service_notice n JOIN workzone_order_card o ON o.id = n.order_id
                WHERE n.phone_enc IS NOT NULL AND n.state <> 'cancelled' AND
                """
                    + " "
                    + orders.Seen("n.order_id")
                    + " ORDER BY n.id DESC",
                new
                {
                    me,
                    courts,
                    places,
                },
                Most,
                cancellationToken
            );
            var found = rows.Where(r =>
                    Sides.Digits(secrets.Reveal(r.PhoneEnc)) is { Length: > 4 } d
                    && (d == wanted || (wanted.Length >= 7 && d.EndsWith(wanted, StringComparison.Ordinal)))
                )
                .Take(20)
                .ToList();
            reads.List("service.call.find", found.Count, new { tail = wanted[^4..] });
            return new Result(found, rows.Count == Most);
        }
    }
}

/// <summary>A call that came in is written down; to be called back where it was said so.</summary>
[Permit("service.work")]
[Audited("service.call.incoming")]
internal sealed record RecordIncoming : ICommand
{
    public string Number { get; init; } = "";
    public long? NoticeId { get; init; }
    public string Words { get; init; } = "";
    public DateTimeOffset? CallbackAt { get; init; }

    internal sealed class Validator : AbstractValidator<RecordIncoming>
    {
        public Validator()
        {
            RuleFor(c => c.Number).Must(n => Sides.Digits(n).Length is >= 5 and <= 20).WithMessage("请输入来电号码，至少五位数字。");
            RuleFor(c => c.Words)
                .Must(w => !string.IsNullOrWhiteSpace(w))
                .WithMessage("请写来电内容。")
                .MaximumLength(1000)
                .WithMessage("来电内容最长 1000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Notices notices, Secrets secrets, Actor actor, AuditTrail audit) : CommandHandler<RecordIncoming>
    {
        protected override async Task RunAsync(RecordIncoming command, CancellationToken ct)
        {
            var notice = command.NoticeId is { } id ? (await notices.OpenAsync(id, null, ct)).Notice : null;
            var court = notice is null
                ? actor.CourtId
                : await db.FirstAsync<long?>("SELECT court_id FROM workzone_case_card WHERE id = @CaseId", new { notice.CaseId }, ct);
            await db.ExecuteAsync(
                """
                INSERT INTO service_call (id, court_id, case_id, notice_id, direction, number_enc, number_tail, outcome, words, by_name, at, callback_at)
                VALUES (@id, @court, @CaseId, @notice, 'in', @number, @tail, 'incoming', @words, @by, @now, @CallbackAt)
                """,
                new
                {
                    id = ids.Next(),
                    court = court ?? 0,
                    CaseId = notice?.CaseId,
                    notice = notice?.Id,
                    number = secrets.Protect(command.Number.Trim()),
                    tail = Secrets.Tail(Sides.Digits(command.Number)),
                    words = command.Words.Trim(),
                    by = actor.Name,
                    now = notices.Now(),
                    command.CallbackAt,
                },
                ct
            );
            if (notice is not null)
                await notices.NoteAsync(notice, "called", notices.Now(), new { command.Words }, command.Words.Trim(), ct);
            audit.Note("call", notice?.Id ?? 0, new { incoming = true });
        }
    }
}

/// <summary>Who is to be called back, by time.</summary>
[Permit("service.work")]
internal sealed record ListCallbacks : IQuery<IReadOnlyList<CallRow>>
{
    internal sealed class Handler(Db db, IWorkOrders orders, Actor actor, Kernel.Access.AccessLog reads) : IQueryHandler<ListCallbacks, IReadOnlyList<CallRow>>
    {
        public async Task<IReadOnlyList<CallRow>> Handle(ListCallbacks request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = orders.SeenArguments;
            var rows = await db.PageAsync<CallRow>(
                """
                SELECT c.id, c.notice_id, c.step_id, c.direction, c.number_tail, c.outcome, c.words, c.by_name, c.at, c.callback_at, n.recipient
                FROM service_call c LEFT JOIN service_notice n ON n.id = c.notice_id
                WHERE c.callback_at IS NOT NULL AND c.done_at IS NULL AND ((c.notice_id IS NULL AND c.court_id = @court) OR
                """
                    + " "
                    + orders.Seen("n.order_id")
                    + ") ORDER BY c.callback_at, c.id",
                new
                {
                    court = actor.CourtId,
                    me,
                    courts,
                    places,
                },
                200,
                cancellationToken
            );
            reads.List("service.call.backs", rows.Count, new { });
            return rows;
        }
    }
}

/// <summary>Called back.</summary>
[Permit("service.work")]
[Audited("service.call.done")]
internal sealed record DoneCallback : ICommand
{
    public long CallId { get; init; }

    internal sealed class Handler(Db db, Notices notices, Actor actor, AuditTrail audit) : CommandHandler<DoneCallback>
    {
        protected override async Task RunAsync(DoneCallback command, CancellationToken ct)
        {
            var row =
                await db.FirstAsync<Call>("SELECT notice_id, court_id FROM service_call WHERE id = @CallId", new { command.CallId }, ct)
                ?? throw new NotFound("来电", command.CallId);
            if (row.NoticeId is { } notice)
                await OpenAsync(notice, command.CallId, ct);
            else if (row.CourtId != actor.CourtId)
                throw new NotFound("来电", command.CallId);
            await db.ExecuteAsync(
                "UPDATE service_call SET done_at = COALESCE(done_at, @now) WHERE id = @CallId",
                new { command.CallId, now = notices.Now() },
                ct
            );
            audit.Note("call", command.CallId);
        }

        private async Task OpenAsync(long notice, long call, CancellationToken ct)
        {
            try
            {
                await notices.OpenAsync(notice, null, ct);
            }
            catch (NotFound)
            {
                throw new NotFound("来电", call);
            }
        }

        private sealed record Call
        {
            public long? NoticeId { get; init; }
            public long CourtId { get; init; }
        }
    }
}
