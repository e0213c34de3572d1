using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Planning;

/// <summary>A week or a month that is planned in the background, some seconds a turn; its best result so far stands in its rows.</summary>
internal sealed record MonthPlan
{
    public const string Columns =
        "SELECT p.id, p.court_id, p.person_id, p.person_name, p.from_on, p.until_on, p.minutes, p.seconds, p.used_ms, p.turns, p.state, p.cases, "
        + "p.placed, p.bound, p.spread, p.first_placed, p.first_spread, p.reason, p.made_at, p.ended_at, p.version, "
        + "p.clerk_id, p.size, p.features, p.left_out FROM trial_plan p";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["running"] = "正在改进",
        ["stopped"] = "已停止，待取用",
        ["done"] = "已算完，待取用",
        ["taken"] = "已采用",
        ["dropped"] = "已放弃",
        ["failed"] = "没有算成",
    };

    public static readonly StateTable Table = new(
        "trial_plan",
        "排期方案",
        new("turn", ["running"], null),
        new("finish", ["running"], "done"),
        new("fail", ["running"], "failed"),
        new("stop", ["running"], "stopped"),
        new("take", ["stopped", "done"], "taken"),
        new("drop", ["running", "stopped", "done", "failed"], "dropped")
    );

    public long Id { get; init; }
    public long CourtId { get; init; }
    public long PersonId { get; init; }
    public string PersonName { get; init; } = "";
    public DateOnly FromOn { get; init; }
    public DateOnly UntilOn { get; init; }

    /// <summary>Of each hearing.</summary>
    public int Minutes { get; init; }

    /// <summary>How long it improves at most.</summary>
    public int Seconds { get; init; }
    public int UsedMs { get; init; }
    public int Turns { get; init; }
    public string State { get; init; } = "";
    public int Cases { get; init; }
    public int Placed { get; init; }

    /// <summary>What no plan can exceed.</summary>
    public int Bound { get; init; }

    /// <summary>Standard deviation of a judge's hearings per day, mean over judges, in thousandths.</summary>
    public int Spread { get; init; }
    public int FirstPlaced { get; init; }
    public int FirstSpread { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset MadeAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int Version { get; init; }
    public long? ClerkId { get; init; }

    /// <summary>Seats each room must have; 0: any.</summary>
    public int Size { get; init; }

    /// <summary>Equipment each room must have, parted by blanks.</summary>
    public string Features { get; init; } = "";

    /// <summary>Waiting cases that were too many for one plan.</summary>
    public int LeftOut { get; init; }

    public IReadOnlyList<string> FeatureList => Features.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>One case of a plan: where it is placed or why not; after it was taken, what came of it.</summary>
internal sealed record PlanRow
{
    public long PlanId { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string JudgeName { get; init; } = "";
    public long? RoomId { get; init; }
    public string? RoomName { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public string? Why { get; init; }

    /// <summary>See <see cref="PlanReasons"/>.</summary>
    public string? WhySaid { get; init; }

    /// <summary>The panel in the register has assessors: the day leaves time to draw them.</summary>
    public bool Assessors { get; init; }
    public string? Outcome { get; init; }
    public long? HearingId { get; init; }
}

/// <summary>Finds plans of the person's own; nobody else sees or ends them.</summary>
internal sealed class PlanBook(Db db, Actor actor, ICases cases)
{
    /// <exception cref="NotFound">No such plan, or another person's.</exception>
    /// <exception cref="Conflict">It was changed since the person saw it.</exception>
    public async Task<MonthPlan> GetAsync(long id, int? version, CancellationToken ct)
    {
        var plan =
            await db.FirstAsync<MonthPlan>(MonthPlan.Columns + " WHERE p.id = @id AND p.person_id = @me", new { id, me = actor.Id }, ct)
            ?? throw new NotFound("排期方案", id);
        return version is null || version == plan.Version ? plan : throw new Conflict("排期方案刚有变化，请刷新后再看。");
    }

    /// <summary>Rows of cases the person may still see: placed ones by their time first.</summary>
    public async Task<IReadOnlyList<PlanRow>> RowsAsync(long id, CancellationToken ct)
    {
        var (me, courts, places) = cases.Arguments;
        return await db.QueryAsync<PlanRow>(
            "SELECT r.plan_id, r.case_id, r.case_number, r.cause, r.judge_name, r.room_id, r.room_name, r.starts_at, r.why, r.why_said, r.outcome, "
                + "r.hearing_id, r.assessors "
                + "FROM trial_plan_row r WHERE r.plan_id = @id AND "
                + cases.Seen("r.case_id")
                + " ORDER BY CASE WHEN r.starts_at IS NULL THEN 1 ELSE 0 END, r.starts_at, r.case_id",
            new
            {
                id,
                me,
                courts,
                places,
            },
            ct
        );
    }
}
