using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>The free times of a day for a hearing that is moved, and why the others are not; nothing is changed.</summary>
[Permit("trial.schedule")]
internal sealed record PlanMove : IQuery<PlanMove.Result>
{
    public long HearingId { get; init; }
    public DateOnly? Day { get; init; }
    public long? RoomId { get; init; }

    /// <param name="Free">Beginnings that will do in the room.</param>
    /// <param name="Why">Why none does: the first refusal; null where some do.</param>
    internal sealed record Result(
        Hearing Hearing,
        DateOnly Day,
        long RoomId,
        IReadOnlyList<TimeOnly> Free,
        Refusal? Why,
        IReadOnlyList<FitRoom> Rooms,
        int People,
        int Served
    );

    internal sealed class Handler(HearingActs acts, HearingBook book, Docket docket, Summonses summonses) : IQueryHandler<PlanMove, Result>
    {
        public async Task<Result> Handle(PlanMove request, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(request.HearingId, null, cancellationToken);
            if (!h.IsLive)
                throw new RuleBroken("这次庭审已经结束或者取消，不能改期。", "Start");
            var day = request.Day is { Year: >= 2000 and <= 2100 } asked ? asked : h.HeldOn;
            var looked = await docket.LookAsync(await acts.WishAsync(h, h.Minutes, day, cancellationToken), cancellationToken);
            var room = looked.Ask.Rooms.FirstOrDefault(r => r.Id == (request.RoomId ?? h.RoomId)) ?? throw new NotFound("法庭", request.RoomId ?? h.RoomId);
            var tried = Slots
                .Sessions.SelectMany(s =>
                    Enumerable.Range(0, (int)(s.To - s.From).TotalMinutes / Slots.Minutes).Select(i => s.From.AddMinutes(i * Slots.Minutes))
                )
                .Select(t => (Time: t, No: FirstFit.Judge(looked.Ask, day, t, room)))
                .ToList();
            var free = tried.Where(t => t.No is null).Select(t => t.Time).ToList();
            var served = SummonsRules.Of(h, looked.Case.Kind, await summonses.ServedAsync(h.CaseId, cancellationToken)).Count;
            return new Result(
                h,
                day,
                room.Id,
                free,
                free.Count > 0 ? null : tried.Select(t => t.No).FirstOrDefault(n => n is not null),
                looked.Ask.Rooms,
                (await book.PeopleAsync(h.Id, cancellationToken)).Count(p => p.Part is "party" or "agent"),
                served
            );
        }
    }
}

/// <summary>A judge cannot come for some days: every hearing of these days, as judge or in the panel,
/// with a new time that fits, none in the way of another (G-01).</summary>
[Permit("trial.schedule")]
internal sealed record ProposeMoves : IQuery<ProposeMoves.Result>
{
    public const int Most = 60;

    public long JudgeId { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }

    /// <summary>First day on which the judge is back; null: the day after.</summary>
    public DateOnly? Back { get; init; }

    /// <param name="Fit">Null where nothing fits within ten weeks.</param>
    internal sealed record Proposal(Hearing Hearing, Fit? Fit, Refusal? Why, string? Stopped);

    /// <param name="Hidden">Hearings of the judge that this person may not see.</param>
    internal sealed record Result(IReadOnlyList<PersonCard> Judges, IReadOnlyList<Proposal> Rows, int Hidden);

    internal sealed class Handler(Db db, Actor actor, ICases cases, IPeople people, HearingActs acts, Docket docket, AccessLog reads)
        : IQueryHandler<ProposeMoves, Result>
    {
        public async Task<Result> Handle(ProposeMoves request, CancellationToken cancellationToken)
        {
            var judges = await people.WithRolesAsync(actor.CourtId, ["judge"], cancellationToken);
            if (request.JudgeId == 0)
                return new Result(judges, [], 0);
            if (judges.All(j => j.Id != request.JudgeId))
                throw new NotFound("法官", request.JudgeId);
            if (
                request.From is not { Year: >= 2000 and <= 2100 } from
                || request.Until is not { Year: >= 2000 and <= 2100 } until
                || until < from
                || until.DayNumber - from.DayNumber > 92
            )
                throw new RuleBroken("请填写不能到庭的起止日期，最长三个月。", "From", "days");
            var back = request.Back is { } b && b > until ? b : until.AddDays(1);
            var (me, courts, places) = cases.Arguments;
            var args = new
            {
                me,
                courts,
                places,
                judge = request.JudgeId,
                from,
                until,
            };
            const string theirs =
                " WHERE (h.judge_id = @judge OR EXISTS (SELECT 1 FROM trial_hearing_person p WHERE p.hearing_id = h.id AND p.person_id = @judge AND p.part "
                + "= 'panel')) AND h.held_on >= @from AND h.held_on <= @until AND h.state IN ('provisional', 'confirmed')";
            var rows = await db.PageAsync<Hearing>(
                HearingBook.Columns + theirs + " AND " + cases.Seen("h.case_id") + " ORDER BY h.starts_at, h.id",
                args,
                Most,
                cancellationToken
            );
            var all = await db.ScalarAsync<int>("SELECT COUNT(*) FROM trial_hearing h" + theirs, args, cancellationToken);
            var taken = new Dictionary<string, HashSet<int>>();
            var proposals = new List<Proposal>();
            foreach (var h in rows)
                proposals.Add(await ProposeAsync(h, back, taken, cancellationToken));
            reads.List("trial.hearing.list", rows.Count, new { from });
            return new Result(judges, proposals, all - rows.Count);
        }

        private async Task<Proposal> ProposeAsync(Hearing h, DateOnly back, Dictionary<string, HashSet<int>> taken, CancellationToken ct)
        {
            try
            {
                var wish = await acts.WishAsync(h, h.Minutes, back, ct) with { Until = back.AddDays(Docket.Days) };
                var looked = await docket.LookAsync(wish, ct);
                var busy = looked.Ask.Busy.ToDictionary(b => b.Key, b => b.Value);
                foreach (var (resource, slots) in taken)
                    busy[resource] = busy.TryGetValue(resource, out var own) ? own.Union(slots).ToHashSet() : slots;
                var answer = FirstFit.Find(looked.Ask with { Busy = busy }, 1);
                if (answer.Fits.Count == 0)
                    return new Proposal(h, null, answer.Refusals.Count > 0 ? answer.Refusals[^1] : null, null);
                var fit = answer.Fits[0];
                // the interpreter may be another one then
                var with = looked.With(fit.Interpreter).Select(p => p.Resource);
                foreach (var resource in with.Append(FormattableString.Invariant($"room:{fit.RoomId}")))
                {
                    if (!taken.TryGetValue(resource, out var slots))
                        taken[resource] = slots = [];
                    slots.UnionWith(Slots.Range(fit.Start, h.Minutes));
                }
                return new Proposal(h, fit, null, null);
            }
            catch (RuleBroken no)
            {
                // a case without a judge, somebody recused: said beside the hearing, the others go on
                return new Proposal(h, null, null, no.Message);
            }
        }
    }
}
