using System.Text.Json.Serialization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Proofs;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>State per document and recipient of a case or an order.</summary>
[Permit("service.read")]
internal sealed record ListTasks : IQuery<IReadOnlyList<ListTasks.Row>>
{
    public long? CaseId { get; init; }
    public long? OrderId { get; init; }

    internal sealed record Row
    {
        public long Id { get; init; }
        public long NoticeId { get; init; }
        public long OrderId { get; init; }
        public long CaseId { get; init; }
        public long DocumentId { get; init; }
        public string DocumentTitle { get; init; } = "";
        public string DocumentKind { get; init; } = "";
        public long PartyId { get; init; }
        public string Recipient { get; init; } = "";
        public int Round { get; init; }
        public string Channel { get; init; } = "";
        public string State { get; init; } = "";
        public string? Reason { get; init; }

        [JsonIgnore]
        public string? ReasonSaid { get; init; }
        public DateTimeOffset? ReleasedAt { get; init; }
        public DateTimeOffset? SentAt { get; init; }
        public DateTimeOffset? OpenedAt { get; init; }
        public DateTimeOffset? ReadAt { get; init; }
        public DateTimeOffset? ConfirmedAt { get; init; }
        public DateTimeOffset? BouncedAt { get; init; }

        /// <summary>The legal date of service.</summary>
        public DateOnly? EffectiveOn { get; init; }
        public string? Basis { get; init; }
        public bool Presumed { get; init; }
        public DateOnly? DefenceEnds { get; init; }
        public DateOnly? AppealEnds { get; init; }
        public long? ProofDocumentId { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, IWorkOrders orders, Texts texts) : IQueryHandler<ListTasks, IReadOnlyList<Row>>
    {
        private const string Select = """
            SELECT t.id, t.notice_id, t.order_id, t.case_id, t.document_id, t.document_title, t.document_kind, t.party_id, t.recipient, t.round, t.channel,
                n.state, n.reason, n.reason_said, n.released_at, n.sent_at, n.opened_at, t.read_at, n.confirmed_at, n.bounced_at,
                   t.effective_on, n.basis, n.presumed, t.defence_ends, t.appeal_ends, n.proof_document_id
            FROM service_task t
            JOIN service_notice n ON n.id = t.notice_id
            """;

        public async Task<IReadOnlyList<Row>> Handle(ListTasks request, CancellationToken cancellationToken)
        {
            if (request.OrderId is { } order)
            {
                await orders.GetAsync(order, cancellationToken);
                return InWords(await db.QueryAsync<Row>(Select + " WHERE t.order_id = @order ORDER BY t.id", new { order }, cancellationToken));
            }
            if (request.CaseId is not { } caseId)
                throw new RuleBroken("请指明 caseId 或 orderId。", "caseId");
            await cases.GetAsync(caseId, cancellationToken);
            return InWords(await db.QueryAsync<Row>(Select + " WHERE t.case_id = @caseId ORDER BY t.id", new { caseId }, cancellationToken));
        }

        private List<Row> InWords(IReadOnlyList<Row> rows) => [.. rows.Select(r => r with { Reason = texts.Kept(r.ReasonSaid, r.Reason) })];
    }
}

[Permit("service.read")]
internal sealed record NoticeOfTask : IQuery<long>
{
    public long TaskId { get; init; }

    internal sealed class Handler(Notices notices) : IQueryHandler<NoticeOfTask, long>
    {
        public Task<long> Handle(NoticeOfTask request, CancellationToken cancellationToken) => notices.OfTaskAsync(request.TaskId, cancellationToken);
    }
}

/// <summary>The task page of an order: each recipient with documents, times, effect and why.</summary>
[Permit("service.read")]
internal sealed record ShowTasks : IQuery<ShowTasks.Result>
{
    public long OrderId { get; init; }

    internal sealed record Result(OrderCard Order, Standing Standing, IReadOnlyList<Entry> Notices)
    {
        /// <summary>Documents of the case that may be evidence of a try.</summary>
        public IReadOnlyList<CourtOps.Web.Option> Papers { get; init; } = [];
    }

    internal sealed record Entry(
        Notice Notice,
        IReadOnlyList<ServiceTask> Tasks,
        IReadOnlyList<ExplanationLine> Why,
        IReadOnlyList<EventRow> Events,
        string? Waiting
    )
    {
        public IReadOnlyList<AttemptRow> Attempts { get; init; } = [];

        public IReadOnlyList<Electronic.SmsRow> Sms { get; init; } = [];
        public IReadOnlyList<Party.MessageRow> Messages { get; init; } = [];

        /// <summary>The steward's plan.</summary>
        public IReadOnlyList<Steward.Step> Plan { get; init; } = [];

        /// <summary>Opponents with the same address, until a person has decided.</summary>
        public IReadOnlyList<string> Shared { get; init; } = [];
    }

    internal sealed record AttemptRow
    {
        public string Channel { get; init; } = "";
        public string Outcome { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public DateOnly? EffectiveOn { get; init; }
        public string? NextChannel { get; init; }
        public string RecordedBy { get; init; } = "";
    }

