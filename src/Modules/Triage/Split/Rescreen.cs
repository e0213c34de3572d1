using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Split;

/// <summary>Which procedure a later fact no longer allows. Pure.</summary>
internal static class ProcedureBars
{
    /// <summary>The procedure to go over to; null where the present one may stay.</summary>
    /// <param name="fact">counterclaim, expert, announcement, third-party, party or claims.</param>
    public static (string To, string Why, string Source)? Of(string procedure, string fact) =>
        (procedure, fact) switch
        {
            ("MC-SML", "counterclaim") => ("MC-SUM", "提出反诉的案件不适用小额诉讼程序", "民诉法 166"),
            ("MC-SML", "expert") => ("MC-SUM", "需要评估、鉴定的案件不适用小额诉讼程序", "民诉法 166"),
            ("MC-SML", "announcement") => ("MC-ORD", "一方当事人下落不明的案件不适用小额诉讼程序", "民诉法 166"),
            ("MC-SUM", "announcement") => ("MC-ORD", "需要公告送达的，一般不再适用简易程序", "实务做法"),
            _ => null,
        };

    /// <summary>The facts with one more. Pure.</summary>
    public static SplitFacts With(SplitFacts f, string fact, int parties) =>
        fact switch
        {
            "counterclaim" => f with { Counterclaim = true },
            "expert" => f with { Expert = true },
            "announcement" => f with { Announcement = true },
            "third-party" => f with { ThirdParty = true, Parties = Math.Max(f.Parties + 1, parties) },
            "party" => f with { Parties = Math.Max(f.Parties, parties) },
            "claims" => f with { Claims = f.Claims + 1 },
            _ => f,
        };

    public static readonly IReadOnlyDictionary<string, string> Facts = new Dictionary<string, string>
    {
        ["counterclaim"] = "提出反诉",
        ["expert"] = "委托鉴定",
        ["announcement"] = "公告送达",
        ["third-party"] = "追加第三人",
        ["party"] = "追加当事人",
        ["claims"] = "变更诉讼请求",
    };
}

/// <summary>A proposal that a later fact led to.</summary>
internal sealed record TrackProposal
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Fact { get; init; } = "";
    public string FromProcedure { get; init; } = "";
    public string ToProcedure { get; init; } = "";
    public string FromBand { get; init; } = "";
    public string ToBand { get; init; } = "";
    public string Why { get; init; } = "[]";
    public DateOnly? ClockNow { get; init; }

    /// <summary>The end of the trial limit after conversion, without deductions and extensions.</summary>
    public DateOnly? ClockThen { get; init; }
    public DateOnly MadeOn { get; init; }

    /// <summary>open, taken or dismissed.</summary>
    public string State { get; init; } = "";
    public string DecidedByName { get; init; } = "";
    public string Reason { get; init; } = "";
    public int Version { get; init; }

    public IReadOnlyList<string> WhyList => JsonSerializer.Deserialize<IReadOnlyList<string>>(Why, Json.Stored)!;
}

/// <summary>The split of cases as it stands, and what later facts make of it.</summary>
internal sealed class Screening(Db db, Ids ids, TimeProvider clock, ICalendarSource calendars, Decisions decisions)
{
    public const string Columns =
        "p.id, p.case_id, p.court_id, p.case_number, p.fact, p.from_procedure, p.to_procedure, p.from_band, p.to_band, p.why, p.clock_now, "
        + "p.clock_then, p.made_on, p.state, p.decided_by_name, p.reason, p.version";

    public static readonly StateTable Table = new("triage_proposal", "转换建议", new("take", ["open"], "taken"), new("dismiss", ["open"], "dismissed"));

    /// <summary>Keeps the split of a case that was just registered.</summary>
    public Task KeepAsync(long caseId, long courtId, SplitFacts facts, SplitOutcome split, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO triage_split (case_id, court_id, facts, score, band, weight, version) VALUES (@caseId, @courtId, @facts, @Score, @Band, @Weight, 1)",
            new
            {
                caseId,
                courtId,
                facts = JsonSerializer.Serialize(facts, Json.Stored),
                split.Score,
                split.Band,
                split.Weight,
            },
            ct
        );

    public Task<Stored?> FindAsync(long caseId, CancellationToken ct) =>
        db.FirstAsync<Stored>("SELECT case_id, court_id, facts, score, band, weight, version FROM triage_split WHERE case_id = @caseId", new { caseId }, ct);

