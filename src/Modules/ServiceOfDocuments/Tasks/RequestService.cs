using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>Asks for documents to be served on parties: opens the order, with one task for each document and recipient.</summary>
[Permit("service.request")]
[Audited("service.order.request")]
internal sealed record RequestService : ICommand<RequestService.Result>
{
    public long CaseId { get; init; }
    public IReadOnlyList<long> DocumentIds { get; init; } = [];
    public IReadOnlyList<long> PartyIds { get; init; } = [];
    public string Note { get; init; } = "";

    /// <summary>Why a document goes to a person again; needed where an earlier round came to nothing.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Who asked, when a centre asks by notification.</summary>
    public long? AskedBy { get; init; }

    internal sealed record Result(long OrderId, string OrderNumber, IReadOnlyList<long> TaskIds)
    {
        /// <summary>What was asked for and is not served by this order, each with why.</summary>
        public IReadOnlyList<Skip> Skipped { get; init; } = [];
    }

    /// <param name="OrderId">Where it was or is being served.</param>
    internal sealed record Skip(long DocumentId, long PartyId, string Code, string Why, long OrderId);

    internal sealed class Validator : AbstractValidator<RequestService>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.DocumentIds).NotEmpty().WithMessage("请至少选择一份文书。").Must(d => d.Count <= 50).WithMessage("一次最多送达 50 份文书。");
            RuleFor(c => c.PartyIds).NotEmpty().WithMessage("请至少选择一名受送达人。").Must(d => d.Count <= 200).WithMessage("一次最多送达 200 人。");
            RuleFor(c => c.Note).MaximumLength(1000).WithMessage("备注最长 1000 个字符。");
            RuleFor(c => c.Reason).MaximumLength(400).WithMessage("再次送达的理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(ServiceRequests requests) : ICommandHandler<RequestService, Result>
    {
        public Task<Result> Handle(RequestService request, CancellationToken cancellationToken) => requests.OpenAsync(request, cancellationToken);
    }
}

