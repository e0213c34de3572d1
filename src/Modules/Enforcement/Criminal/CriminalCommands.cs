using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Criminal;

/// <summary>A sum that the criminal judgment orders to be paid.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.criminal.add")]
internal sealed record AddCriminalItem : ICommand<CriminalItem>
{
    public long CaseId { get; init; }

    /// <summary>Who owes.</summary>
    public long PartyId { get; init; }
    public string Kind { get; init; } = "";

    /// <summary>Yuan; empty only for the confiscation of all property.</summary>
    public decimal? Amount { get; init; }

    /// <summary>state or victim.</summary>
    public string Payee { get; init; } = "";

    /// <summary>The victim; 国库 for the state where it is not given.</summary>
    public string PayeeName { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AddCriminalItem>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.PartyId).NotEmpty().WithMessage("请选择被执行人。");
            RuleFor(c => c.Kind).Must(CriminalRules.Kinds.ContainsKey).WithMessage("请选择项目种类。");
            RuleFor(c => c.Payee).Must(CriminalRules.Payees.ContainsKey).WithMessage("请选择归属。");
            RuleFor(c => c.Payee)
                .Must((c, p) => CriminalRules.MayReceive(c.Kind, p))
                .When(c => CriminalRules.Kinds.ContainsKey(c.Kind) && CriminalRules.Payees.ContainsKey(c.Payee))
                .WithMessage("罚金、没收财产上缴国库；退赔和民事债务给被害人、债权人；追缴的两者都可以。");
            RuleFor(c => c.Amount)
                .NotNull()
                .When(c => c.Kind != "confiscate")
                .WithMessage("请填写金额；只有没收全部财产可以不填。")
                .Must(CaseMoney.IsMoney)
                .WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.PayeeName)
                .NotEmpty()
                .When(c => c.Payee == "victim")
                .WithMessage("请填写被害人或者债权人。")
                .MaximumLength(200)
                .WithMessage("收款人最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, CriminalBook book, AuditTrail audit)
        : ICommandHandler<AddCriminalItem, CriminalItem>
    {
        public async Task<CriminalItem> Handle(AddCriminalItem c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party =
                (await cases.PartiesAsync(card.Id, cancellationToken)).FirstOrDefault(p => p.Id == c.PartyId)
                ?? throw new RuleBroken("请选择本案的当事人。", "PartyId");
            if (MeasureWork.IsCreditor(party.Role))
                throw new RuleBroken($"{party.Name}是{party.Role}，不是负有义务的人。", "PartyId");
            var name = c.PayeeName.Trim() is { Length: > 0 } given ? given : "国库";
            var cents = c.Amount is { } yuan ? CaseMoney.Cents(yuan) : (long?)null;
            if (
                (await book.OfAsync(card.Id, cancellationToken, "open")).Any(i =>
                    i.PartyId == party.Id && i.Kind == c.Kind && i.PayeeName == name && i.Amount == cents
                )
            )
                throw new RuleBroken("同一人的这个项目已经登记。", "Kind", "there-already");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_criminal_item (id, case_id, court_id, party_id, party_name, kind, amount, payee, payee_name, paid, state, by_name, at,
                    version)
                VALUES (@id, @CaseId, @CourtId, @PartyId, @partyName, @Kind, @cents, @Payee, @name, 0, 'open', @by, @now, 1)
                """,
                new
                {
                    id,
                    c.CaseId,
                    card.CourtId,
                    c.PartyId,
                    partyName = party.Name,
                    c.Kind,
                    cents,
                    c.Payee,
                    name,
                    by = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            audit.Note("criminal-item", id, new { c.Kind, cents }, card.Id);
            return await book.GetAsync(id, null, cancellationToken);
        }
    }
}

/// <summary>Nothing more is to be paid on an item: reduced or remitted, or its enforcement is ended.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.criminal.end")]
internal sealed record EndCriminalItem : ICommand<CriminalItem>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<EndCriminalItem>
    {
        public Validator() =>
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明减免或者终结的依据。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
    }

    internal sealed class Handler(Db db, TimeProvider clock, CriminalBook book, AuditTrail audit) : ICommandHandler<EndCriminalItem, CriminalItem>
    {
        public async Task<CriminalItem> Handle(EndCriminalItem c, CancellationToken cancellationToken)
        {
            var i = await book.GetAsync(c.Id, c.Version, cancellationToken);
            await CriminalItem.Table.MoveAsync(
                db,
                "end",
                i.State,
                new
                {
                    i.Id,
                    i.Version,
                    on = Times.Day(clock.GetUtcNow()),
                    words = c.Words.Trim(),
                },
                "ended_on = @on, ended_words = @words",
                cancellationToken
            );
            audit.Note("criminal-item", i.Id, new { ended = i.Kind }, i.CaseId);
            return await book.GetAsync(i.Id, null, cancellationToken);
        }
    }
}

/// <summary>The items of a case in the order of payment, or the open ones of the courts; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListCriminal : IQuery<ListCriminal.Result>
{
    public long? CaseId { get; init; }
    public string State { get; init; } = "open";
    public long After { get; init; } = long.MaxValue;

    internal sealed record Result(IReadOnlyList<CriminalItem> Rows, string? Next, CaseCard? Case, IReadOnlyList<PartyContact> Parties, CriminalOrder Order);

    internal sealed class Handler(Db db, ICases cases, CriminalBook book, Actor actor, AccessLog reads) : IQueryHandler<ListCriminal, Result>
    {
        public async Task<Result> Handle(ListCriminal request, CancellationToken cancellationToken)
        {
            if (request.CaseId is { } one)
            {
                var card = await cases.GetAsync(one, cancellationToken);
                var order = book.Order(card.CourtId);
                var items = (await book.OfAsync(one, cancellationToken)).OrderBy(i => order.Of(i.Kind)).ThenBy(i => i.Id).ToList();
                reads.List("enforcement.criminal.list", items.Count, new { request.CaseId }, one);
                return new Result(items, null, card, await cases.PartiesAsync(one, cancellationToken), order);
            }
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<CriminalItem>(
                $"SELECT {CriminalItem.Columns}, c.number AS case_number, c.judge_name FROM enforcement_criminal_item i JOIN workzone_case_card c ON c.id = "
                    + $"i.case_id WHERE i.court_id IN @courts AND i.state = @State AND i.id < @After AND {cases.Seen("i.case_id")} ORDER BY i.id DESC",
                new
                {
                    me,
                    courts,
                    places,
                    request.State,
                    request.After,
                },
                51,
                cancellationToken
            );
            reads.List("enforcement.criminal.list", Math.Min(50, rows.Count), new { request.State });
            return new Result([.. rows.Take(50)], rows.Count > 50 ? $"after={rows[49].Id}" : null, null, [], book.Order(actor.CourtId));
        }
    }
}
