using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Elements;

/// <summary>Sends the element form of a cause to every party: each gets a link of its own.</summary>
[Permit("trial.schedule")]
[Audited("trial.element.send")]
internal sealed record SendElements : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>Blank: by the cause.</summary>
    public string Code { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SendElements>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Code).Must(c => c.Length == 0 || ElementForms.Find(c) is not null).WithMessage("请选择要素表。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, Secrets secrets, ICases cases, ElementBook book, AuditTrail audit)
        : ICommandHandler<SendElements, long>
    {
        public const int Days = 60;

        public async Task<long> Handle(SendElements c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            if (card.State != "open")
                throw new RuleBroken("案件已经结案，不能再发要素表。", "CaseId");
            var form =
                (c.Code.Length > 0 ? ElementForms.Find(c.Code) : ElementForms.For(card.Cause))
                ?? throw new RuleBroken($"“{card.Cause}”没有对应的要素表，请选择一种。", "Code", "no-form");
            if (await book.OfCaseAsync(card.Id, cancellationToken) is not null)
                throw new RuleBroken("本案已经发过要素表。", "Code", "sent");
            var (id, now) = (ids.Next(), clock.StoredNow());
            await db.ExecuteAsync(
                "INSERT INTO trial_element (id, case_id, court_id, code, state, sent_name, sent_at, version) VALUES (@id, @CaseId, @CourtId, @Code, "
                    + "'open', @name, @now, 1)",
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    form.Code,
                    name = actor.Name,
                    now,
                },
                cancellationToken
            );
            foreach (var p in await cases.PartiesAsync(card.Id, cancellationToken))
            {
                var (side, token) = (ids.Next(), Secrets.NewToken());
                var claims = p.Role is "原告" or "申请人" or "上诉人" or "申请执行人";
                await db.ExecuteAsync(
                    "INSERT INTO trial_element_side (id, form_id, party_id, party_name, role, claims, token_enc) VALUES (@side, @id, @party, @Name, "
                        + "@Role, @claims, @enc)",
                    new
                    {
                        side,
                        id,
                        party = p.Id,
                        p.Name,
                        p.Role,
                        claims,
                        enc = secrets.Protect(token),
                    },
                    cancellationToken
                );
                await db.ExecuteAsync(
                    """
                    INSERT INTO trial_public_element (id, token_digest, side_id, court_name, case_number, cause, code, claims, tail_keyed, tries, expires_at)
                    VALUES (@row, @digest, @side, @CourtName, @Number, @Cause, @Code, @claims, @tail, 0, @until)
                    """,
                    new
                    {
                        row = ids.Next(),
                        digest = Secrets.Digest(token),
                        side,
                        card.CourtName,
                        card.Number,
                        card.Cause,
                        form.Code,
                        claims,
                        tail = p.IdNumberTail is { } t ? secrets.Keyed("element-tail", t.ToUpperInvariant()) : null,
                        until = now.AddDays(Days),
                    },
                    cancellationToken
                );
                await book.HandAsync(new ElementSide { Id = side, PartyId = p.Id }, card.Id, form.Title, token, now.AddDays(Days), cancellationToken);
            }
            audit.Note("element-form", id, new { form.Code }, card.Id);
            return id;
        }
    }
}

/// <summary>Sends a party its link once more: the address was mended, or the message was lost.</summary>
[Permit("trial.schedule")]
[Audited("trial.element.send")]
internal sealed record SendElementLink : ICommand
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }

    internal sealed class Validator : AbstractValidator<SendElementLink>
    {
        public Validator() => RuleFor(c => c.PartyId).NotEmpty().WithMessage("请指明当事人。");
    }

    internal sealed class Handler(Db db, TimeProvider clock, Secrets secrets, ICases cases, ElementBook book, AuditTrail audit)
        : CommandHandler<SendElementLink>
    {
        protected override async Task RunAsync(SendElementLink command, CancellationToken ct)
        {
            var card = await cases.GetAsync(command.CaseId, ct);
            var row = await book.OfCaseAsync(card.Id, ct) ?? throw new RuleBroken("本案还没有发要素表。", "CaseId", "not-sent");
            var side = (await book.SidesAsync(row.Id, ct)).FirstOrDefault(s => s.PartyId == command.PartyId) ?? throw new NotFound("当事人", command.PartyId);
            if (row.State != "open" || secrets.Reveal(side.TokenEnc) is not { } token)
                throw new RuleBroken("要素表已经截止，没有可以发的链接。", "PartyId", "closed");
            if (side.Handed > 0 && side.ToldAt is null)
                throw new RuleBroken("上一次还没有发出的结果，请稍后再发。", "PartyId", "under-way");
            var until =
                await db.FirstAsync<DateTimeOffset?>("SELECT expires_at FROM trial_public_element WHERE side_id = @Id", new { side.Id }, ct)
                ?? clock.GetUtcNow();
            await book.HandAsync(side, card.Id, ElementForms.Find(row.Code)!.Title, token, until, ct);
            audit.Note("element-form", row.Id, new { party = side.PartyId, again = side.Handed + 1 }, card.Id);
        }
    }
}

