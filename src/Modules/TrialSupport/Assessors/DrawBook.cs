using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.States;
using CourtOps.TrialSupport.Hearings;

namespace CourtOps.TrialSupport.Assessors;

internal sealed record DrawRow
{
    public const string Columns =
        "d.id, d.hearing_id, d.case_id, d.court_id, d.field, d.seats, d.spares, d.seed, d.candidates, d.reason, d.state, d.drawn_name, d.drawn_at, d.version";

    public static readonly StateTable Table = new("trial_draw", "陪审员抽取", new("replace", ["drawn"], null), new("again", ["drawn"], "again"));

    public long Id { get; init; }
    public long HearingId { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string Field { get; init; } = "";
    public int Seats { get; init; }
    public int Spares { get; init; }
    public string Seed { get; init; } = "";

    /// <summary>JSON of <see cref="Weighed"/>: the pool as it was, and who was out for what.</summary>
    public string Candidates { get; init; } = "[]";
    public string? Reason { get; init; }

    /// <summary>drawn, or again: another draw stands in its place.</summary>
    public string State { get; init; } = "";
    public string DrawnName { get; init; } = "";
    public DateTimeOffset DrawnAt { get; init; }
    public int Version { get; init; }
}

internal sealed record PickRow
{
    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["seat"] = "参加合议庭",
        ["spare"] = "候补",
        ["out"] = "不参审",
        ["free"] = "未用",
    };

    public static readonly IReadOnlyDictionary<string, string> Grounds = new Dictionary<string, string>
    {
        ["unable"] = "有正当理由不能参审",
        ["recused"] = "回避",
        ["refused"] = "无正当理由拒绝参审",
    };

    public long DrawId { get; init; }
    public int N { get; init; }
    public long AssessorId { get; init; }
    public string Name { get; init; } = "";
    public string State { get; init; } = "";
    public string? Ground { get; init; }
    public string? Words { get; init; }
    public string? ByName { get; init; }
    public DateTimeOffset? At { get; init; }
}

/// <summary>Reads and writes draws; the caller has asked whether the hearing is for this actor.</summary>
internal sealed class DrawBook(Db db, HearingBook hearings)
{
    /// <summary>Cases of the year in which assessor a holds a seat; reads @first and @last.</summary>
    public const string CasesOfYear =
        "(SELECT COUNT(DISTINCT d.case_id) FROM trial_draw_pick p JOIN trial_draw d ON d.id = p.draw_id JOIN trial_hearing h ON h.id = d.hearing_id "
        + "WHERE p.assessor_id = a.id AND p.part = 'seat' AND d.state = 'drawn' AND h.state <> 'cancelled' AND h.held_on >= @first AND h.held_on <= @last)";

    public Task<DrawRow?> CurrentAsync(long hearingId, CancellationToken ct) =>
        db.FirstAsync<DrawRow>(
            $"SELECT {DrawRow.Columns} FROM trial_draw d WHERE d.hearing_id = @hearingId AND d.state = 'drawn' ORDER BY d.drawn_at DESC, d.id DESC",
            new { hearingId },
            ct
        );

    public Task<IReadOnlyList<DrawRow>> OfHearingAsync(long hearingId, CancellationToken ct) =>
        db.QueryAsync<DrawRow>($"SELECT {DrawRow.Columns} FROM trial_draw d WHERE d.hearing_id = @hearingId ORDER BY d.drawn_at, d.id", new { hearingId }, ct);

    public Task<IReadOnlyList<PickRow>> PicksAsync(long drawId, CancellationToken ct) =>
        db.QueryAsync<PickRow>(
            "SELECT draw_id, n, assessor_id, name, part AS state, ground, words, by_name, at FROM trial_draw_pick WHERE draw_id = @drawId ORDER BY n",
            new { drawId },
            ct
        );

    /// <summary>The list of a court as it stands to a hearing.</summary>
    public async Task<IReadOnlyList<Candidate>> CandidatesAsync(Hearing h, CancellationToken ct)
    {
        var (first, last) = (new DateOnly(h.HeldOn.Year, 1, 1), new DateOnly(h.HeldOn.Year, 12, 31));
        var slots = Slots.Range(h.StartsAt, h.Minutes).ToList();
        var args = new
        {
            court = h.CourtId,
            day = h.HeldOn,
            first,
            last,
            h.CaseId,
            from = slots[0],
            until = slots[^1],
            h.Id,
        };
        var rows = await db.QueryAsync<AssessorRow>(
            $"SELECT a.id, a.name, a.field, a.note, a.active, a.version, {CasesOfYear} AS cases FROM trial_assessor a WHERE a.court_id = @court ORDER BY a.id",
            args,
            ct
        );
        var away = (
            await db.QueryAsync<long>(
                "SELECT w.assessor_id FROM trial_assessor_away w JOIN trial_assessor a ON a.id = w.assessor_id WHERE a.court_id = @court AND "
                    + "w.from_on <= @day AND w.until_on >= @day",
                args,
                ct
            )
        ).ToHashSet();
        var barred = (
            await db.QueryAsync<long>(
                "SELECT p.assessor_id FROM trial_draw_pick p JOIN trial_draw d ON d.id = p.draw_id WHERE d.case_id = @CaseId AND p.part = 'out'",
                args,
                ct
            )
        ).ToHashSet();
        var busy = (
            await db.QueryAsync<string>(
                "SELECT DISTINCT b.resource FROM trial_booking b WHERE b.slot >= @from AND b.slot <= @until AND b.hearing_id <> @Id AND b.resource IN "
                    + "@resources",
                new
                {
                    args.from,
                    args.until,
                    args.Id,
                    resources = rows.Select(r => Resource(r.Id)).Append("").ToList(),
                },
                ct
            )
        ).ToHashSet();
        return
        [
            .. rows.Select(r => new Candidate(
                r.Id,
                r.Name,
                r.Field,
                r.Active,
                away.Contains(r.Id),
                busy.Contains(Resource(r.Id)),
                barred.Contains(r.Id),
                r.Cases
            )),
        ];
    }

    /// <summary>Puts the seats of a draw into the panel of the hearing in place of those before, and books them.</summary>
    /// <exception cref="RuleBroken">Somebody was booked elsewhere meanwhile.</exception>
    public async Task SeatAsync(Hearing h, IReadOnlyList<PickRow> seats, CancellationToken ct)
    {
        var people = (await hearings.PeopleAsync(h.Id, ct))
            .Where(p => p.Part != "assessor")
            .Select(p => new Attendee(p.Resource, p.Part, p.PersonId, p.Name))
            .Concat(seats.Select(s => new Attendee(Resource(s.AssessorId), "assessor", null, s.Name)))
            .ToList();
        await hearings.AttendAsync(h.Id, people, ct);
        await hearings.BookAsync(h.Id, h.RoomId, h.RoomName, h.StartsAt, h.Minutes, people, ct);
        await hearings.MoveAsync(
            h,
            HearingStep.Seat,
            ct,
            "panel = @panel",
            new
            {
                h.Id,
                h.Version,
                panel = HearingBook.PanelOf(people),
            }
        );
    }

    public static string Resource(long assessorId) => Helpers.HelperKind.Assessors.Resource(assessorId);

    public static IReadOnlyList<Weighed> Read(string candidates) => JsonSerializer.Deserialize<List<Weighed>>(candidates, Json.Stored)!;
}
