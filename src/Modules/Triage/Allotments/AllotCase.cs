using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Settings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Allotments;

/// <summary>An allotment with everything it was drawn from.</summary>
internal sealed record Drawn(
    long FilingId,
    string CaseNumber,
    long JudgeId,
    string Judge,
    string How,
    string Seed,
    string Reason,
    string TiedBy,
    IReadOnlyList<Standing> Candidates
);

/// <summary>Draws the judge of a registered case.</summary>
[Permit("triage.allot")]
[Audited("triage.allot.draw")]
internal sealed record AllotCase : ICommand<Drawn>
{
    public long FilingId { get; init; }
    public int? Version { get; init; }

    internal sealed class Handler(FilingBook book, Allotting allotting, TimeProvider clock) : ICommandHandler<AllotCase, Drawn>
    {
        public async Task<Drawn> Handle(AllotCase request, CancellationToken cancellationToken)
        {
            var filing = await book.GetAsync(request.FilingId, request.Version, cancellationToken);
            return await allotting.DrawAsync(
                filing,
                await allotting.LoadsAsync(filing.CourtId, Times.Day(clock.GetUtcNow()), cancellationToken),
                cancellationToken
            );
        }
    }
}

/// <summary>A judge named by hand: only with a reason, and on a list.</summary>
[Permit("triage.allot.hand")]
[Audited("triage.allot.by-hand")]
internal sealed record AllotByHand : ICommand<Drawn>
{
    public long FilingId { get; init; }
    public int? Version { get; init; }
    public long JudgeId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AllotByHand>
    {
        public Validator()
        {
            RuleFor(c => c.JudgeId).NotEmpty().WithMessage("请选择法官。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("手工分案须写明理由，并列入手工分案清单。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(FilingBook book, Allotting allotting, TimeProvider clock) : ICommandHandler<AllotByHand, Drawn>
    {
        public async Task<Drawn> Handle(AllotByHand request, CancellationToken cancellationToken)
        {
            var filing = await book.GetAsync(request.FilingId, request.Version, cancellationToken);
            var loads = await allotting.LoadsAsync(filing.CourtId, Times.Day(clock.GetUtcNow()), cancellationToken);
            var judge = loads.FirstOrDefault(j => j.Id == request.JudgeId) ?? throw new RuleBroken("不是本院在岗的法官。", "JudgeId");
            return await allotting.ByHandAsync(filing, loads, judge, request.Reason.Trim(), cancellationToken);
        }
    }
}

/// <summary>Draws for every case of the court that waits, the oldest first; loads move with each draw.</summary>
[Permit("triage.allot")]
[Audited("triage.allot.all")]
internal sealed record AllotWaiting : ICommand<AllotWaiting.Result>
{
    internal sealed record Result(int Allotted, IReadOnlyList<string> Left);

    internal sealed class Handler(Db db, Actor actor, FilingBook book, Allotting allotting, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<AllotWaiting, Result>
    {
        private const int Most = 200;

        public async Task<Result> Handle(AllotWaiting request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var waiting = await db.PageAsync<Filing>(
                $"SELECT {FilingBook.Columns} FROM triage_filing f WHERE f.state = 'registered' AND f.court_id = @court AND {book.Seen} ORDER BY f.id",
                new
                {
                    court = actor.CourtId,
                    me,
                    courts,
                    places,
                },
                Most,
                cancellationToken
            );
            var loads = await allotting.LoadsAsync(actor.CourtId, Times.Day(clock.GetUtcNow()), cancellationToken);
            var left = new List<string>();
            var done = 0;
            foreach (var filing in waiting)
            {
                try
                {
                    var drawn = await allotting.DrawAsync(filing, loads, cancellationToken);
                    loads = [.. loads.Select(j => j.Id == drawn.JudgeId ? j with { Load = j.Load + (filing.Weight ?? 100), OpenCases = j.OpenCases + 1 } : j)];
                    done++;
                }
                catch (RuleBroken e) when (e.Code is "nobody" or "mediating")
                {
                    left.Add(filing.CaseNumber!);
                }
            }
            audit.Note("court", actor.CourtId, new { allotted = done, left = left.Count });
            return new Result(done, left);
        }
    }
}

/// <summary>Loads, draw and record of allotments; in the transaction that is open.</summary>
internal sealed class Allotting(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    FilingBook book,
    NearCases nearness,
    ICaseRegister register,
    Decisions decisions,
    Outbox outbox,
    AuditTrail audit
)
{
    /// <summary>The judges of a court with their open cases, weighed: what was allotted here by its weight, any other as one usual case.</summary>
    public async Task<IReadOnlyList<AllotCandidate>> LoadsAsync(long courtId, DateOnly on, CancellationToken ct)
    {
        var weighed = (
            await db.QueryAsync<Weighed>(
                """
                SELECT a.judge_id, SUM(a.weight) AS weight, COUNT(*) AS n
                FROM triage_allotment a
                JOIN workzone_case_card c ON c.id = a.case_id
                WHERE a.court_id = @courtId AND c.judge_id = a.judge_id AND c.state = 'open'
                GROUP BY a.judge_id
                """,
                new { courtId },
                ct
            )
        ).ToDictionary(w => w.JudgeId);
        return
        [
            .. (await register.JudgesAsync(courtId, on, ct)).Select(j =>
            {
                var w = weighed.GetValueOrDefault(j.Id);
                return new AllotCandidate
                {
                    Id = j.Id,
                    Name = j.Name,
                    Division = j.Division,
                    Team = j.Team,
                    Absent = j.Absent,
                    OpenCases = j.OpenCases,
                    Load = (w?.Weight ?? 0) + (100L * Math.Max(0, j.OpenCases - (w?.N ?? 0))),
                };
            }),
        ];
    }

    /// <summary>What the draw looks at for a filing; the seed is made for it alone.</summary>
    public async Task<AllotInput> InputAsync(Filing filing, IReadOnlyList<AllotCandidate> loads, string seed, TeamNames names, CancellationToken ct)
    {
        var recused = await register.RecusedAsync(filing.CaseId!.Value, ct);
        var near = await nearness.FindAsync(filing, await book.PartiesAsync(filing.Id, ct), Times.Day(clock.GetUtcNow()), ct);
        var tied = NearCases.Binding(near);
        return new AllotInput
        {
            CaseNumber = filing.CaseNumber!,
            Weight = filing.Weight ?? 100,
            TiedJudgeId = tied?.JudgeId,
            TiedBy = tied?.Number ?? "",
            Division = names.Division,
            Team = names.Team,
            Seed = seed,
            Candidates = [.. loads.Select(j => recused.Contains(j.Id) ? j with { Recused = true } : j)],
        };
    }

    /// <exception cref="RuleBroken">Not registered or allotted already; nobody is left (code nobody).</exception>
    public async Task<Drawn> DrawAsync(Filing filing, IReadOnlyList<AllotCandidate> loads, CancellationToken ct)
    {
        await DemandWaitingAsync(filing, ct);
        var names = await decisions.DecideAsync<TeamNames>(
            "triage.teams",
            new TeamFacts
            {
                Kind = filing.Kind,
                Cause = filing.Cause,
                Band = filing.Band,
            },
            filing.CourtId,
            filing.CaseId,
            ct: ct
        );
        var input = await InputAsync(filing, loads, Secrets.NewToken(), names.Outcome, ct);
        var choice = (await decisions.DecideAsync<AllotChoice>("triage.allot", input, filing.CourtId, filing.CaseId, ct: ct)).Outcome;
        if (choice.JudgeId is not { } judge)
            throw new RuleBroken("没有可以承办的法官：都已请假或者回避。请手工指定或者报请上级法院指定管辖。", "JudgeId", "nobody");
        return await KeepAsync(
            filing,
            new Drawn(
                filing.Id,
                filing.CaseNumber!,
                judge,
                choice.Name,
                choice.How,
                input.Seed,
                "",
                choice.How == AllotRules.Tied ? input.TiedBy : "",
                choice.Standings
            ),
            ct
        );
    }

    public async Task<Drawn> ByHandAsync(Filing filing, IReadOnlyList<AllotCandidate> loads, AllotCandidate judge, string reason, CancellationToken ct)
    {
        await DemandWaitingAsync(filing, ct);
        var recused = await register.RecusedAsync(filing.CaseId!.Value, ct);
        var standings = loads
            .Select(j => new Standing(
                j.Id,
                j.Name,
                j.Load,
                j.OpenCases,
                j.Id == judge.Id ? "drawn"
                    : recused.Contains(j.Id) ? "recused"
                    : j.Absent ? "absent"
                    : "free"
            ))
            .ToList();
        await decisions.RecordAsync(
            "triage.allot.by-hand",
            "-",
            new { filing.CaseNumber, loads },
            new { judge = judge.Id, reason },
            AllotRules.ByHand,
            filing.CaseId,
            ct
        );
        return await KeepAsync(filing, new Drawn(filing.Id, filing.CaseNumber!, judge.Id, judge.Name, AllotRules.ByHand, "", reason, "", standings), ct);
    }

    private async Task DemandWaitingAsync(Filing filing, CancellationToken ct)
    {
        if (filing.State == FilingState.Allotted)
            throw new RuleBroken("本案已经分案。更换法官由院领导在案件页办理。", code: "allotted");
        if (filing.State != FilingState.Registered)
            throw new RuleBroken("登记立案、有了案号才能分案。", code: "not-registered");
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_mediation WHERE case_id = @CaseId AND is_open = 1", new { filing.CaseId }, ct) > 0)
            throw new RuleBroken("本案正在调解，结束后再分案。", code: "mediating");
    }

    private async Task<Drawn> KeepAsync(Filing filing, Drawn drawn, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = Times.Day(now);
        var caseId = filing.CaseId!.Value;
        await register.AllotAsync(caseId, drawn.JudgeId, today, ct);
        await db.ExecuteAsync(
            """
            INSERT INTO triage_allotment (id, filing_id, case_id, court_id, case_number, judge_id, judge_name, how, weight, seed, drawn, reason, on_day, at,
                by_name)
            VALUES (@id, @FilingId, @caseId, @CourtId, @CaseNumber, @JudgeId, @Judge, @How, @weight, @Seed, @kept, @Reason, @today, @now, @by)
            """,
            new
            {
                id = ids.Next(),
                drawn.FilingId,
                caseId,
                filing.CourtId,
                drawn.CaseNumber,
                drawn.JudgeId,
                drawn.Judge,
                drawn.How,
                weight = filing.Weight ?? 100,
                drawn.Seed,
                kept = JsonSerializer.Serialize(drawn, Json.Stored),
                drawn.Reason,
                today,
                now,
                by = actor.Name,
            },
            ct
        );
        await book.MoveAsync(filing, FilingStep.Allot, new { filing.Id, filing.Version }, "", ct);
        await book.NoteAsync(filing.Id, FilingStep.Allot, drawn.Judge, ct);
        await outbox.AddAsync(
            Catalogue.CaseKey(caseId),
            new CaseAllotted
            {
                CaseId = caseId,
                CourtId = filing.CourtId,
                JudgeId = drawn.JudgeId,
                AllottedOn = today,
                How = drawn.How,
            },
            ct
        );
        audit.Note(
            "filing",
            filing.Id,
            new
            {
                judge = drawn.JudgeId,
                drawn.How,
                drawn.Seed,
            },
            caseId,
            drawn.Reason.Length > 0 ? drawn.Reason : null
        );
        return drawn;
    }

    private sealed record Weighed
    {
        public long JudgeId { get; init; }
        public long Weight { get; init; }
        public int N { get; init; }
    }
}