/// <summary>Opens service orders: for the command, and for a centre that asks by notification; in the transaction that is open.</summary>
internal sealed class ServiceRequests(
    Db db,
    Ids ids,
    ICases cases,
    IDocuments documents,
    IReleases releases,
    IWorkOrders orders,
    Secrets secrets,
    Notices notices,
    AuditTrail audit,
    FactRecord facts,
    NoticeFacts rows,
    IValidator<RequestService> validator
)
{
    /// <exception cref="ValidationException">Nothing or too much is asked for.</exception>
    /// <exception cref="RuleBroken">Code served-once: it is served or under way; held: a paper of the court that nobody has checked and let out.</exception>
    public async Task<RequestService.Result> OpenAsync(RequestService request, CancellationToken cancellationToken)
    {
        await validator.ValidateAndThrowAsync(request, cancellationToken);
        var card = await cases.GetAsync(request.CaseId, cancellationToken);
        var papers = await PapersAsync(request, cancellationToken);
        var parties = (await cases.PartiesAsync(request.CaseId, cancellationToken)).ToDictionary(p => p.Id);
        var people = request
            .PartyIds.Distinct()
            .Select(id => parties.TryGetValue(id, out var p) ? p : throw new RuleBroken($"受送达人 {id} 不是本案当事人。", "PartyIds"))
            .ToList();
        var (pairs, round, skipped) = await PairsAsync(papers, people, request.Reason.Trim(), cancellationToken);
        var asked = people.Count;
        papers = [.. papers.Where(d => pairs.Any(x => x.Document == d.Id))];
        people = [.. people.Where(p => pairs.Any(x => x.Party == p.Id))];
        var order = await orders.OpenAsync(
            new NewOrder
            {
                Type = ServeOrder.Type,
                CaseId = card.Id,
                Title = Cut($"送达：{string.Join('、', papers.Select(p => p.Title))}", 200),
                Subject = Cut(string.Join('、', people.Select(p => p.Name)), 200),
                CauseSubject = Secrets.Digest(string.Join(',', pairs.Select(p => $"{p.Document}/{p.Party}").Order(StringComparer.Ordinal)))[..16],
                Round = round,
                Words = request.Note,
                AskedBy = request.AskedBy,
                Form = new Dictionary<string, string>
                {
                    ["文书"] = string.Join('、', papers.Select(p => p.Pages is { } n ? $"《{p.Title}》{n} 页" : $"《{p.Title}》")),
                    ["受送达人"] = string.Join('、', people.Select(p => $"{p.Name}（{p.Role}）")),
                    ["轮次"] = $"{round}",
                    ["再次送达的理由"] = request.Reason.Trim(),
                    ["未列入"] = Cut(string.Join('；', skipped.Select(x => x.Why)), 1000),
                    ["备注"] = request.Note,
                },
            },
            cancellationToken
        );
        var now = notices.Now();
        var (taskIds, opened) = (new List<long>(), new List<long>());
        foreach (var party in people)
        {
            var noticeId = ids.Next();
            opened.Add(noticeId);
            var token = Secrets.NewToken();
            await db.ExecuteAsync(
                """
                INSERT INTO service_notice (id, order_id, case_id, party_id, round, case_number, court_name, cause, procedure_code, recipient, recipient_role,
                    language, address_kind, email_enc, email_hint, phone_enc, id_tail,
                    token_digest, token_enc, state, presumed, attempts, again_reason, created_at, version)
                VALUES (@noticeId, @OrderId, @CaseId, @PartyId, @round, @Number, @CourtName, @Cause, @ProcedureCode, @Name, @Role, @Language, @kind, @email,
                    @EmailHint, @phone, @IdNumberTail,
                    @digest, @tokenEnc, 'waiting', 0, 0, @again, @now, 1)
                """,
                new
                {
                    noticeId,
                    OrderId = order.Id,
                    CaseId = card.Id,
                    PartyId = party.Id,
                    round,
                    card.Number,
                    card.CourtName,
                    card.Cause,
                    card.ProcedureCode,
                    party.Name,
                    party.Role,
                    party.Language,
                    kind = Notices.KindOf(party),
                    email = secrets.Protect(party.Email),
                    party.EmailHint,
                    phone = secrets.Protect(party.Phone),
                    party.IdNumberTail,
                    digest = Secrets.Digest(token),
                    tokenEnc = secrets.Protect(token),
                    again = round > 1 ? request.Reason.Trim() : null,
                    now,
                },
                cancellationToken
            );
            foreach (var paper in papers.Where(d => pairs.Contains((d.Id, party.Id))))
            {
                var taskId = ids.Next();
                taskIds.Add(taskId);
                await db.ExecuteAsync(
                    """
                    INSERT INTO service_task (id, notice_id, order_id, case_id, document_id, document_kind, document_title, document_blob, document_size,
                        document_pages, party_id, recipient, round, channel, created_at)
                    VALUES (@taskId, @noticeId, @OrderId, @CaseId, @DocumentId, @Kind, @Title, @Blob, @Size, @Pages, @PartyId, @Name, @round, @channel, @now)
                    """,
                    new
                    {
                        taskId,
                        noticeId,
                        OrderId = order.Id,
                        CaseId = card.Id,
                        DocumentId = paper.Id,
                        paper.Kind,
                        paper.Title,
                        paper.Blob,
                        paper.Size,
                        paper.Pages,
                        PartyId = party.Id,
                        party.Name,
                        round,
                        channel = ServeOrder.Channel,
                        now,
                    },
                    cancellationToken
                );
            }
        }
        foreach (var fact in await rows.OfAsync(opened, cancellationToken))
            await facts.KeepAsync(NoticeFacts.Of, fact.Id, fact.Digest, cancellationToken);
        audit.Note(
            "service-order",
            order.Id,
            new
            {
                documents = papers.Count,
                recipients = people.Count,
                of = asked,
                round,
                skipped = skipped.Count,
            }
        );
        return new RequestService.Result(order.Id, order.Number, taskIds) { Skipped = skipped };
    }

    private async Task<List<DocumentCard>> PapersAsync(RequestService request, CancellationToken ct)
    {
        var papers = new List<DocumentCard>();
        foreach (var id in request.DocumentIds.Distinct())
        {
            var paper = await documents.GetAsync(id, ct);
            if (paper.CaseId != request.CaseId)
                throw new RuleBroken($"《{paper.Title}》不是本案的文书。", "DocumentIds");
            if (paper.Volume != "main")
                throw new RuleBroken($"《{paper.Title}》在副卷，不得送达。", "DocumentIds");
            if (paper.Kind == "proof")
                throw new RuleBroken("送达回证本身不再送达。", "DocumentIds");
            papers.Add(paper);
        }
        if (await releases.HeldAsync([.. papers.Select(p => p.Id)], ct) is [var held, ..])
            throw new RuleBroken($"《{held.Title}》是外部制作的文书，还没有质检、放行，不能送达。", "DocumentIds", "held", $"/trial/papers/{held.Id}");
        return papers;
    }

    // Served once: what is under way or served to this person is left out and said so; after a failure a new round begins, with a reason.
    private async Task<(HashSet<(long Document, long Party)> Pairs, int Round, List<RequestService.Skip> Skipped)> PairsAsync(
        List<DocumentCard> papers,
        List<PartyContact> people,
        string reason,
        CancellationToken ct
    )
    {
        var rows = await db.QueryAsync<Earlier>(
            """
            SELECT t.document_id, t.document_blob, t.party_id, t.round, n.state, n.order_id, t.effective_on
            FROM service_task t JOIN service_notice n ON n.id = t.notice_id
            WHERE t.party_id IN @parties AND (t.document_id IN @documents OR t.document_blob IN @blobs)
            """,
            new
            {
                documents = papers.Select(p => p.Id),
                blobs = papers.Select(p => p.Blob),
                parties = people.Select(p => p.Id),
            },
            ct
        );
        var pairs = new HashSet<(long, long)>();
        var skipped = new List<RequestService.Skip>();
        var round = 1;
        RuleBroken? first = null;
        foreach (var party in people)
        foreach (var paper in papers)
        {
            var earlier = rows.Where(r => r.PartyId == party.Id && (r.DocumentId == paper.Id || r.DocumentBlob == paper.Blob)).ToList();
            var live = earlier.FirstOrDefault(r => NoticeState.IsLive(r.State) || r.EffectiveOn is not null);
            RuleBroken? broken = live switch
            {
                { State: NoticeState.Contested } => new(
                    $"《{paper.Title}》向{party.Name}的送达有疑问，认定之后才能再送。",
                    "DocumentIds",
                    "served-once",
                    $"/service/orders/{live.OrderId}"
                ),
                { EffectiveOn: not null } or { State: NoticeState.Served } => new(
                    $"《{paper.Title}》已向{party.Name}送达，不再重复送达。",
                    "DocumentIds",
                    "served-once",
                    $"/orders/{live.OrderId}"
                ),
                not null => new($"《{paper.Title}》正在向{party.Name}送达。", "DocumentIds", "served-once", $"/orders/{live.OrderId}"),
                _ when earlier.Count > 0 && reason.Length == 0 => new(
                    $"《{paper.Title}》向{party.Name}送达过但没有成功，再次送达请写明理由。",
                    "Reason",
                    "reason",
                    $"/service/orders/{earlier[^1].OrderId}"
                ),
                _ => null,
            };
            if (broken is null)
            {
                pairs.Add((paper.Id, party.Id));
                round = Math.Max(round, earlier.Count == 0 ? 1 : earlier.Max(r => r.Round) + 1);
                continue;
            }
            first ??= broken;
            // a reason can still be given: the person is asked before anything is opened
            if (broken.Code == "reason")
                throw broken;
            skipped.Add(new(paper.Id, party.Id, broken.Code!, broken.Message, live!.OrderId));
        }
        return pairs.Count == 0 ? throw first! : (pairs, round, skipped);
    }

    private static string Cut(string text, int max) => text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 2]) ? max - 2 : max - 1)] + "…";

    private sealed record Earlier
    {
        public long DocumentId { get; init; }
        public string DocumentBlob { get; init; } = "";
        public long PartyId { get; init; }
        public int Round { get; init; }
        public DateOnly? EffectiveOn { get; init; }
        public string State { get; init; } = "";
        public long OrderId { get; init; }
    }
}