    /// <summary>A fact of later days: the split is decided again; where procedure or band no longer fit, a proposal waits for the judge. The same fact counts
    /// once.</summary>
    public async Task LookAsync(long caseId, string fact, string key, DateOnly on, CancellationToken ct)
    {
        if (await FindAsync(caseId, ct) is not { } stored)
            return; // not registered here: nobody has split it
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_split_fact WHERE case_id = @caseId AND fact_key = @key", new { caseId, key }, ct) > 0)
            return;
        await db.ExecuteAsync(
            "INSERT INTO triage_split_fact (case_id, fact_key, fact, on_day) VALUES (@caseId, @key, @fact, @on)",
            new
            {
                caseId,
                key,
                fact,
                on,
            },
            ct
        );
        var card = await db.FirstAsync<Card>(
            "SELECT number, court_id, procedure_code, filed_on, state, clock_end FROM workzone_case_card WHERE id = @caseId",
            new { caseId },
            ct
        );
        if (card is not { State: "open" })
            return;
        var parties = await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_party_card WHERE case_id = @caseId", new { caseId }, ct);
        var facts = ProcedureBars.With(JsonSerializer.Deserialize<SplitFacts>(stored.Facts, Json.Stored)!, fact, parties) with
        {
            Procedure = card.ProcedureCode,
        };
        var split = (await decisions.DecideAsync<SplitOutcome>("triage.split", facts, stored.CourtId, caseId, ct: ct)).Outcome;
        var bar = ProcedureBars.Of(card.ProcedureCode, fact);
        var heavier = Array.IndexOf(SplitRules.Order, split.Band) > Array.IndexOf(SplitRules.Order, stored.Band);
        await db.ExecuteAsync(
            "UPDATE triage_split SET facts = @facts, score = @Score, weight = @Weight, version = version + 1 WHERE case_id = @caseId",
            new
            {
                caseId,
                facts = JsonSerializer.Serialize(facts, Json.Stored),
                split.Score,
                split.Weight,
            },
            ct
        );
        if (bar is null && !heavier)
            return;
        var to = bar?.To ?? card.ProcedureCode;
        // a proposal of before that says less is replaced
        foreach (
            var old in await db.QueryAsync<TrackProposal>(
                $"SELECT {Columns} FROM triage_proposal p WHERE p.case_id = @caseId AND p.state = 'open'",
                new { caseId },
                ct
            )
        )
            await Table.MoveAsync(
                db,
                "dismiss",
                old.State,
                new
                {
                    old.Id,
                    old.Version,
                    now = clock.GetUtcNow(),
                },
                "decided_at = @now",
                ct
            );
        var why = new List<string>();
        if (bar is { } b)
            why.Add($"{b.Why}（{b.Source}）");
        if (heavier)
            why.Add($"{split.Score}：{string.Join('、', split.Why.Select(w => $"{w.Factor} {w.Points:+0;-0}"))}");
        await db.ExecuteAsync(
            """
            INSERT INTO triage_proposal (id, case_id, court_id, case_number, fact, from_procedure, to_procedure, from_band, to_band, why, clock_now, clock_then,
                made_on, made_at, state, decided_by_name, reason, version)
            VALUES (@id, @caseId, @CourtId, @Number, @fact, @ProcedureCode, @to, @Band, @band2, @why, @ClockEnd, @then, @today, @now, 'open', '', '', 1)
            """,
            new
            {
                id = ids.Next(),
                caseId,
                stored.CourtId,
                card.Number,
                fact,
                card.ProcedureCode,
                to,
                stored.Band,
                band2 = split.Band,
                why = JsonSerializer.Serialize(why, Json.Stored),
                card.ClockEnd,
                then = to == card.ProcedureCode ? card.ClockEnd : Then(card, to),
                today = Times.Day(clock.GetUtcNow()),
                now = clock.GetUtcNow(),
            },
            ct
        );
    }

    // what the limit would be: from the original filing, by the new procedure
    private DateOnly? Then(Card card, string to)
    {
        if (!CaseNumber.TryParse(card.Number, out var number))
            return null;
        try
        {
            return new TrialClock
            {
                Procedure = card.ProcedureCode,
                Filed = card.FiledOn,
                Conversions = [new Conversion(to, Times.Day(clock.GetUtcNow()))],
            }
                .Compute(calendars.For(number.Court))
                .End;
        }
        catch (LawError)
        {
            return null;
        }
    }

    internal sealed record Stored
    {
        public long CaseId { get; init; }
        public long CourtId { get; init; }
        public string Facts { get; init; } = "{}";
        public int Score { get; init; }
        public string Band { get; init; } = "";
        public int Weight { get; init; }
        public int Version { get; init; }
    }

    private sealed record Card
    {
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public string State { get; init; } = "";
        public DateOnly? ClockEnd { get; init; }
    }
}

