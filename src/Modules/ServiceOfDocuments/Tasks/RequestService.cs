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

    /// <summary>Who asked, when a centre asks by notification.</summary>
    public long? AskedBy { get; init; }

    internal sealed record Result(long OrderId, string OrderNumber, IReadOnlyList<long> TaskIds);

    internal sealed class Validator : AbstractValidator<RequestService>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.DocumentIds).NotEmpty().WithMessage("请至少选择一份文书。").Must(d => d.Count <= 50).WithMessage("一次最多送达 50 份文书。");
            RuleFor(c => c.PartyIds).NotEmpty().WithMessage("请至少选择一名受送达人。").Must(d => d.Count <= 200).WithMessage("一次最多送达 200 人。");
            RuleFor(c => c.Note).MaximumLength(1000).WithMessage("备注最长 1000 个字符。");
        }
    }

    internal sealed class Handler(ServiceRequests requests) : ICommandHandler<RequestService, Result>
    {
        public Task<Result> Handle(RequestService request, CancellationToken cancellationToken) => requests.OpenAsync(request, cancellationToken);
    }
}

/// <summary>Opens service orders: for the command, and for a centre that asks by notification; in the transaction that is open.</summary>
internal sealed class ServiceRequests(Db db, Ids ids, ICases cases, IDocuments documents, IWorkOrders orders, Secrets secrets, Notices notices, AuditTrail audit, IValidator<RequestService> validator)
{
    /// <exception cref="ValidationException">Nothing or too much is asked for.</exception>
    /// <exception cref="RuleBroken">Code served-once: it is served or under way.</exception>
    public async Task<RequestService.Result> OpenAsync(RequestService request, CancellationToken cancellationToken)
    {
        await validator.ValidateAndThrowAsync(request, cancellationToken);
        var card = await cases.GetAsync(request.CaseId, cancellationToken);
        var papers = await PapersAsync(request, cancellationToken);
        var parties = (await cases.PartiesAsync(request.CaseId, cancellationToken)).ToDictionary(p => p.Id);
        var people = request.PartyIds.Distinct().Select(id => parties.TryGetValue(id, out var p) ? p : throw new RuleBroken($"受送达人 {id} 不是本案当事人。", "PartyIds")).ToList();
        var round = await RoundAsync(papers, people, cancellationToken);
        var order = await orders.OpenAsync(new NewOrder
        {
            Type = ServeOrder.Type, CaseId = card.Id, Title = Cut($"送达：{string.Join('、', papers.Select(p => p.Title))}", 200), Subject = Cut(string.Join('、', people.Select(p => p.Name)), 200),
            CauseSubject = Secrets.Digest(string.Join(',', papers.Select(p => p.Id).Order()) + "/" + string.Join(',', people.Select(p => p.Id).Order()))[..16], Round = round, Words = request.Note, AskedBy = request.AskedBy,
            Form = new Dictionary<string, string>
            {
                ["文书"] = string.Join('、', papers.Select(p => p.Pages is { } n ? $"《{p.Title}》{n} 页" : $"《{p.Title}》")),
                ["受送达人"] = string.Join('、', people.Select(p => $"{p.Name}（{p.Role}）")),
                ["轮次"] = $"{round}",
                ["备注"] = request.Note,
            },
        }, cancellationToken);
        var now = notices.Now();
        var taskIds = new List<long>();
        foreach (var party in people)
        {
            var noticeId = ids.Next();
            var token = Secrets.NewToken();
            await db.ExecuteAsync(
                """
                INSERT INTO service_notice (id, order_id, case_id, party_id, round, case_number, court_name, cause, procedure_code, recipient, recipient_role, language, address_kind, email_enc, email_hint, phone_enc, id_tail,
                    token_digest, token_enc, state, presumed, attempts, created_at, version)
                VALUES (@noticeId, @OrderId, @CaseId, @PartyId, @round, @Number, @CourtName, @Cause, @ProcedureCode, @Name, @Role, @Language, @kind, @email, @EmailHint, @phone, @IdNumberTail,
                    @digest, @tokenEnc, 'waiting', 0, 0, @now, 1)
                """,
                new
                {
                    noticeId, OrderId = order.Id, CaseId = card.Id, PartyId = party.Id, round, card.Number, card.CourtName, card.Cause, card.ProcedureCode, party.Name, party.Role, party.Language,
                    kind = Notices.KindOf(party), email = secrets.Protect(party.Email), party.EmailHint, phone = secrets.Protect(party.Phone), party.IdNumberTail,
                    digest = Secrets.Digest(token), tokenEnc = secrets.Protect(token), now,
                }, cancellationToken);
            foreach (var paper in papers)
            {
                var taskId = ids.Next();
                taskIds.Add(taskId);
                await db.ExecuteAsync(
                    """
                    INSERT INTO service_task (id, notice_id, order_id, case_id, document_id, document_kind, document_title, document_blob, document_size, document_pages, party_id, recipient, round, channel, created_at)
                    VALUES (@taskId, @noticeId, @OrderId, @CaseId, @DocumentId, @Kind, @Title, @Blob, @Size, @Pages, @PartyId, @Name, @round, @channel, @now)
                    """,
                    new { taskId, noticeId, OrderId = order.Id, CaseId = card.Id, DocumentId = paper.Id, paper.Kind, paper.Title, paper.Blob, paper.Size, paper.Pages, PartyId = party.Id, party.Name, round, channel = ServeOrder.Channel, now }, cancellationToken);
            }
        }
        audit.Note("service-order", order.Id, new { documents = papers.Count, recipients = people.Count, round });
        return new RequestService.Result(order.Id, order.Number, taskIds);
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
        return papers;
    }

    // Served once: a document that is under way or served to this person is refused; after a failure a new round begins.
    private async Task<int> RoundAsync(List<DocumentCard> papers, List<PartyContact> people, CancellationToken ct)
    {
        var rows = await db.QueryAsync<Earlier>(
            "SELECT t.document_title, t.recipient, t.round, n.state, n.order_id FROM service_task t JOIN service_notice n ON n.id = t.notice_id WHERE t.document_id IN @documents AND t.party_id IN @parties",
            new { documents = papers.Select(p => p.Id), parties = people.Select(p => p.Id) }, ct);
        var live = rows.FirstOrDefault(r => NoticeState.IsLive(r.State));
        if (live?.State == NoticeState.Served)
            throw new RuleBroken($"《{live.DocumentTitle}》已向{live.Recipient}送达，不再重复送达。", "DocumentIds", "served-once", $"/orders/{live.OrderId}");
        if (live is not null)
            throw new RuleBroken($"《{live.DocumentTitle}》正在向{live.Recipient}送达。", "DocumentIds", "served-once", $"/orders/{live.OrderId}");
        return rows.Count == 0 ? 1 : rows.Max(r => r.Round) + 1;
    }

    private static string Cut(string text, int max) => text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 2]) ? max - 2 : max - 1)] + "…";

    private sealed record Earlier
    {
        public string DocumentTitle { get; init; } = "";
        public string Recipient { get; init; } = "";
        public int Round { get; init; }
        public string State { get; init; } = "";
        public long OrderId { get; init; }
    }
}
