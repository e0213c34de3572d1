using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;

namespace CourtOps.TrialSupport.Hearings;

internal static class HearingState
{
    public const string Provisional = "provisional";
    public const string Confirmed = "confirmed";
    public const string Cancelled = "cancelled";
    public const string Held = "held";
    public const string Adjourned = "adjourned";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Provisional] = "暂订",
        [Confirmed] = "已确认",
        [Cancelled] = "已取消",
        [Held] = "已开庭",
        [Adjourned] = "延期审理",
    };
}

internal static class HearingStep
{
    public const string Confirm = "confirm";
    public const string Move = "move";
    public const string Cancel = "cancel";
    public const string Open = "open";
    public const string Hold = "hold";
    public const string Adjourn = "adjourn";
    public const string Seat = "seat";
}

/// <summary>A hearing as it is stored.</summary>
internal sealed record Hearing
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Session { get; init; } = "";
    public long RoomId { get; init; }
    public string RoomName { get; init; } = "";
    public bool Online { get; init; }
    public bool OpenCourt { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateOnly HeldOn { get; init; }
    public int Minutes { get; init; }
    public long JudgeId { get; init; }
    public string JudgeName { get; init; } = "";
    public long? ClerkId { get; init; }
    public string? ClerkName { get; init; }
    public string Panel { get; init; } = "";
    public string? Waived { get; init; }

    /// <summary>Where the consent to an online hearing is recorded.</summary>
    public string? Consent { get; init; }

    /// <summary>What the room was asked to have.</summary>
    public int Size { get; init; }
    public string Features { get; init; } = "";

    /// <summary>Why the judge decided otherwise about its being public.</summary>
    public string? OpenReason { get; init; }

    /// <summary>Assessors are to sit.</summary>
    public bool Assessors { get; init; }

    /// <summary>The language an interpreter sits in for; blank: none.</summary>
    public string Language { get; init; } = "";

    /// <summary>Somebody is brought from custody.</summary>
    public bool Escort { get; init; }
    public DateOnly ServeBy { get; init; }
    public string State { get; init; } = "";
    public int Turn { get; init; }
    public string? Reason { get; init; }
    public string? Outcome { get; init; }
    public string? AdjournCode { get; init; }
    public string? Attendance { get; init; }
    public string CreatedName { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public int Version { get; init; }

    public bool IsLive => State is HearingState.Provisional or HearingState.Confirmed;
}

/// <summary>Who takes part in a hearing.</summary>
/// <param name="Part">judge, panel, assessor, clerk, interpreter, party or agent.</param>
internal sealed record Attendee(string Resource, string Part, long? PersonId, string Name);

/// <summary>The one place where hearings and their bookings change.</summary>
internal sealed class HearingBook(Db db, Ids ids, Actor actor, ISettings settings, TimeProvider clock)
{
    public const string Columns = """
        SELECT h.id, h.case_id, h.court_id, h.case_number, h.cause, h.session, h.room_id, h.room_name, h.online, h.open_court, h.starts_at, h.ends_at,
            h.held_on, h.minutes, h.judge_id, h.judge_name, h.clerk_id, h.clerk_name,
            h.panel, h.waived, h.consent, h.size, h.features, h.open_reason, h.assessors, h.language,
            h.escort, h.serve_by, h.state, h.turn, h.reason, h.outcome, h.adjourn_code,
            h.attendance, h.created_name, h.created_at, h.confirmed_at, h.version
        FROM trial_hearing h
        """;

    public static readonly StateTable Table = new(
        "trial_hearing",
        "庭审",
        new(HearingStep.Confirm, [HearingState.Provisional], HearingState.Confirmed),
        new(HearingStep.Move, [HearingState.Provisional, HearingState.Confirmed], null),
        new(HearingStep.Seat, [HearingState.Provisional, HearingState.Confirmed], null),
        new(HearingStep.Open, [HearingState.Provisional, HearingState.Confirmed], null),
        new(HearingStep.Cancel, [HearingState.Provisional, HearingState.Confirmed], HearingState.Cancelled),
        new(HearingStep.Hold, [HearingState.Confirmed], HearingState.Held),
        new(HearingStep.Adjourn, [HearingState.Confirmed], HearingState.Adjourned)
    );

    /// <exception cref="NotFound">No such hearing. Whether the case is for this actor is asked by the caller.</exception>
    public async Task<Hearing> GetAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<Hearing>(Columns + " WHERE h.id = @id", new { id }, ct) ?? throw new NotFound("庭审", id);

    public Task<IReadOnlyList<Person>> PeopleAsync(long hearingId, CancellationToken ct) =>
        db.QueryAsync<Person>(
            "SELECT resource, part, person_id, name FROM trial_hearing_person WHERE hearing_id = @hearingId ORDER BY part, name",
            new { hearingId },
            ct
        );

    /// <summary>The panel beside the judge: judges and assessors by name.</summary>
    public static string PanelOf(IEnumerable<Attendee> people) => string.Join('、', people.Where(p => p.Part is "panel" or "assessor").Select(p => p.Name));

    /// <summary>Who takes part, in place of those before.</summary>
    public async Task AttendAsync(long id, IReadOnlyList<Attendee> people, CancellationToken ct)
    {
        await db.ExecuteAsync("DELETE FROM trial_hearing_person WHERE hearing_id = @id", new { id }, ct);
        await db.ExecuteManyAsync(
            "INSERT INTO trial_hearing_person (hearing_id, resource, part, person_id, name) VALUES (@id, @Resource, @Part, @PersonId, @Name)",
            [
                .. people
                    .DistinctBy(p => p.Resource)
                    .Select(p =>
                        (object)
                            new
                            {
                                id,
                                p.Resource,
                                p.Part,
                                p.PersonId,
                                p.Name,
                            }
                    ),
            ],
            ct
        );
    }

    public async Task<Hearing> MoveAsync(Hearing hearing, string step, CancellationToken ct, string set = "", object? args = null)
    {
        await Table.MoveAsync(db, step, hearing.State, args ?? new { hearing.Id, hearing.Version }, set, ct);
        return await GetAsync(hearing.Id, ct);
    }

    /// <summary>
    /// Books room and people for a hearing in place of what it had. The key of the table is (resource, slot), in all courts of the database: of two
    /// clerks who book at once one is refused, whatever each has read before.
    /// </summary>
    /// <exception cref="RuleBroken">Code double-booked: somebody or the room is taken.</exception>
    public async Task BookAsync(
        long hearingId,
        long roomId,
        string roomName,
        DateTimeOffset start,
        int minutes,
        IReadOnlyList<Attendee> people,
        CancellationToken ct
    )
    {
        var escorted = await db.FirstAsync<string>(
            "SELECT resource FROM trial_booking WHERE hearing_id = @hearingId AND resource LIKE 'escort:%'",
            new { hearingId },
            ct
        );
        await ReleaseAsync(hearingId, ct);
        var slots = Slots.Range(start, minutes).ToList();
        var names = people.DistinctBy(p => p.Resource).ToDictionary(p => p.Resource, p => p.Name);
        names["room:" + roomId] = roomName;
        var resources = names.Keys.ToList();
        var (first, last) = (slots[0], slots[^1]);
        if (
            await db.FirstAsync<string>(
                "SELECT resource FROM trial_booking WHERE resource IN @resources AND slot >= @first AND slot <= @last ORDER BY resource",
                new
                {
                    resources,
                    first,
                    last,
                },
                ct
            ) is
            { } taken
        )
            throw Double(names[taken]);
        try
        {
            await db.ExecuteManyAsync(
                "INSERT INTO trial_booking (resource, slot, hearing_id) VALUES (@Resource, @Slot, @HearingId)",
                [
                    .. resources.SelectMany(r =>
                        slots.Select(s =>
                            (object)
                                new
                                {
                                    Resource = r,
                                    Slot = s,
                                    HearingId = hearingId,
                                }
                        )
                    ),
                ],
                ct
            );
        }
        catch (Exception e) when (db.Dialect.IsDuplicate(e))
        {
            throw Double(roomName);
        }
        await EscortAsync(hearingId, start, escorted, ct);
    }

    /// <summary>The keys under which the escorts of a court are booked, one for each a day may have.</summary>
    public static IReadOnlyList<string> Escorts(long courtId, int limit) =>
        [.. Enumerable.Range(1, limit).Select(n => FormattableString.Invariant($"escort:{courtId}:{n}"))];

    // an escort is booked for a day: its key is one of the limit, so that two clerks at once cannot exceed it
    private async Task EscortAsync(long hearingId, DateTimeOffset start, string? before, CancellationToken ct)
    {
        var court = await db.FirstAsync<long?>("SELECT court_id FROM trial_hearing WHERE id = @hearingId AND escort = 1", new { hearingId }, ct);
        if (court is not { } courtId)
            return;
        var day = Times.Day(start);
        var slot = Slots.Of(Times.Start(day));
        var keys = Escorts(courtId, settings.Current<Interpreters.ResourceRules>(courtId).EscortsADay);
        var resources = before is null || keys.Contains(before) ? keys : [before, .. keys];
        var taken = (
            await db.QueryAsync<string>("SELECT resource FROM trial_booking WHERE resource IN @resources AND slot = @slot", new { resources, slot }, ct)
        ).ToHashSet();
        var key = resources.FirstOrDefault(k => k == before && !taken.Contains(k)) ?? resources.FirstOrDefault(k => !taken.Contains(k));
        if (key is null)
            throw Full(day, keys.Count);
        try
        {
            await db.ExecuteAsync(
                "INSERT INTO trial_booking (resource, slot, hearing_id) VALUES (@key, @slot, @hearingId)",
                new
                {
                    key,
                    slot,
                    hearingId,
                },
                ct
            );
        }
        catch (Exception e) when (db.Dialect.IsDuplicate(e))
        {
            throw Full(day, keys.Count);
        }
    }

    private static RuleBroken Full(DateOnly day, int limit) => new($"{Times.Iso(day)} 的提押已满 {limit} 起，请另选一天。", "Start", "escort-full");

    public Task ReleaseAsync(long hearingId, CancellationToken ct) =>
        db.ExecuteAsync("DELETE FROM trial_booking WHERE hearing_id = @hearingId", new { hearingId }, ct);

    public Task NoteAsync(long hearingId, string kind, string words, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO trial_event (id, hearing_id, kind, words, who, at) VALUES (@id, @hearingId, @kind, @words, @who, @now)",
            new
            {
                id = ids.Next(),
                hearingId,
                kind,
                words,
                who = actor.Name,
                now = clock.GetUtcNow(),
            },
            ct
        );

    private static RuleBroken Double(string name) => new($"{name}在该时段已有安排（含前后庭间隔 15 分钟），未排上。", "Start", "double-booked");

    internal sealed record Person
    {
        public string Resource { get; init; } = "";
        public string Part { get; init; } = "";
        public long? PersonId { get; init; }
        public string Name { get; init; } = "";
    }
}