/// <summary>The judge takes a proposal up, or not, with a reason.</summary>
[Permit("triage.split")]
[Audited("triage.split.decide")]
internal sealed record DecideProposal : ICommand
{
    public long Id { get; init; }
    public int Version { get; init; }
    public bool Take { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecideProposal>
    {
        public Validator() =>
            RuleFor(c => c.Reason)
                .NotEmpty()
                .When(c => !c.Take)
                .WithMessage("不采纳的请写明理由，理由用来改进规则。")
                .MaximumLength(400)
                .WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, ICases cases, ICaseRegister register, TimeProvider clock, AuditTrail audit)
        : CommandHandler<DecideProposal>
    {
        protected override async Task RunAsync(DecideProposal command, CancellationToken ct)
        {
            var (me, courts, places) = cases.Arguments;
            var p =
                await db.FirstAsync<TrackProposal>(
                    $"SELECT {Screening.Columns} FROM triage_proposal p WHERE p.id = @Id AND {cases.Seen("p.case_id")}",
                    new
                    {
                        command.Id,
                        me,
                        courts,
                        places,
                    },
                    ct
                ) ?? throw new NotFound("转换建议", command.Id);
            var card = await cases.GetAsync(p.CaseId, ct);
            await Screening.Table.MoveAsync(
                db,
                command.Take ? "take" : "dismiss",
                p.State,
                new
                {
                    p.Id,
                    command.Version,
                    now = clock.GetUtcNow(),
                    by = actor.Name,
                    reason = command.Reason.Trim(),
                },
                "decided_at = @now, decided_by_name = @by, reason = @reason",
                ct
            );
            if (command.Take)
            {
                if (p.ToProcedure != card.ProcedureCode)
                    await register.ConvertAsync(
                        p.CaseId,
                        p.ToProcedure,
                        Times.Day(clock.GetUtcNow()),
                        command.Reason.Trim().Length > 0 ? command.Reason.Trim() : string.Join('；', p.WhyList),
                        ct: ct
                    );
                await db.ExecuteAsync("UPDATE triage_split SET band = @ToBand, version = version + 1 WHERE case_id = @CaseId", new { p.ToBand, p.CaseId }, ct);
            }
            audit.Note(
                "case",
                p.CaseId,
                new
                {
                    p.Fact,
                    command.Take,
                    p.ToProcedure,
                    p.ToBand,
                },
                p.CaseId,
                command.Reason.Length > 0 ? command.Reason : null
            );
        }
    }
}

/// <summary>The judge puts the case into another band: the reason feeds the report on the rule.</summary>
[Permit("triage.split")]
[Audited("triage.split.override")]
internal sealed record OverrideBand : ICommand
{
    public long CaseId { get; init; }
    public string Band { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<OverrideBand>
    {
        public Validator()
        {
            RuleFor(c => c.Band).Must(SplitRules.Bands.ContainsKey).WithMessage("请选择繁简。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("改分须写明理由，理由用来改进规则。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, ICases cases, Screening screening, TimeProvider clock, AuditTrail audit)
        : CommandHandler<OverrideBand>
    {
        protected override async Task RunAsync(OverrideBand command, CancellationToken ct)
        {
            var card = await cases.GetAsync(command.CaseId, ct);
            var stored = await screening.FindAsync(command.CaseId, ct) ?? throw new RuleBroken("本案不是在这里登记的，没有分流记录。", code: "not-split");
            if (stored.Band == command.Band)
                throw new RuleBroken("已经在这一档。", "Band");
            if (
                await db.ExecuteAsync(
                    "UPDATE triage_split SET band = @Band, version = version + 1 WHERE case_id = @CaseId AND version = @Version",
                    new
                    {
                        command.Band,
                        command.CaseId,
                        stored.Version,
                    },
                    ct
                ) == 0
            )
                throw new Conflict("繁简刚被他人改过，请刷新后再看。");
            var now = clock.GetUtcNow();
            var factors = await db.FirstAsync<string>("SELECT band_why FROM triage_filing WHERE case_id = @CaseId", new { command.CaseId }, ct) ?? "[]";
            await db.ExecuteAsync(
                "INSERT INTO triage_override (id, case_id, court_id, cause, from_band, to_band, score, factors, reason, by_name, at, on_day) VALUES "
                    + "(@id, @CaseId, @CourtId, @Cause, @from, @Band, @Score, @factors, @reason, @by, @now, @on)",
                new
                {
                    id = ids.Next(),
                    command.CaseId,
                    card.CourtId,
                    card.Cause,
                    from = stored.Band,
                    command.Band,
                    stored.Score,
                    factors,
                    reason = command.Reason.Trim(),
                    by = actor.Name,
                    now,
                    on = Times.Day(now),
                },
                ct
            );
            audit.Note("case", command.CaseId, new { from = stored.Band, command.Band }, command.CaseId, command.Reason);
        }
    }
}

/// <summary>Proposals of the cases this person may see, and the report on the rule.</summary>
[Permit("triage.read")]
internal sealed record ListProposals : IQuery<ListProposals.Result>
{
    /// <summary>open, taken or dismissed.</summary>
    public string State { get; init; } = "open";
    public long? Before { get; init; }

    internal sealed record Result(IReadOnlyList<TrackProposal> Rows, string? Next);

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<ListProposals, Result>
    {
        private const int Size = 50;

        public async Task<Result> Handle(ListProposals request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var before = request.Before ?? long.MaxValue;
            var rows = await db.PageAsync<TrackProposal>(
                $"SELECT {Screening.Columns} FROM triage_proposal p WHERE p.state = @State AND p.id < @before AND {cases.Seen("p.case_id")} ORDER BY p.id DESC",
                new
                {
                    request.State,
                    before,
                    me,
                    courts,
                    places,
                },
                Size + 1,
                cancellationToken
            );
            return new Result([.. rows.Take(Size)], rows.Count > Size ? rows[Size - 1].Id.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        }
    }
}

/// <summary>How the rule fares: what it decided, how often a judge decided otherwise and which way, by factor and cause. Figures only.</summary>
[Permit("triage.filings")]
internal sealed record ReportOnSplit : IQuery<ReportOnSplit.Result>
{
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }

    /// <param name="Share">Percent of the cases split in the time that a judge put elsewhere.</param>
    internal sealed record Result(
        IReadOnlyList<Moved> Moves,
        IReadOnlyList<Moved> ByCause,
        IReadOnlyList<Moved> ByFactor,
        IReadOnlyList<string> Reasons,
        int Overrides,
        int Cases,
        decimal Share,
        DateOnly From,
        DateOnly Until
    );

    internal sealed record Moved
    {
        public string Name { get; init; } = "";
        public int Heavier { get; init; }
        public int Lighter { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock) : IQueryHandler<ReportOnSplit, Result>
    {
        public async Task<Result> Handle(ReportOnSplit request, CancellationToken cancellationToken)
        {
            var (from, until) = Board.Period.Of(request.From, request.Until, Times.Day(clock.GetUtcNow()), d => d.AddYears(-1));
            var rows = await db.PageAsync<Row>(
                "SELECT o.cause, o.from_band, o.to_band, o.factors, o.reason FROM triage_override o WHERE o.court_id IN @courts AND o.on_day >= @from "
                    + "AND o.on_day <= @until ORDER BY o.id DESC",
                new
                {
                    courts = actor.Courts,
                    from,
                    until,
                },
                5000,
                cancellationToken
            );
            var cases = await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM triage_split s JOIN triage_filing f ON f.case_id = s.case_id WHERE s.court_id IN @courts AND f.registered_at >= "
                    + "@start AND f.registered_at < @end",
                new
                {
                    courts = actor.Courts,
                    start = Times.Start(from),
                    end = Times.Start(until.AddDays(1)),
                },
                cancellationToken
            );
            static Moved Of(string name, IEnumerable<Row> of) =>
                new()
                {
                    Name = name,
                    Heavier = of.Count(r => r.IsHeavier),
                    Lighter = of.Count(r => !r.IsHeavier),
                };
            return new Result(
                [.. rows.GroupBy(r => (r.FromBand, r.ToBand)).Select(g => Of($"{g.Key.FromBand}>{g.Key.ToBand}", g))],
                [.. rows.GroupBy(r => r.Cause).Select(g => Of(g.Key, g)).OrderByDescending(m => m.Heavier + m.Lighter)],
                [
                    .. rows.SelectMany(r => r.FactorNames.Select(f => (f, r)))
                        .GroupBy(x => x.f)
                        .Select(g => Of(g.Key, g.Select(x => x.r)))
                        .OrderByDescending(m => m.Heavier + m.Lighter),
                ],
                [.. rows.Select(r => r.Reason).Take(50)],
                rows.Count,
                cases,
                cases == 0 ? 0 : decimal.Round(100m * rows.Count / cases, 1),
                from,
                until
            );
        }

        private sealed record Row
        {
            public string Cause { get; init; } = "";
            public string FromBand { get; init; } = "";
            public string ToBand { get; init; } = "";
            public string Factors { get; init; } = "[]";
            public string Reason { get; init; } = "";

            public bool IsHeavier => Array.IndexOf(SplitRules.Order, ToBand) > Array.IndexOf(SplitRules.Order, FromBand);

            public IEnumerable<string> FactorNames => JsonSerializer.Deserialize<IReadOnlyList<Counted>>(Factors, Json.Stored)!.Select(c => c.Factor);
        }
    }
}
