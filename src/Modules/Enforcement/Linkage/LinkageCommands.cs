using System.Text.Json;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.Enforcement.Linkage;

/// <summary>An agency of the court's linkage; the same name is the same agency.</summary>
[Permit("enforcement.agency")]
[Audited("enforcement.agency.save")]
internal sealed record SaveAgency : ICommand<long>
{
    public string Name { get; init; } = "";
    public string Kind { get; init; } = "";

    /// <summary>The account by whose key it answers; empty: by its link only.</summary>
    public string Login { get; init; } = "";
    public bool Active { get; init; } = true;

    /// <summary>One person prepares the answer, another releases it.</summary>
    public bool TwoPersons { get; init; }

    /// <summary>Somebody must travel there: measures it keeps are warned of 45 days before their end too (D-03).</summary>
    public bool OutOfTown { get; init; }

    internal sealed class Validator : AbstractValidator<SaveAgency>
    {
        public Validator()
        {
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填写单位名称。").MaximumLength(120).WithMessage("单位名称最长 120 个字符。");
            RuleFor(c => c.Kind).Must(LinkageState.Kinds.ContainsKey).WithMessage("请选择单位类别。");
            RuleFor(c => c.Login).MaximumLength(80).WithMessage("账号最长 80 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, MeasureWork work, AuditTrail audit) : ICommandHandler<SaveAgency, long>
    {
        public async Task<long> Handle(SaveAgency c, CancellationToken cancellationToken)
        {
            var court = actor.CourtId;
            var was = await work.IsOutOfTownAsync(court, c.Name, cancellationToken);
            var id = await db.FirstAsync<long?>(
                "SELECT id FROM enforcement_agency WHERE court_id = @court AND name = @Name",
                new { court, c.Name },
                cancellationToken
            );
            if (id is null)
                await db.ExecuteAsync(
                    "INSERT INTO enforcement_agency (id, court_id, name, kind, login, active, two_persons, out_of_town, version) VALUES (@id, "
                        + "@court, @Name, @Kind, @Login, @Active, @TwoPersons, @OutOfTown, 1)",
                    new
                    {
                        id = id = ids.Next(),
                        court,
                        c.Name,
                        c.Kind,
                        c.Login,
                        c.Active,
                        c.TwoPersons,
                        c.OutOfTown,
                    },
                    cancellationToken
                );
            else
                await db.ExecuteAsync(
                    "UPDATE enforcement_agency SET kind = @Kind, login = @Login, active = @Active, two_persons = @TwoPersons, out_of_town = "
                        + "@OutOfTown, version = version + 1 WHERE id = @id",
                    new
                    {
                        id,
                        c.Kind,
                        c.Login,
                        c.Active,
                        c.TwoPersons,
                        c.OutOfTown,
                    },
                    cancellationToken
                );
            if (was != c.OutOfTown)
                await work.RedateAsync(court, c.Name, cancellationToken);
            audit.Note(
                "agency",
                id.Value,
                new
                {
                    c.Kind,
                    c.Active,
                    c.TwoPersons,
                    c.OutOfTown,
                }
            );
            return id.Value;
        }
    }
}

/// <summary>
/// One click: a request to several agencies, each with a link of its own, the documents, the basis and the day. What is left empty comes from the table of
/// the court, for each kind of agency its own (<see cref="LinkageTemplates"/>).
/// </summary>
[Permit("enforcement.work")]
[Audited("enforcement.linkage.send")]
internal sealed record SendLinkage : ICommand<IReadOnlyList<LinkageRow>>
{
    public long CaseId { get; init; }

    /// <summary>Names or ids of agencies of the case's court.</summary>
    public IReadOnlyList<string> Agencies { get; init; } = [];
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";
    public string Basis { get; init; } = "";
    public IReadOnlyList<long> DocumentIds { get; init; } = [];
    public DateOnly? Due { get; init; }

    internal sealed class Validator : AbstractValidator<SendLinkage>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Agencies).NotEmpty().WithMessage("请至少选择一个联动单位。").Must(a => a.Count <= 50).WithMessage("一次最多发给 50 个单位。");
            RuleFor(c => c.Act).Must(LinkageState.Acts.ContainsKey).WithMessage("请选择协助事项。");
            RuleFor(c => c.Words).MaximumLength(1000).WithMessage("说明最长 1000 个字符。");
            RuleFor(c => c.Basis).MaximumLength(200).WithMessage("法律依据最长 200 个字符。");
            RuleFor(c => c.DocumentIds).Must((c, d) => d.Count > 0 || c.Act == "query").WithMessage("除查询外，须附裁定书和协助执行通知书。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        ICases cases,
        IDocuments documents,
        MeasureWork work,
        Secrets secrets,
        AgencyHooks hooks,
        ISettings settings,
        Checks.Lookout lookout,
        Actor actor,
        TimeProvider clock,
        AuditTrail audit
    ) : ICommandHandler<SendLinkage, IReadOnlyList<LinkageRow>>
    {
        public async Task<IReadOnlyList<LinkageRow>> Handle(SendLinkage c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            if (c.Due < work.Today)
                throw new RuleBroken($"反馈期限 {Times.Iso(c.Due!.Value)} 已经过去。", "Due");
            var papers = await PapersAsync(c, cancellationToken);
            var known = await db.QueryAsync<AgencyRow>(
                "SELECT id, name, kind, login, two_persons FROM enforcement_agency WHERE court_id = @CourtId AND active = 1",
                new { card.CourtId },
                cancellationToken
            );
            var json = JsonSerializer.Serialize(papers, Json.Stored);
            var body = settings.Current<TableBody>(LinkageTemplates.Key, card.CourtId);
            var places = await PlacesAsync(card, cancellationToken);
            var sent = new List<LinkageRow>();
            foreach (var asked in c.Agencies.Distinct())
            {
                var agency = known.FirstOrDefault(a => a.Name == asked || $"{a.Id}" == asked) ?? throw new NotFound("联动单位", asked);
                var text = LinkageTemplates.Of(body, c.Act, agency.Kind, places);
                var one = c with
                {
                    Words = string.IsNullOrWhiteSpace(c.Words) ? text.Words : c.Words,
                    Basis = string.IsNullOrWhiteSpace(c.Basis) ? text.Basis : c.Basis,
                    Due = c.Due ?? work.Calendar.AddWorkdays(work.Today, text.Days),
                };
                if (
                    await db.ScalarAsync<int>(
                        "SELECT COUNT(*) FROM enforcement_linkage WHERE case_id = @CaseId AND agency_id = @Id AND act = @Act AND words = @Words AND "
                            + "state = 'sent'",
                        new
                        {
                            one.CaseId,
                            agency.Id,
                            one.Act,
                            one.Words,
                        },
                        cancellationToken
                    ) > 0
                )
                    throw new RuleBroken($"同样的请求已发给{agency.Name}，等待反馈；可以催办。", "Agencies", "sent-already");
                sent.Add(await SendAsync(one, card, agency, json, cancellationToken));
            }
            audit.Note(
                "linkage",
                sent[0].Id,
                new
                {
                    agencies = sent.Count,
                    c.Act,
                    documents = papers.Count,
                },
                card.Id
            );
            return sent;
        }

        private async Task<LinkagePlaces> PlacesAsync(CaseCard card, CancellationToken ct)
        {
            var parties = await cases.PartiesAsync(card.Id, ct);
            var (facts, _) = await lookout.FactsAsync(card.Id, ct);
            return new LinkagePlaces(card.Number, [.. parties.Where(p => PartySide.Owes(p.Role)).Select(p => (p.Name, p.IdNumberTail))], facts.Owed);
        }

        private async Task<LinkageRow> SendAsync(SendLinkage c, CaseCard card, AgencyRow agency, string papers, CancellationToken ct)
        {
            var token = Secrets.NewToken();
            var release = agency.TwoPersons ? Secrets.NewToken() : null;
            var row = new LinkageRow
            {
                Id = ids.Next(),
                CaseId = card.Id,
                CourtId = card.CourtId,
                AgencyId = agency.Id,
                AgencyName = agency.Name,
                Login = agency.Login,
                Act = c.Act,
                Words = c.Words,
                Basis = c.Basis,
                DueOn = c.Due!.Value,
                Documents = papers,
                Digest = Secrets.Digest($"{card.Number}\n{agency.Name}\n{c.Act}\n{c.Words}\n{c.Basis}\n{Times.Iso(c.Due.Value)}\n{papers}"),
                TokenEnc = secrets.Protect(token)!,
                ReleaseEnc = release is null ? null : secrets.Protect(release),
                State = LinkageState.Sent,
                SentBy = actor.Id,
                SentByName = actor.Name,
                SentAt = clock.StoredNow(),
                NextDate = c.Due.Value.AddDays(1),
                Version = 1,
            };
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_linkage (id, case_id, court_id, agency_id, agency_name, login, act, words, basis, due_on, documents, digest, token_enc,
                    release_enc, state, sent_by, sent_by_name, sent_at, urged, next_date, version)
                VALUES (@Id, @CaseId, @CourtId, @AgencyId, @AgencyName, @Login, @Act, @Words, @Basis, @DueOn, @Documents, @Digest, @TokenEnc, @ReleaseEnc,
                    @State, @SentBy, @SentByName, @SentAt, 0, @NextDate, 1)
                """,
                row,
                ct
            );
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_public_request (token_digest, release_digest, linkage_id, court_name, case_number, case_id, agency_name, act, words,
                    basis, due_on, documents, digest, expires_at)
                VALUES (@token, @release, @Id, @CourtName, @Number, @CaseId, @AgencyName, @Act, @Words, @Basis, @DueOn, @Documents, @Digest, @expires)
                """,
                new
                {
                    token = Secrets.Digest(token),
                    release = release is null ? null : Secrets.Digest(release),
                    row.Id,
                    card.CourtName,
                    card.Number,
                    row.CaseId,
                    row.AgencyName,
                    row.Act,
                    row.Words,
                    row.Basis,
                    row.DueOn,
                    row.Documents,
                    row.Digest,
                    expires = row.SentAt.AddDays(90),
                },
                ct
            );
            await hooks.TellAsync(row.Id, row.AgencyId, "sent", ct);
            return row;
        }

        private async Task<List<SentPaper>> PapersAsync(SendLinkage c, CancellationToken ct)
        {
            var papers = new List<SentPaper>();
            var drafts = await db.QueryAsync<long>(
                "SELECT p.document_id FROM enforcement_paper p WHERE p.case_id = @CaseId AND p.document_id IS NOT NULL UNION "
                    + "SELECT d.ruling_document_id FROM enforcement_draft d WHERE d.case_id = @CaseId AND d.ruling_document_id IS NOT NULL UNION "
                    + "SELECT d.notice_document_id FROM enforcement_draft d WHERE d.case_id = @CaseId AND d.notice_document_id IS NOT NULL",
                new { c.CaseId },
                ct
            );
            foreach (var id in c.DocumentIds.Distinct())
            {
                var paper = await documents.GetAsync(id, ct);
                if (drafts.Contains(id))
                    throw new RuleBroken($"《{paper.Title}》是拟稿，没有签发，不能发给协助机关；请换成签发的文书。", "DocumentIds", "draft");
                if (paper.CaseId != c.CaseId)
                    throw new RuleBroken($"《{paper.Title}》不是本案的文书。", "DocumentIds");
                if (paper.Volume != "main")
                    throw new RuleBroken($"《{paper.Title}》在副卷，不得发出。", "DocumentIds");
                papers.Add(
                    new SentPaper
                    {
                        N = papers.Count + 1,
                        DocumentId = paper.Id,
                        Title = paper.Title,
                        Blob = paper.Blob,
                    }
                );
            }
            return papers;
        }
    }

