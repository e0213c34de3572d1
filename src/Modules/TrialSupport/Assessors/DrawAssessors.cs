using System.Security.Cryptography;
using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using FluentValidation;

namespace CourtOps.TrialSupport.Assessors;

/// <summary>Draws the assessors of a hearing by lot (人民陪审员法 19); a second draw stands in the place of the first and says why.</summary>
[Permit("trial.schedule")]
[Audited("trial.assessor.draw")]
internal sealed record DrawAssessors : ICommand<long>
{
    public long HearingId { get; init; }
    public int? Seats { get; init; } = 2;
    public int? Spares { get; init; } = 2;
    public string Field { get; init; } = "";

    /// <summary>Why it is drawn again; blank for the first draw.</summary>
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DrawAssessors>
    {
        public Validator()
        {
            RuleFor(c => c.HearingId).NotEmpty().WithMessage("请指明庭审。");
            RuleFor(c => c.Seats).Must(s => s is 1 or 2 or 4).WithMessage("参加合议庭的人民陪审员为 1 人、2 人，七人合议庭为 4 人。");
            RuleFor(c => c.Spares).NotNull().WithMessage("请填写候补人数。").InclusiveBetween(0, 10).WithMessage("候补人数应在 0 到 10 之间。");
            RuleFor(c => c.Field).MaximumLength(60).WithMessage("专业最长 60 个字符。");
            RuleFor(c => c.Reason).MaximumLength(400).WithMessage("原因最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ISettings settings,
        HearingActs acts,
        HearingBook hearings,
        DrawBook book,
        AuditTrail audit
    ) : ICommandHandler<DrawAssessors, long>
    {
        public async Task<long> Handle(DrawAssessors c, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(c.HearingId, null, cancellationToken);
            if (!h.IsLive)
                throw new RuleBroken("这次庭审已经结束或者取消，不能再抽取人民陪审员。", "HearingId", "state");
            var now = clock.StoredNow();
            var rules = settings.Current<AssessorRules>(h.CourtId);
            var was = await book.CurrentAsync(h.Id, cancellationToken);
            if (was is null && h.HeldOn.DayNumber - Times.Day(now).DayNumber < rules.DaysBefore)
                throw new RuleBroken($"人民陪审员应在开庭 {rules.DaysBefore} 日前随机抽取确定（陪审员法解释第三条）；请先改期。", "HearingId", "late");
            if (was is not null && c.Reason.Trim().Length == 0)
                throw new RuleBroken("已经抽取过，重新抽取须写明原因。", "Reason", "reason");
            var judges = (await hearings.PeopleAsync(h.Id, cancellationToken)).Count(p => p.Part is "judge" or "panel");
            if (!DrawRules.IsPanel(judges, c.Seats!.Value))
                throw new RuleBroken(
                    $"法官 {judges} 人与人民陪审员 {c.Seats} 人不能组成合议庭：三人合议庭，或者法官三人、人民陪审员四人的七人合议庭（人民陪审员法第十四条）。",
                    "Seats",
                    "panel"
                );
            var field = c.Field.Trim();
            // who sat in the draw before does not stand in their own way
            var weighed = DrawRules.Weigh(await book.CandidatesAsync(h, cancellationToken), field, rules);
            var pool = weighed.Where(w => w.Out is null).ToDictionary(w => w.Id);
            if (pool.Count < c.Seats)
                throw new RuleBroken($"可以参加抽取的人民陪审员只有 {pool.Count} 人，不足 {c.Seats} 人：请放宽专业要求或者改期。", "Seats", "pool");
            var (id, seed) = (ids.Next(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
            var order = DrawRules.Order(pool.Keys, seed).Take(c.Seats.Value + c.Spares!.Value).ToList();
            if (was is not null)
                await DrawRow.Table.MoveAsync(db, "again", was.State, new { was.Id, was.Version }, ct: cancellationToken);
            await db.ExecuteAsync(
                """
                INSERT INTO trial_draw (id, hearing_id, case_id, court_id, field, seats, spares, seed, candidates, reason, state, drawn_name, drawn_at, version)
                VALUES (@id, @hearing, @CaseId, @CourtId, @field, @Seats, @Spares, @seed, @candidates, @reason, 'drawn', @name, @now, 1)
                """,
                new
                {
                    id,
                    hearing = h.Id,
                    h.CaseId,
                    h.CourtId,
                    field,
                    c.Seats,
                    c.Spares,
                    seed,
                    candidates = JsonSerializer.Serialize(weighed, Json.Stored),
                    reason = was is null ? null : c.Reason.Trim(),
                    name = actor.Name,
                    now,
                },
                cancellationToken
            );
            await db.ExecuteManyAsync(
                "INSERT INTO trial_draw_pick (draw_id, n, assessor_id, name, part) VALUES (@id, @N, @Assessor, @Name, @State)",
                [
                    .. order.Select(
                        (a, i) =>
                            (object)
                                new
                                {
                                    id,
                                    N = i + 1,
                                    Assessor = a,
                                    pool[a].Name,
                                    State = i < c.Seats ? "seat" : "spare",
                                }
                    ),
                ],
                cancellationToken
            );
            var seats = (await book.PicksAsync(id, cancellationToken)).Where(p => p.State == "seat").ToList();
            await book.SeatAsync(h, seats, cancellationToken);
            await hearings.NoteAsync(h.Id, "drawn", string.Join('、', seats.Select(s => s.Name)), cancellationToken);
            audit.Note(
                "assessor-draw",
                id,
                new
                {
                    hearing = h.Id,
                    seed,
                    pool = pool.Count,
                    seats = order.Take(c.Seats.Value),
                },
                h.CaseId,
                c.Reason
            );
            return id;
        }
    }
}

/// <summary>Somebody drawn does not sit: the next spare who is still free takes the place.</summary>
[Permit("trial.schedule")]
[Audited("trial.assessor.replace")]
internal sealed record ReplaceAssessor : ICommand<long>
{
    public long HearingId { get; init; }
    public int N { get; init; }
    public string Ground { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReplaceAssessor>
    {
        public Validator()
        {
            RuleFor(c => c.Ground).Must(PickRow.Grounds.ContainsKey).WithMessage("请选择不参审的情形。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明不参审的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Actor actor,
        TimeProvider clock,
        ISettings settings,
        HearingActs acts,
        HearingBook hearings,
        DrawBook book,
        AuditTrail audit
    ) : ICommandHandler<ReplaceAssessor, long>
    {
        public async Task<long> Handle(ReplaceAssessor c, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(c.HearingId, null, cancellationToken);
            var draw = h.IsLive ? await book.CurrentAsync(h.Id, cancellationToken) : null;
            if (draw is null)
                throw new RuleBroken("还没有抽取人民陪审员，或者庭审已经结束。", "HearingId", "state");
            var picks = await book.PicksAsync(draw.Id, cancellationToken);
            var gone = picks.FirstOrDefault(p => p.N == c.N && p.State is "seat" or "spare") ?? throw new NotFound("抽中的人民陪审员", c.N);
            var able = DrawRules
                .Weigh(await book.CandidatesAsync(h, cancellationToken), "", settings.Current<AssessorRules>(h.CourtId))
                .Where(w => w.Out is null)
                .Select(w => w.Id)
                .ToHashSet();
            var next = gone.State == "seat" ? picks.FirstOrDefault(p => p.State == "spare" && able.Contains(p.AssessorId)) : null;
            if (gone.State == "seat" && next is null)
                throw new RuleBroken("没有可以递补的候补人员，请重新抽取。", "N", "no-spare");
            await db.ExecuteAsync(
                "UPDATE trial_draw_pick SET part = 'out', ground = @Ground, words = @words, by_name = @name, at = @now WHERE draw_id = @Id AND n = @N",
                new
                {
                    draw.Id,
                    c.N,
                    c.Ground,
                    words = c.Words.Trim(),
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            if (next is not null)
                await db.ExecuteAsync("UPDATE trial_draw_pick SET part = 'seat' WHERE draw_id = @Id AND n = @N", new { draw.Id, next.N }, cancellationToken);
            await DrawRow.Table.MoveAsync(db, "replace", draw.State, new { draw.Id, draw.Version }, ct: cancellationToken);
            await book.SeatAsync(h, [.. (await book.PicksAsync(draw.Id, cancellationToken)).Where(p => p.State == "seat")], cancellationToken);
            await hearings.NoteAsync(h.Id, "replaced", next is null ? gone.Name : $"{gone.Name} → {next.Name}", cancellationToken);
            audit.Note(
                "assessor-draw",
                draw.Id,
                new
                {
                    c.N,
                    c.Ground,
                    next = next?.N,
                },
                h.CaseId,
                c.Words
            );
            return draw.Id;
        }
    }
}

/// <summary>The draws of a hearing with all that is needed to do each again, and whether doing it again gives the same.</summary>
[Permit("trial.read")]
internal sealed record ShowDraws : IQuery<ShowDraws.Result>
{
    public long HearingId { get; init; }

    /// <param name="Same">The recorded order is the order of the seed.</param>
    internal sealed record Drawn(DrawRow Row, IReadOnlyList<PickRow> Picks, IReadOnlyList<Weighed> Candidates, bool Same);

    internal sealed record Result(Hearing Hearing, IReadOnlyList<Drawn> Draws, IReadOnlyList<string> Fields, AssessorRules Rules, int Judges);

    internal sealed class Handler(Db db, HearingActs acts, HearingBook hearings, DrawBook book, ISettings settings, AccessLog reads)
        : IQueryHandler<ShowDraws, Result>
    {
        public async Task<Result> Handle(ShowDraws request, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(request.HearingId, null, cancellationToken);
            var draws = new List<Drawn>();
            foreach (var d in await book.OfHearingAsync(h.Id, cancellationToken))
            {
                var (picks, candidates) = (await book.PicksAsync(d.Id, cancellationToken), DrawBook.Read(d.Candidates));
                draws.Add(
                    new Drawn(
                        d,
                        picks,
                        candidates,
                        picks
                            .Select(p => p.AssessorId)
                            .SequenceEqual(DrawRules.Order(candidates.Where(w => w.Out is null).Select(w => w.Id), d.Seed).Take(d.Seats + d.Spares))
                    )
                );
            }
            reads.List("trial.assessor.list", draws.Count, new { h.Id }, h.CaseId);
            var fields = await db.QueryAsync<string>(
                "SELECT DISTINCT field FROM trial_assessor WHERE court_id = @CourtId AND active = 1 AND field <> '' ORDER BY field",
                new { h.CourtId },
                cancellationToken
            );
            return new Result(
                h,
                draws,
                fields,
                settings.Current<AssessorRules>(h.CourtId),
                (await hearings.PeopleAsync(h.Id, cancellationToken)).Count(p => p.Part is "judge" or "panel")
            );
        }
    }
}
