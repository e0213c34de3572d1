using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Persuade;

internal sealed record SanctionRow
{
    public const string Columns =
        "s.id, s.case_id, s.court_id, s.party_id, s.party_name, s.kind, s.ground, s.amount, s.days, s.words, s.state, s.asked_by, s.asked_name, "
        + "s.asked_at, s.decided_name, s.decided_words, s.from_on, s.until_on, s.ended_on, s.ended_why, s.version";

    public static readonly StateTable Table = new(
        "enforcement_sanction",
        "惩戒措施",
        new("approve", ["asked"], "active"),
        new("carry-out", ["asked"], "done"),
        new("refuse", ["asked"], "refused"),
        new("end", ["active"], "ended")
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Ground { get; init; } = "";
    public long? Amount { get; init; }
    public int? Days { get; init; }
    public string Words { get; init; } = "";
    public string State { get; init; } = "";
    public long AskedBy { get; init; }
    public string AskedName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public string? DecidedName { get; init; }
    public string? DecidedWords { get; init; }
    public DateOnly? FromOn { get; init; }
    public DateOnly? UntilOn { get; init; }
    public DateOnly? EndedOn { get; init; }
    public string? EndedWhy { get; init; }
    public int Version { get; init; }
}

/// <summary>Asks for a means against a debtor; the leaders decide.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.sanction.ask")]
internal sealed record AskSanction : ICommand<long>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public string Kind { get; init; } = "";
    public string Ground { get; init; } = "unperformed";