    private sealed record AgencyRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Login { get; init; } = "";
        public bool TwoPersons { get; init; }
    }
}

/// <summary>Urges an agency, or takes a request back that it has not answered.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.linkage.step")]
internal sealed record StepLinkage : ICommand<LinkageRow>
{
    public long Id { get; init; }

    /// <summary>urge or withdraw.</summary>
    public string Step { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepLinkage>
    {
        public Validator() => RuleFor(c => c.Step).Must(s => s is LinkageStep.Urge or LinkageStep.Withdraw).WithMessage("可以催办或者撤回。");
    }

    internal sealed class Handler(Db db, LinkageBook book, AgencyHooks hooks, Dates.CaseDates dates, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<StepLinkage, LinkageRow>
    {
        public async Task<LinkageRow> Handle(StepLinkage c, CancellationToken cancellationToken)
        {
            var l = await book.GetAsync(c.Id, cancellationToken);
            audit.Note("linkage", l.Id, new { c.Step }, l.CaseId);
            if (c.Step == LinkageStep.Urge)
                return await book.UrgeAsync(l, clock.StoredNow(), cancellationToken);
            l = await book.MoveAsync(l, LinkageStep.Withdraw, cancellationToken, "next_date = NULL", new { l.Id, l.Version });
            await db.ExecuteAsync(
                "UPDATE enforcement_public_request SET withdrawn_at = @now WHERE linkage_id = @Id",
                new { l.Id, now = clock.StoredNow() },
                cancellationToken
            );
            await hooks.TellAsync(l.Id, l.AgencyId, "withdrawn", cancellationToken);
            await dates.EndAsync($"linkage:{l.Id}", cancellationToken);
            return l;
        }
    }
}

/// <summary>The agency answers by its own key.</summary>
[Permit("enforcement.answer")]
[Audited("enforcement.linkage.answer")]
internal sealed record AnswerLinkage : ICommand<LinkageRow>
{
    public long Id { get; init; }
    public string Answer { get; init; } = "";
    public string Receipt { get; init; } = "";

    /// <summary>Who released the answer, where the agency answers by two persons.</summary>
    public string ReleasedBy { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AnswerLinkage>
    {
        public Validator()
        {
            RuleFor(c => c.Answer).NotEmpty().WithMessage("请填写反馈内容。").MaximumLength(1000).WithMessage("反馈最长 1000 个字符。");
            RuleFor(c => c.Receipt).MaximumLength(120).WithMessage("回执号最长 120 个字符。");
        }
    }

    internal sealed class Handler(LinkageBook book, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<AnswerLinkage, LinkageRow>
    {
        public async Task<LinkageRow> Handle(AnswerLinkage c, CancellationToken cancellationToken)
        {
            var l = await book.OfAgencyAsync(c.Id, actor.Login, cancellationToken);
            audit.Note("linkage", l.Id, new { by = "key" }, l.CaseId);
            var by = l.ReleaseEnc is null ? actor.Name : TwoPersons.Both(actor.Name, c.ReleasedBy, "ReleasedBy");
            return await book.AnswerAsync(l, c.Answer.Trim(), c.Receipt.Trim(), by, clock.StoredNow(), null, cancellationToken);
        }
    }
}
