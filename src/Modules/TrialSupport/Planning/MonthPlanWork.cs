using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;

namespace CourtOps.TrialSupport.Planning;

/// <summary>
/// Improves a plan, some seconds a turn: each turn begins from the best that is stored and stores what is better, together with the next turn. A host that is
/// killed loses one turn.
/// </summary>
internal sealed class MonthPlanWork(Db db, WorkQueue work, TimeProvider clock) : IWorkHandler
{
    public const string Name = "trial.plan";
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromSeconds(60);

    public int AtOnce => 1;

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var at = item.Read<Payload>();
        if (await FindAsync(at.PlanId, ct) is not { State: "running" } plan)
            return WorkOutcome.Done();
        var input = JsonSerializer.Deserialize<PlanInput>(
            (await db.FirstAsync<string>("SELECT input FROM trial_plan WHERE id = @PlanId", new { at.PlanId }, ct))!,
            Json.Stored
        )!;
        var began = clock.GetTimestamp();
        if (input.Hearings.Count == 0 || input.Days.Count == 0)
            return WorkOutcome.Done(new Result(new PlanAnswer([], [], 0, 0, 0, 0), 0, true));
        var left = TimeSpan.FromMilliseconds(Math.Max(0, (plan.Seconds * 1000) - plan.UsedMs));
        var from = await db.QueryAsync<PlanRow>(
            "SELECT r.case_id, r.room_id, r.starts_at FROM trial_plan_row r WHERE r.plan_id = @PlanId AND r.starts_at IS NOT NULL",
            new { at.PlanId },
            ct
        );
        var answer = Planner.Plan(input, left < Turn ? left : Turn, clock, [.. from.Select(Placed)], at.Turn);
        var used = (int)Math.Min(clock.GetElapsedTime(began).TotalMilliseconds, int.MaxValue);
        // nothing can become better: all placed, and the search ended before its time
        var still = answer.Placed.Count == input.Hearings.Count && used < Turn.TotalMilliseconds * 0.9;
        return WorkOutcome.Done(new Result(answer, used, still || plan.UsedMs + used >= plan.Seconds * 1000));
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var at = item.Read<Payload>();
        if (await FindAsync(at.PlanId, ct) is not { State: "running" } plan)
            return;
        if (outcome.End != WorkEnd.Done)
        {
            await MonthPlan.Table.MoveAsync(
                db,
                "fail",
                plan.State,
                new
                {
                    plan.Id,
                    plan.Version,
                    reason = outcome.Reason is { Length: > 400 } long_ ? long_[..400] : outcome.Reason,
                    now = clock.StoredNow(),
                },
                "reason = @reason, ended_at = @now",
                ct
            );
            return;
        }
        if (outcome.Result is not Result { Answer: { } answer } result)
            return;
        var names = (
            await db.QueryAsync<Hearings.Room>(
                "SELECT id, name, size, features, online, active, version FROM trial_room WHERE court_id = @CourtId",
                new { plan.CourtId },
                ct
            )
        ).ToDictionary(r => r.Id, r => r.Name);
        // a turn moves few of many: only those are written
        var there = (
            await db.QueryAsync<PlanRow>("SELECT r.case_id, r.room_id, r.starts_at, r.why FROM trial_plan_row r WHERE r.plan_id = @Id", new { plan.Id }, ct)
        ).ToDictionary(r => r.CaseId);
        foreach (var p in answer.Placed)
        {
            var (caseId, room) = (long.Parse(p.Id, CultureInfo.InvariantCulture), long.Parse(p.Room["room:".Length..], CultureInfo.InvariantCulture));
            var start = Times.At(DateTime.ParseExact(p.Start, "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
            if (there.GetValueOrDefault(caseId) is { } r && r.RoomId == room && r.StartsAt == start && r.Why is null)
                continue;
            await db.ExecuteAsync(
                "UPDATE trial_plan_row SET room_id = @room, room_name = @name, starts_at = @start, why = NULL, why_said = NULL WHERE plan_id = @Id "
                    + "AND case_id = @caseId",
                new
                {
                    plan.Id,
                    caseId,
                    room,
                    name = names.GetValueOrDefault(room, ""),
                    start,
                },
                ct
            );
        }
        foreach (var u in answer.Unplaced)
        {
            var caseId = long.Parse(u.Id, CultureInfo.InvariantCulture);
            var why = PlanReasons.Words(u.Reasons);
            if (there.GetValueOrDefault(caseId) is { StartsAt: null } r && r.Why == why)
                continue;
            await db.ExecuteAsync(
                "UPDATE trial_plan_row SET room_id = NULL, room_name = NULL, starts_at = NULL, why = @why, why_said = @said WHERE plan_id = @Id AND "
                    + "case_id = @caseId",
                new
                {
                    plan.Id,
                    caseId,
                    why,
                    said = PlanReasons.Stored(u.Reasons),
                },
                ct
            );
        }
        await MonthPlan.Table.MoveAsync(
            db,
            result.Ended ? "finish" : "turn",
            plan.State,
            new
            {
                plan.Id,
                plan.Version,
                result.Used,
                placed = answer.Placed.Count,
                bound = answer.Bound,
                spread = Thousandths(answer.Spread),
                first = answer.FirstFitPlaced,
                firstSpread = Thousandths(answer.FirstFitSpread),
                ended = result.Ended ? clock.StoredNow() : (DateTimeOffset?)null,
            },
            "turns = turns + 1, used_ms = used_ms + @Used, placed = @placed, bound = @bound, spread = @spread, first_placed = @first, first_spread = "
                + "@firstSpread, ended_at = @ended",
            ct
        );
        if (!result.Ended)
            await work.AddAsync(Name, $"{plan.Id}:{at.Turn + 1}", at with { Turn = at.Turn + 1 }, ct: ct);
    }

    private Task<MonthPlan?> FindAsync(long id, CancellationToken ct) => db.FirstAsync<MonthPlan>(MonthPlan.Columns + " WHERE p.id = @id", new { id }, ct);

    private static PlacedHearing Placed(PlanRow r) =>
        new(
            r.CaseId.ToString(CultureInfo.InvariantCulture),
            $"room:{r.RoomId}",
            Times.Local(r.StartsAt!.Value).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture),
            ""
        );

    private static int Thousandths(double n) => (int)Math.Round(n * 1000);

    internal sealed record Payload
    {
        public long PlanId { get; init; }
        public int Turn { get; init; }
    }

    private sealed record Result(PlanAnswer Answer, int Used, bool Ended);
}
