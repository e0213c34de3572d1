using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Investigations;

/// <summary>What a court sets of investigation orders (律师调查令, E-09): provincial rules differ.</summary>
internal sealed record InvestigationRules
{
    /// <summary>Days to decide, from the application.</summary>
    public int DecideDays { get; init; } = 5;

    /// <summary>Days an order is valid, thirty at most.</summary>
    public int ValidDays { get; init; } = 15;
}

internal sealed record Investigation
{
    public const string Columns =
        "SELECT v.id, v.case_id, v.case_number, v.party_name, v.lawyer, v.licence, v.unit, v.evidence, v.reason, v.asked_on, v.decide_by, v.number, "
        + "v.issued_on, v.valid_until, v.decision, v.decided_name, v.outcome, v.outcome_words, v.returned_on, v.state, v.version FROM trial_investigation v";

    /// <summary>What an order may never be for.</summary>
    public static readonly IReadOnlyDictionary<string, string> Barred = new Dictionary<string, string>
    {
        ["witness"] = "证人证言",
        ["secret"] = "国家秘密",
        ["trade"] = "商业秘密",
        ["privacy"] = "个人隐私",
    };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["asked"] = "待决定",
        ["granted"] = "已签发",
        ["refused"] = "不予签发",
        ["returned"] = "已回复",
    };

    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["given"] = "取得证据",
        ["partly"] = "取得一部分",
        ["denied"] = "单位拒绝提供",
        ["unused"] = "没有使用，缴回",
        ["expired"] = "逾期失效",
    };

    public static readonly StateTable Table = new(
        "trial_investigation",
        "调查令",
        new("grant", ["asked"], "granted"),
        new("refuse", ["asked"], "refused"),
        new("return", ["granted"], "returned")
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string PartyName { get; init; } = "";
    public string Lawyer { get; init; } = "";
    public string Licence { get; init; } = "";
    public string Unit { get; init; } = "";
    public string Evidence { get; init; } = "";
    public string Reason { get; init; } = "";
    public DateOnly AskedOn { get; init; }
    public DateOnly DecideBy { get; init; }
    public string? Number { get; init; }
    public DateOnly? IssuedOn { get; init; }
    public DateOnly? ValidUntil { get; init; }
    public string? Decision { get; init; }
    public string? DecidedName { get; init; }
    public string? Outcome { get; init; }
    public string? OutcomeWords { get; init; }
    public DateOnly? ReturnedOn { get; init; }
    public string State { get; init; } = "";
    public int Version { get; init; }

    /// <summary>Undecided after its day, or out and no longer valid.</summary>
    public bool IsLate(DateOnly today) => (State == "asked" && DecideBy < today) || (State == "granted" && ValidUntil < today);
}