    internal sealed record EventRow
    {
        public string Kind { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    internal sealed class Handler(
        Db db,
        Notices notices,
        IWorkOrders orders,
        ICalendarSource calendars,
        Texts texts,
        WorkQueue work,
        ICases cases,
        CourtOps.Workzone.Documents.IDocuments documents,
        SharedAddresses shared,
        Steward.StepBook steps,
        Electronic.SmsBook sms
    ) : IQueryHandler<ShowTasks, Result>
    {
        public async Task<Result> Handle(ShowTasks request, CancellationToken cancellationToken)
        {
            var order = await orders.GetAsync(request.OrderId, cancellationToken);
            var entries = new List<Entry>();
            foreach (var notice in await notices.CurrentAsync(await notices.OfOrderAsync(request.OrderId, cancellationToken), cancellationToken))
            {
                var tasks = await notices.TasksAsync(notice.Id, cancellationToken);
                var explanation = new Explanation();
                if (notice.Channel is null && (notice.ArrivedAt is not null || notice.BouncedAt is not null))
                    ServiceRules.Judge(Settlement.FactsOf(notice, tasks[0]), calendars.For(null), explain: explanation);
                var events = await db.QueryAsync<EventRow>(
                    "SELECT kind, at FROM service_event WHERE notice_id = @Id ORDER BY at, id",
                    new { notice.Id },
                    cancellationToken
                );
                var waiting =
                    await WaitingAsync(SendMail.Name, notice.MailKey, cancellationToken)
                    ?? await WaitingAsync(MakeProof.Name, $"{notice.Id}", cancellationToken);
                entries.Add(
                    new Entry(
                        notice,
                        tasks,
                        explanation.Render(texts.Language == "en" ? LawLanguage.English : LawLanguage.Chinese),
                        events,
                        texts.Kept(waiting?.ReasonSaid, waiting?.Reason)
                    )
                    {
                        Sms = await sms.OfNoticeAsync(notice.Id, cancellationToken),
                        Messages = await db.QueryAsync<Party.MessageRow>(
                            "SELECT from_party, text_enc, by_name, at FROM service_public_message WHERE notice_id = @Id ORDER BY id",
                            new { notice.Id },
                            cancellationToken
                        ),
                        Plan = await steps.OfNoticeAsync(notice.Id, cancellationToken),
                        Shared =
                            notice.State is NoticeState.Waiting or NoticeState.Ready
                            && order.CaseId is { } of
                            && await cases.CanReadAsync(of, cancellationToken)
                                ? await shared.FindAsync(notice, cancellationToken)
                                : [],
                        Attempts = await db.QueryAsync<AttemptRow>(
                            "SELECT channel, outcome, on_day, effective_on, next_channel, recorded_by FROM service_attempt WHERE notice_id = @Id "
                                + "ORDER BY on_day, id",
                            new { notice.Id },
                            cancellationToken
                        ),
                    }
                );
            }
            var papers =
                order.CaseId is { } c && await cases.CanReadAsync(c, cancellationToken)
                    ? (await documents.OfCaseAsync(c, cancellationToken))
                        .Where(d => d.Volume == "main")
                        .Select(d => new CourtOps.Web.Option($"{d.Id}", d.Title))
                        .ToList()
                    : [];
            return new Result(order, await orders.StandingAsync(order, cancellationToken), entries) { Papers = papers };
        }

        // what is done again later, and why it was not done
        private async Task<WorkState?> WaitingAsync(string queue, string key, CancellationToken ct) =>
            await work.FindAsync(queue, key, ct) is { State: "ready" or "known", Reason: not null } waiting ? waiting : null;
    }
}

/// <summary>Everything under way in the centre, by state.</summary>
[Permit("service.read")]
internal sealed record ListNotices : IQuery<ListNotices.Result>
{
    public string? State { get; init; }
    public long After { get; init; } = long.MaxValue;

    internal sealed record Result(IReadOnlyList<Row> Rows, long? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long OrderId { get; init; }
        public string OrderNumber { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string Recipient { get; init; } = "";
        public string RecipientRole { get; init; } = "";
        public string AddressKind { get; init; } = "";
        public string State { get; init; } = "";
        public string? Reason { get; init; }
        public string? ReasonSaid { get; init; }
        public DateOnly? EffectiveOn { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public string? AssigneeName { get; init; }
    }

    internal sealed class Handler(Db db, IWorkOrders orders, Kernel.Access.AccessLog reads) : IQueryHandler<ListNotices, Result>
    {
        public async Task<Result> Handle(ListNotices request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = orders.SeenArguments;
            var sql =
                """
                    SELECT n.id, n.order_id, o.number AS order_number, n.case_number, n.recipient, n.recipient_role, n.address_kind, n.state, n.reason,
                        n.reason_said, n.effective_on, n.created_at, o.assignee_name
                    FROM service_notice n
                    JOIN workzone_order_card o ON o.id = n.order_id
                    WHERE n.id < @After AND
                    """
                + " "
                + orders.Seen("n.order_id")
                + (string.IsNullOrEmpty(request.State) ? "" : " AND n.state = @State")
                + " ORDER BY n.id DESC";
            var rows = await db.PageAsync<Row>(
                sql,
                new
                {
                    request.After,
                    request.State,
                    me,
                    courts,
                    places,
                },
                51,
                cancellationToken
            );
            reads.List("service.notice.list", Math.Min(50, rows.Count), new { request.State });
            return new Result([.. rows.Take(50)], rows.Count > 50 ? rows[49].Id : null);
        }
    }
}