/// <summary>The clerk writes down what a party says, on paper or by mouth.</summary>
[Permit("trial.schedule")]
[Audited("trial.element.fill")]
internal sealed record FillElements : ICommand
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public IReadOnlyDictionary<string, string> Answers { get; init; } = new Dictionary<string, string>();

    internal sealed class Validator : AbstractValidator<FillElements>
    {
        public Validator()
        {
            RuleFor(c => c.PartyId).NotEmpty().WithMessage("请指明当事人。");
            RuleFor(c => c.Answers).Must(a => a.Count <= 60).WithMessage("填写的项目太多。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, ICases cases, ElementBook book, AuditTrail audit) : CommandHandler<FillElements>
    {
        protected override async Task RunAsync(FillElements c, CancellationToken ct)
        {
            var card = await cases.GetAsync(c.CaseId, ct);
            var row = await book.OfCaseAsync(card.Id, ct) ?? throw new RuleBroken("本案还没有发要素表。", "CaseId", "not-sent");
            var side = (await book.SidesAsync(row.Id, ct)).FirstOrDefault(s => s.PartyId == c.PartyId) ?? throw new NotFound("当事人", c.PartyId);
            var form = ElementForms.Find(row.Code)!;
            ElementBook.Check(form, c.Answers);
            await ElementRow.Table.MoveAsync(db, "fill", row.State, new { row.Id, row.Version }, ct: ct);
            await db.ExecuteAsync(
                "UPDATE trial_element_side SET answers_enc = @answers, filled_name = @name, filled_at = @now WHERE id = @Id",
                new
                {
                    side.Id,
                    answers = book.Sealed(form, c.Answers),
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                ct
            );
            audit.Note("element-form", row.Id, new { party = side.PartyId, fields = c.Answers.Count(a => a.Value.Trim().Length > 0) }, card.Id);
        }
    }
}

/// <summary>Closes the form to the parties, or opens it again.</summary>
[Permit("trial.schedule")]
[Audited("trial.element.close")]
internal sealed record CloseElements : ICommand
{
    public long CaseId { get; init; }
    public int? Version { get; init; }
    public bool Open { get; init; }

    internal sealed class Validator : AbstractValidator<CloseElements>
    {
        public Validator() => RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
    }

    internal sealed class Handler(Db db, TimeProvider clock, ICases cases, ElementBook book, AuditTrail audit) : CommandHandler<CloseElements>
    {
        protected override async Task RunAsync(CloseElements c, CancellationToken ct)
        {
            var card = await cases.GetAsync(c.CaseId, ct);
            var row = await book.OfCaseAsync(card.Id, ct) ?? throw new RuleBroken("本案还没有发要素表。", "CaseId", "not-sent");
            if (c.Version is { } seen && seen != row.Version)
                throw new Conflict("要素表刚被他人修改，请刷新后再看。");
            await ElementRow.Table.MoveAsync(db, c.Open ? "reopen" : "close", row.State, new { row.Id, row.Version }, ct: ct);
            var now = clock.StoredNow();
            await db.ExecuteAsync(
                "UPDATE trial_public_element SET expires_at = @until WHERE side_id IN (SELECT s.id FROM trial_element_side s WHERE s.form_id = @Id)",
                new { row.Id, until = c.Open ? now.AddDays(SendElements.Handler.Days) : now },
                ct
            );
            audit.Note("element-form", row.Id, new { c.Open }, card.Id);
        }
    }
}

/// <summary>The element form of a case compared, with each party's link for who may send it.</summary>
[Permit("trial.read")]
internal sealed record ShowElements : IQuery<ShowElements.Result>
{
    public long CaseId { get; init; }

    internal sealed record Side(ElementSide Row, IReadOnlyDictionary<string, string> Answers, string? Link);

    internal sealed record Result(
        CaseCard Case,
        ElementRow? Row,
        ElementForm? Form,
        IReadOnlyList<Side> Sides,
        IReadOnlyList<Compared> Compared,
        string? Proposed
    );

    internal sealed class Handler(Actor actor, Secrets secrets, ICases cases, ElementBook book, AccessLog reads) : IQueryHandler<ShowElements, Result>
    {
        public async Task<Result> Handle(ShowElements request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if (await book.CompareAsync(card.Id, cancellationToken) is not { } all)
                return new Result(card, null, null, [], [], ElementForms.For(card.Cause)?.Code);
            reads.List("trial.element.show", all.Sides.Count, new { all.Row.Id }, card.Id);
            var may = actor.Can("trial.schedule") && all.Row.State == "open";
            return new Result(
                card,
                all.Row,
                all.Form,
                [.. all.Sides.Select(s => new Side(s, book.Answers(s), may && secrets.Reveal(s.TokenEnc) is { } token ? "/p/elements/" + token : null))],
                all.Compared,
                all.Row.Code
            );
        }
    }
}