/// <summary>Takes down the application of a party's lawyer.</summary>
[Permit("trial.schedule")]
[Audited("trial.investigation.ask")]
internal sealed record AskInvestigation : ICommand<long>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public string Lawyer { get; init; } = "";
    public string Licence { get; init; } = "";
    public string Unit { get; init; } = "";
    public string Evidence { get; init; } = "";
    public string Reason { get; init; } = "";
    public DateOnly? On { get; init; }

    internal sealed class Validator : AbstractValidator<AskInvestigation>
    {
        public Validator()
        {
            RuleFor(c => c.PartyId).NotEmpty().WithMessage("请选择申请人。");
            RuleFor(c => c.Lawyer).NotEmpty().WithMessage("请填写持令律师。").MaximumLength(60).WithMessage("最长 60 个字符。");
            RuleFor(c => c.Licence).NotEmpty().WithMessage("请填写律师执业证号。").MaximumLength(40).WithMessage("执业证号最长 40 个字符。");
            RuleFor(c => c.Unit).NotEmpty().WithMessage("请填写接受调查的单位。").MaximumLength(200).WithMessage("最长 200 个字符。");
            RuleFor(c => c.Evidence).NotEmpty().WithMessage("请写明要调取的证据。").MaximumLength(1000).WithMessage("最长 1000 个字符。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明不能自行收集的原因。").MaximumLength(1000).WithMessage("最长 1000 个字符。");
            RuleFor(c => c.On).Must(d => d is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, ISettings settings, AuditTrail audit)
        : ICommandHandler<AskInvestigation, long>
    {
        public async Task<long> Handle(AskInvestigation c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            if (card.State != "open")
                throw new RuleBroken("案件已经结案，不能再申请调查令。", "CaseId");
            var party =
                (await cases.PartiesAsync(card.Id, cancellationToken)).FirstOrDefault(p => p.Id == c.PartyId) ?? throw new NotFound("当事人", c.PartyId);
            var today = Times.Day(clock.GetUtcNow());
            var on = c.On ?? today;
            if (on > today || on < card.FiledOn)
                throw new RuleBroken("申请日期应在立案之后、今天以前。", "On");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO trial_investigation (id, case_id, court_id, case_number, party_id, party_name, lawyer, licence, unit, evidence, reason, asked_on,
                    decide_by, state, by_name, version)
                VALUES (@id, @CaseId, @CourtId, @Number, @party, @Name, @lawyer, @licence, @unit, @evidence, @reason, @on, @by, 'asked', @me, 1)
                """,
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    card.Number,
                    party = party.Id,
                    party.Name,
                    lawyer = c.Lawyer.Trim(),
                    licence = c.Licence.Trim(),
                    unit = c.Unit.Trim(),
                    evidence = c.Evidence.Trim(),
                    reason = c.Reason.Trim(),
                    on,
                    by = on.AddDays(settings.Current<InvestigationRules>(card.CourtId).DecideDays),
                    me = actor.Name,
                },
                cancellationToken
            );
            audit.Note("investigation", id, new { c.PartyId, c.Unit }, card.Id);
            return id;
        }
    }
}

/// <summary>The judge signs an order, or refuses it with reason; what it may never be for is refused by itself.</summary>
[Permit("trial.sign")]
[Audited("trial.investigation.decide")]
internal sealed record DecideInvestigation : ICommand
{
    public long CaseId { get; init; }
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool? Grant { get; init; }
    public string Words { get; init; } = "";
    public int? Days { get; init; }
    public string Number { get; init; } = "";

    /// <summary>What of <see cref="Investigation.Barred"/> the evidence touches.</summary>
    public IReadOnlyList<string> Touches { get; init; } = [];

    internal sealed class Validator : AbstractValidator<DecideInvestigation>
    {
        public Validator()
        {
            RuleFor(c => c.Grant).NotNull().WithMessage("请选择签发或者不予签发。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Grant == false)
                .WithMessage("不予签发的，请写明理由。")
                .MaximumLength(400)
                .WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.Number)
                .NotEmpty()
                .When(c => c.Grant == true)
                .WithMessage("请填写调查令编号。")
                .MaximumLength(40)
                .WithMessage("编号最长 40 个字符。");
            RuleFor(c => c.Days).Must(d => d is null or (>= 1 and <= 30)).WithMessage("有效期最长三十日。");
            RuleForEach(c => c.Touches).Must(Investigation.Barred.ContainsKey).WithMessage("没有这一项。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, ICases cases, ISettings settings, AuditTrail audit)
        : CommandHandler<DecideInvestigation>
    {
        protected override async Task RunAsync(DecideInvestigation c, CancellationToken ct)
        {
            var card = await cases.GetAsync(c.CaseId, ct);
            var v = await InvestigationBook.GetAsync(db, card.Id, c.Id, c.Version, ct);
            if (card.JudgeId != actor.Id)
                throw new Forbidden("trial.sign", "调查令由承办法官决定。");
            if (c.Grant == true && c.Touches.Count > 0)
                throw new RuleBroken($"涉及{string.Join('、', c.Touches.Select(t => Investigation.Barred[t]))}的，不得签发调查令。", "Touches", "barred");
            var today = Times.Day(clock.GetUtcNow());
            if (c.Grant == true)
                await Investigation.Table.MoveAsync(
                    db,
                    "grant",
                    v.State,
                    new
                    {
                        v.Id,
                        v.Version,
                        number = c.Number.Trim(),
                        today,
                        until = today.AddDays(c.Days ?? settings.Current<InvestigationRules>(card.CourtId).ValidDays),
                        words = c.Words.Trim(),
                        name = actor.Name,
                    },
                    "number = @number, issued_on = @today, valid_until = @until, decision = @words, decided_name = @name",
                    ct
                );
            else
                await Investigation.Table.MoveAsync(
                    db,
                    "refuse",
                    v.State,
                    new
                    {
                        v.Id,
                        v.Version,
                        words = c.Words.Trim(),
                        name = actor.Name,
                    },
                    "decision = @words, decided_name = @name",
                    ct
                );
            audit.Note("investigation", v.Id, new { c.Grant, late = v.DecideBy < today }, card.Id, c.Words);
        }
    }
}

/// <summary>Writes down what came of an order.</summary>
[Permit("trial.schedule")]
[Audited("trial.investigation.return")]
internal sealed record ReturnInvestigation : ICommand
{
    public long CaseId { get; init; }
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Outcome { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReturnInvestigation>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(Investigation.Outcomes.ContainsKey).WithMessage("请选择调查的结果。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Outcome is "partly" or "denied")
                .WithMessage("请写明没有取得的部分和原因。")
                .MaximumLength(400)
                .WithMessage("最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock, ICases cases, AuditTrail audit) : CommandHandler<ReturnInvestigation>
    {
        protected override async Task RunAsync(ReturnInvestigation c, CancellationToken ct)
        {
            var card = await cases.GetAsync(c.CaseId, ct);
            var v = await InvestigationBook.GetAsync(db, card.Id, c.Id, c.Version, ct);
            var today = Times.Day(clock.GetUtcNow());
            if (c.Outcome == "expired" && v.ValidUntil >= today)
                throw new RuleBroken($"调查令到 {Times.Iso(v.ValidUntil!.Value)} 才失效。", "Outcome", "valid");
            await Investigation.Table.MoveAsync(
                db,
                "return",
                v.State,
                new
                {
                    v.Id,
                    v.Version,
                    c.Outcome,
                    words = c.Words.Trim(),
                    today,
                },
                "outcome = @Outcome, outcome_words = @words, returned_on = @today",
                ct
            );
            audit.Note("investigation", v.Id, new { c.Outcome }, card.Id, c.Words);
        }
    }
}

internal static class InvestigationBook
{
    /// <exception cref="NotFound">Not an order of this case.</exception>
    public static async Task<Investigation> GetAsync(Db db, long caseId, long id, int? version, CancellationToken ct)
    {
        var v =
            await db.FirstAsync<Investigation>(Investigation.Columns + " WHERE v.id = @id AND v.case_id = @caseId", new { id, caseId }, ct)
            ?? throw new NotFound("调查令", id);
        return version is null || version == v.Version ? v : throw new Conflict("调查令刚被他人办理，请刷新后再看。");
    }
}

/// <summary>The orders of a case.</summary>
[Permit("trial.read")]
internal sealed record ListInvestigations : IQuery<ListInvestigations.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<Investigation> Rows,
        IReadOnlyList<PartyContact> Parties,
        InvestigationRules Rules,
        DateOnly Today
    );

    internal sealed class Handler(Db db, ICases cases, ISettings settings, TimeProvider clock, AccessLog reads) : IQueryHandler<ListInvestigations, Result>
    {
        public async Task<Result> Handle(ListInvestigations request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var rows = await db.QueryAsync<Investigation>(
                Investigation.Columns + " WHERE v.case_id = @Id ORDER BY v.asked_on, v.id",
                new { card.Id },
                cancellationToken
            );
            reads.List("trial.investigation.list", rows.Count, new { card.Id }, card.Id);
            return new Result(
                card,
                rows,
                await cases.PartiesAsync(card.Id, cancellationToken),
                settings.Current<InvestigationRules>(card.CourtId),
                Times.Day(clock.GetUtcNow())
            );
        }
    }
}