    /// <summary>Yuan, of a fine.</summary>
    public decimal? Amount { get; init; }
    public int? Days { get; init; }
    public bool Minor { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskSanction>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.PartyId).NotEmpty().WithMessage("请选择被执行人。");
            RuleFor(c => c.Kind).Must(SanctionRules.Kinds.ContainsKey).WithMessage("请选择措施。");
            RuleFor(c => c.Ground).Must(SanctionRules.Grounds.ContainsKey).WithMessage("请选择情形。");
            RuleFor(c => c.Amount).Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明事实。").MaximumLength(400).WithMessage("事实最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, MeasureWork work, AuditTrail audit)
        : ICommandHandler<AskSanction, long>
    {
        public async Task<long> Handle(AskSanction c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party = await work.DebtorAsync(card.Id, c.PartyId, cancellationToken);
            var noticed =
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_node WHERE case_id = @Id AND code = 'notice' AND done_on IS NOT NULL",
                    new { card.Id },
                    cancellationToken
                ) > 0;
            var cents = c.Amount is { } yuan ? CaseMoney.Cents(yuan) : (long?)null;
            if (SanctionRules.Judge(c.Kind, c.Ground, party.PartyType == "natural", noticed, c.Minor, cents, c.Days) is { } broken)
                throw broken;
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_sanction WHERE case_id = @Id AND party_id = @PartyId AND kind = @Kind AND state IN ('asked', 'active')",
                    new
                    {
                        card.Id,
                        c.PartyId,
                        c.Kind,
                    },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken($"对{party.Name}已有同样的措施在审批或者生效中。", "Kind", "there-already");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_sanction (id, case_id, court_id, party_id, party_name, kind, ground, amount, days, words, state, asked_by, asked_name,
                    asked_at, version)
                VALUES (@id, @CaseId, @CourtId, @PartyId, @Name, @Kind, @Ground, @cents, @Days, @words, 'asked', @by, @me, @now, 1)
                """,
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    c.PartyId,
                    party.Name,
                    c.Kind,
                    c.Ground,
                    cents,
                    c.Days,
                    words = c.Words.Trim(),
                    by = actor.Id,
                    me = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            audit.Note("sanction", id, new { c.Kind, c.Ground }, card.Id);
            return id;
        }
    }
}

/// <summary>Decides a means: it holds from today, or was carried out; never by who asked.</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.sanction.decide")]
internal sealed record DecideSanction : ICommand<SanctionRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Granted { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecideSanction>
    {
        public Validator() =>
            RuleFor(c => c.Words).NotEmpty().When(c => !c.Granted).WithMessage("不批准须写明理由。").MaximumLength(400).WithMessage("意见最长 400 个字符。");
    }

    internal sealed class Handler(
        Db db,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        PersuadeBook book,
        Papers.PaperBook papers,
        CaseDates dates,
        AuditTrail audit
    ) : ICommandHandler<DecideSanction, SanctionRow>
    {
        public async Task<SanctionRow> Handle(DecideSanction c, CancellationToken cancellationToken)
        {
            var s = await book.SanctionAsync(c.Id, c.Version, cancellationToken);
            if (s.AskedBy == actor.Id)
                throw new RuleBroken("申请人不能批准自己的申请。", "Granted", "own");
            var from = Times.Day(clock.GetUtcNow());
            var until = c.Granted ? SanctionRules.Until(s.Kind, s.Ground, from, s.Days) : null;
            await SanctionRow.Table.MoveAsync(
                db,
                !c.Granted ? "refuse"
                    : SanctionRules.IsOnce(s.Kind) ? "carry-out"
                    : "approve",
                s.State,
                new
                {
                    s.Id,
                    s.Version,
                    name = actor.Name,
                    now = clock.StoredNow(),
                    words = c.Words.Trim(),
                    from = c.Granted ? from : (DateOnly?)null,
                    until,
                },
                "decided_name = @name, decided_at = @now, decided_words = @words, from_on = @from, until_on = @until",
                cancellationToken
            );
            if (until is { } end && !SanctionRules.IsOnce(s.Kind))
                await dates.SetAsync(
                    s.CaseId,
                    s.CourtId,
                    $"sanction:{s.Id}",
                    DateKinds.Sanction,
                    end,
                    $"{SanctionRules.Kinds[s.Kind]}期限届满：{s.PartyName}",
                    cancellationToken
                );
            audit.Note(
                "sanction",
                s.Id,
                new
                {
                    c.Granted,
                    s.Kind,
                    until,
                },
                s.CaseId
            );
            var decided = await book.SanctionAsync(s.Id, null, cancellationToken);
            if (c.Granted)
                await papers.SanctionAsync(await cases.GetAsync(s.CaseId, cancellationToken), decided, cancellationToken);
            return decided;
        }
    }
}

/// <summary>A means ends, with its reason.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.sanction.end")]
internal sealed record EndSanction : ICommand<SanctionRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Why { get; init; } = "";
    public DateOnly? On { get; init; }

    internal sealed class Validator : AbstractValidator<EndSanction>
    {
        public Validator() => RuleFor(c => c.Why).Must(SanctionRules.Ends.ContainsKey).WithMessage("请选择结束的原因。");
    }

    internal sealed class Handler(Db db, TimeProvider clock, PersuadeBook book, CaseDates dates, AuditTrail audit) : ICommandHandler<EndSanction, SanctionRow>
    {
        public async Task<SanctionRow> Handle(EndSanction c, CancellationToken cancellationToken)
        {
            var s = await book.SanctionAsync(c.Id, c.Version, cancellationToken);
            var today = Times.Day(clock.GetUtcNow());
            var on = c.On ?? today;
            if (on > today || on < s.FromOn)
                throw new RuleBroken("结束日期应在措施生效之后、今天以前。", "On");
            await SanctionRow.Table.MoveAsync(
                db,
                "end",
                s.State,
                new
                {
                    s.Id,
                    s.Version,
                    on,
                    c.Why,
                },
                "ended_on = @on, ended_why = @Why",
                cancellationToken
            );
            await dates.EndAsync($"sanction:{s.Id}", cancellationToken);
            audit.Note("sanction", s.Id, new { c.Why, on }, s.CaseId);
            return await book.SanctionAsync(s.Id, null, cancellationToken);
        }
    }
}

/// <summary>Reads and ends means inside the open transaction.</summary>
internal sealed class PersuadeBook(Db db, ICases cases, CaseDates dates, ICalendarSource calendars, Kernel.Settings.ISettings settings)
{
    /// <summary>Working days in which a means is lifted after performance (公布失信规定 10).</summary>
    public const int LiftWorkdays = 3;

    /// <exception cref="NotFound">No such means, or its case is not for this actor.</exception>
    public async Task<SanctionRow> SanctionAsync(long id, int? version, CancellationToken ct)
    {
        var s = await db.FirstAsync<SanctionRow>($"SELECT {SanctionRow.Columns} FROM enforcement_sanction s WHERE s.id = @id", new { id }, ct);
        if (s is null || !await cases.CanReadAsync(s.CaseId, ct))
            throw new NotFound("惩戒措施", id);
        return version is null || version == s.Version ? s : throw new Conflict("惩戒措施刚被他人办理，请刷新后再看。");
    }

    /// <summary>Debtors of a round that ended were asked about again. When all of them were, for every kind of property and within the window of
    /// an inquiry, the
    /// turn is done; the next is six months later, for five years.</summary>
    public async Task PolledAsync(CaseCard card, DateOnly on, CancellationToken ct)
    {
        if (
            await db.FirstAsync<DateOnly?>(
                "SELECT due_on FROM enforcement_date WHERE subject = @subject AND done_on IS NULL",
                new { subject = $"poll:{card.Id}" },
                ct
            )
            is not { } due
        )
            return;
        var debtors = await db.QueryAsync<long>("SELECT id FROM workzone_party_card WHERE case_id = @Id AND role = '被执行人'", new { card.Id }, ct);
        var asked = await db.QueryAsync<TurnRules.Asked>(
            "SELECT party_id, category, MAX(asked_on) AS asked_on FROM enforcement_inquiry WHERE case_id = @Id AND way = 'network' GROUP BY party_id, category",
            new { card.Id },
            ct
        );
        if (!TurnRules.IsDone(debtors, asked, due, on, settings.Current<Checks.LeakRules>(card.CourtId).InquiryWindow))
            return;
        var closed = await db.FirstAsync<DateOnly?>("SELECT closed_on FROM workzone_case_card WHERE id = @Id", new { card.Id }, ct);
        var next = on.AddMonths(DecideRoundEnd.PollMonths);
        if (closed is { } c && next > c.AddYears(DecideRoundEnd.PollYears))
            await dates.EndAsync($"poll:{card.Id}", ct);
        else
            await dates.SetAsync(card.Id, card.CourtId, $"poll:{card.Id}", DateKinds.Poll, next, "终本后定期查询", ct);
    }

    /// <summary>The case is over by performance: what still holds must be lifted within three working days.</summary>
    public async Task LiftAllAsync(long caseId, DateOnly on, CancellationToken ct)
    {
        var due = calendars.For(null).AddWorkdays(on, LiftWorkdays);
        foreach (
            var s in await db.QueryAsync<SanctionRow>(
                $"SELECT {SanctionRow.Columns} FROM enforcement_sanction s WHERE s.case_id = @caseId AND s.state = 'active' ORDER BY s.id",
                new { caseId },
                ct
            )
        )
            await dates.SetAsync(
                caseId,
                s.CourtId,
                $"sanction:{s.Id}",
                DateKinds.Sanction,
                due,
                $"已结案，解除{SanctionRules.Kinds[s.Kind]}：{s.PartyName}",
                ct
            );
    }
}

/// <summary>A talk: with the creditor before the round ends, with the debtor, with others.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.talk.note")]
internal sealed record NoteTalk : ICommand<long>
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["creditor"] = "约谈申请执行人",
        ["debtor"] = "约谈被执行人",
        ["other"] = "其他谈话",
    };

    public long CaseId { get; init; }
    public string Kind { get; init; } = "";
    public DateOnly? On { get; init; }
    public string With { get; init; } = "";

    /// <summary>Of a talk with the creditor: whether they agree that the round ends.</summary>
    public bool? Agrees { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<NoteTalk>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Kind).Must(Kinds.ContainsKey).WithMessage("请选择谈话的种类。");
            RuleFor(c => c.With).NotEmpty().WithMessage("请填写谈话的对象。").MaximumLength(200).WithMessage("对象最长 200 个字符。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明谈话的内容。").MaximumLength(1000).WithMessage("内容最长 1000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, AuditTrail audit) : ICommandHandler<NoteTalk, long>
    {
        public async Task<long> Handle(NoteTalk c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var now = clock.StoredNow();
            var on = c.On ?? Times.Day(now);
            if (on > Times.Day(now) || on < card.FiledOn)
                throw new RuleBroken("谈话日期应在立案之后、今天以前。", "On");
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO enforcement_talk (id, case_id, on_day, kind, with_name, agrees, words, person_name, at) VALUES (@id, @CaseId, @on, "
                    + "@Kind, @who, @Agrees, @words, @name, @now)",
                new
                {
                    id,
                    c.CaseId,
                    on,
                    c.Kind,
                    who = c.With.Trim(),
                    Agrees = c.Kind == "creditor" ? c.Agrees : null,
                    words = c.Words.Trim(),
                    name = actor.Name,
                    now,
                },
                cancellationToken
            );
            audit.Note(
                "talk",
                id,
                new
                {
                    c.Kind,
                    on,
                    c.Agrees,
                },
                card.Id
            );
            return id;
        }
    }
}
