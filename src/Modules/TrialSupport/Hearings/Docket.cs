using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>Reads what bears on the hearings of a case: parties, agents, panel, absences, bookings, rooms, periods, limit.</summary>
internal sealed class Docket(
    Db db,
    ICases cases,
    ICaseRegister register,
    ICasePanels panels,
    IPeople people,
    ICalendarSource calendars,
    ISettings settings,
    Interpreters.InterpreterBook interpreters,
    Helpers.HelperList helpers,
    TimeProvider clock
)
{
    /// <summary>How far ahead is looked where nothing is said: ten weeks.</summary>
    public const int Days = 70;

    /// <summary>The case with those of its court who may sit or write.</summary>
    /// <exception cref="NotFound">The case is not for this actor.</exception>
    public async Task<(CaseCard Case, IReadOnlyList<PersonCard> Judges, IReadOnlyList<PersonCard> Clerks)> PeopleAsync(long caseId, CancellationToken ct)
    {
        var card = await cases.GetAsync(caseId, ct);
        return (
            card,
            await people.WithRolesAsync(card.CourtId, ["judge"], ct),
            await people.WithRolesAsync(card.CourtId, ["clerk", "assistant", "clerk:trial"], ct)
        );
    }

    /// <exception cref="NotFound">The case is not for this actor.</exception>
    /// <exception cref="RuleBroken">No judge yet, somebody recused, a person who does not belong.</exception>
    public async Task<Looked> LookAsync(Wish wish, CancellationToken ct)
    {
        var (card, judges, clerks) = await PeopleAsync(wish.CaseId, ct);
        if (card.State != "open")
            throw new RuleBroken("案件已结，不能再排期。", "CaseId");
        var judgeId = card.JudgeId ?? throw new RuleBroken("案件还没有承办法官，先分案再排期。", "CaseId");
        var parties = await cases.PartiesAsync(card.Id, ct);
        var agents = await cases.AgentsAsync(card.Id, ct);
        var registered = await RegisteredAsync(card.Id, judgeId, wish.From, ct);
        var asked = wish.Panel.Where(id => id != judgeId).Distinct().ToList();
        // the register says who sits; a hearing that stands keeps its panel, changed for one day perhaps
        if (registered.Count > 0 && asked.Count > 0 && wish.Besides is null && !asked.Order().SequenceEqual(registered.Select(s => s.PersonId!.Value).Order()))
            throw new RuleBroken(
                $"本案已登记合议庭（{string.Join('、', registered.Select(s => s.Name))}），排期不另填合议庭；要变更的，先变更登记。",
                "Panel",
                "registered"
            );
        var panel = (asked.Count > 0 ? asked : [.. registered.Select(s => s.PersonId!.Value)])
            .Select(id => judges.FirstOrDefault(j => j.Id == id) ?? throw new RuleBroken("合议庭成员须是本院法官。", "Panel"))
            .ToList();
        var clerk = wish.ClerkId is { } c ? clerks.FirstOrDefault(p => p.Id == c) ?? throw new RuleBroken("书记员须是本院人员。", "ClerkId") : null;
        var recused = await register.RecusedAsync(card.Id, ct);
        if (recused.Contains(judgeId))
            throw new RuleBroken("承办法官已回避，先换法官再排期。", "CaseId", "recused");
        if (panel.FirstOrDefault(p => recused.Contains(p.Id)) is { } out1)
            throw new RuleBroken($"{out1.Name}已回避本案，不能参加合议庭。", "Panel", "recused");
        if (clerk is not null && recused.Contains(clerk.Id))
            throw new RuleBroken($"{clerk.Name}已回避本案，不能担任书记员。", "ClerkId", "recused");
        // who was drawn, or sits already, comes along; a new hearing has the assessors of the register
        var assessors = wish.Assessors.Count > 0 || wish.Besides is not null ? wish.Assessors : await AssessorsAsync(card, wish.From, ct);
        IReadOnlyList<Attendee> attendees = [.. Attendees(card, judgeId, panel, clerk, parties, agents), .. assessors];
        var ask = await AskAsync(wish, card, parties, attendees, ct);
        return new Looked(card, parties, attendees, ask, judges, clerks) { Registered = registered };
    }

    /// <summary>The judges of the panel in the register on the first day looked at, without the judge of the case.</summary>
    public async Task<IReadOnlyList<Sitting>> RegisteredAsync(long caseId, long judgeId, DateOnly? from, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        return
        [
            .. (await panels.OfAsync(caseId, from is { } day && day > today ? day : today, ct))
                .Where(s => s.PersonId is { } id && id != judgeId)
                .DistinctBy(s => s.PersonId),
        ];
    }

    /// <summary>
    /// The assessors of the panel in the register, by name: as those of the court's list, whose other hearings and leave count; one whose name is not in it, or
    /// twice, sits under the name.
    /// </summary>
    public async Task<IReadOnlyList<Attendee>> AssessorsAsync(CaseCard card, DateOnly? from, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        var names = (await panels.OfAsync(card.Id, from is { } day && day > today ? day : today, ct))
            .Where(s => s.Role == "assessor")
            .Select(s => s.Name)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (names.Count == 0)
            return [];
        var listed = (
            await db.QueryAsync<Assessors.AssessorRow>(
                "SELECT id, name FROM trial_assessor WHERE court_id = @CourtId AND active = 1 AND name IN @names ORDER BY id",
                new { card.CourtId, names },
                ct
            )
        ).ToLookup(a => a.Name, StringComparer.Ordinal);
        return
        [
            .. names.Select(n => new Attendee(
                listed[n].ToList() is [var one] ? Assessors.DrawBook.Resource(one.Id) : Cut(FormattableString.Invariant($"seat:{card.CourtId}:{n}")),
                "assessor",
                null,
                n
            )),
        ];
    }

    /// <summary>Languages the court of a case has interpreters for.</summary>
    public Task<IReadOnlyList<string>> LanguagesAsync(long courtId, CancellationToken ct) => interpreters.LanguagesAsync(courtId, ct);

    /// <summary>Who must be free: judge, panel, clerk, parties and agents; agents are told apart by name and the tail of their phone, in all courts.</summary>
    public static IReadOnlyList<Attendee> Attendees(
        CaseCard card,
        long judgeId,
        IReadOnlyList<PersonCard> panel,
        PersonCard? clerk,
        IReadOnlyList<PartyContact> parties,
        IReadOnlyList<AgentCard> agents
    ) =>
        [
            new("person:" + judgeId, "judge", judgeId, card.JudgeName ?? ""),
            .. panel.Select(p => new Attendee("person:" + p.Id, "panel", p.Id, p.Name)),
            .. clerk is null ? [] : new[] { new Attendee("person:" + clerk.Id, "clerk", clerk.Id, clerk.Name) },
            // a company sends whom it likes; a natural person is known by name and the tail of the number
            .. parties.Select(p => new Attendee(
                p.PartyType == "natural" && p.IdNumberTail is { } tail ? Cut($"natural:{tail}:{p.Name}") : "party:" + p.Id,
                "party",
                p.Id,
                p.Name
            )),
            .. agents.Select(a => new Attendee(Cut($"agent:{a.PhoneTail}:{a.Name}"), "agent", null, a.Name)).DistinctBy(a => a.Resource),
        ];

    // the place in the court's list; 0 for others, and for one who sits under the name
    private static long AssessorOf(Attendee a) =>
        a.Part == "assessor"
        && a.Resource.StartsWith("assessor:", StringComparison.Ordinal)
        && long.TryParse(a.Resource["assessor:".Length..], System.Globalization.CultureInfo.InvariantCulture, out var id)
            ? id
            : 0;

    private static string Cut(string key) => key.Length <= 120 ? key : key[..120];

    private async Task<FitAsk> AskAsync(Wish wish, CaseCard card, IReadOnlyList<PartyContact> parties, IReadOnlyList<Attendee> attendees, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = Times.Day(now);
        var from = wish.From is { } f && f > today ? f : today;
        var until = wish.Until ?? from.AddDays(Days);
        if (until < from)
            throw new RuleBroken("结束日期早于开始日期。", "Until");
        if (until.DayNumber - from.DayNumber > 366)
            until = from.AddDays(366);
        var calendar = calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null);
        var ends = await EndsAsync(card, parties, ct);
        var resources = attendees.Select(a => a.Resource).ToList();
        var rooms = await RoomsAsync(card.CourtId, from, until, ct);
        var (first, last) = (Slots.Of(Times.Start(from)), Slots.Of(Times.Start(until.AddDays(1))));
        var rules = settings.Current<Interpreters.ResourceRules>(card.CourtId);
        var spoken = wish.Language.Length == 0 ? [] : await interpreters.ForAsync(card.CourtId, wish.Language, wish.Interpreter?.Resource, from, until, ct);
        var taken = await db.QueryAsync<Taken>(
            "SELECT b.resource, b.slot, h.court_id, h.online FROM trial_booking b JOIN trial_hearing h ON h.id = b.hearing_id WHERE b.resource IN @resources "
                + "AND b.slot >= @first AND b.slot < @last AND b.hearing_id <> @besides",
            new
            {
                resources = resources.Concat(rooms.Select(r => "room:" + r.Id)).Concat(spoken.Select(s => s.Resource)).ToList(),
                first,
                last,
                besides = wish.Besides ?? 0,
            },
            ct
        );
        var inside = attendees.Where(a => a.Resource.StartsWith("person:", StringComparison.Ordinal)).Select(a => a.PersonId!.Value).Distinct().ToList();
        var away = (await people.AwayAsync(inside, from, until, ct)).ToLookup(a => a.PersonId, a => (a.FromOn, a.UntilOn));
        var drawn = attendees.Select(AssessorOf).Where(id => id > 0).ToList();
        var leave = await helpers.AwayAsync(Helpers.HelperKind.Assessors, drawn, from, until, ct);
        var drawnOn = drawn.Count > 0 ? await DrawnOnAsync(wish.Besides, ct) : null;
        // whom the register names need not be drawn any more
        var seated = drawnOn is null && attendees.Any(a => a.Part == "assessor");
        return new FitAsk
        {
            Minutes = wish.Minutes,
            From = from,
            Until = until,
            NotBefore = now,
            Online = wish.Online,
            Size = wish.Size,
            Features = wish.Features,
            Calendar = calendar,
            Earliest = HearingDates.Earliest(ends, today, wish.Waived.Length > 0),
            Waived = wish.Waived.Length > 0,
            Limit = await LimitAsync(card.Id, ct),
            Notice = SummonsRules.Notice(card.Kind),
            Assessors = !seated && (wish.WithAssessors || drawn.Count > 0),
            DrawnOn = drawnOn,
            Rooms = rooms,
            People =
            [
                .. attendees.Select(a => new FitPerson(
                    a.Resource,
                    a.Name,
                    a.PersonId is { } id && a.Part is "judge" or "panel" or "clerk" ? [.. away[a.PersonId!.Value]] : [.. leave[AssessorOf(a)]]
                )),
            ],
            Busy = taken.GroupBy(t => t.Resource).ToDictionary(g => g.Key, IReadOnlySet<int> (g) => g.Select(t => t.Slot).ToHashSet()),
            Travel = wish.Online
                ? new Dictionary<string, IReadOnlySet<int>>()
                : Slots.Travel(taken.Where(t => t.CourtId != card.CourtId && !t.Online).Select(t => (t.Resource, t.Slot)), rules.TravelMinutes),
            Language = wish.Language,
            Interpreters = spoken,
            EscortFull = wish.Escort ? await EscortFullAsync(card.CourtId, rules.EscortsADay, wish.Besides ?? 0, first, last, ct) : new HashSet<DateOnly>(),
        };
    }

    // the days on which as many hearings with an escort stand as the court can have
    private async Task<IReadOnlySet<DateOnly>> EscortFullAsync(long courtId, int limit, long besides, int first, int last, CancellationToken ct) => (
            await db.QueryAsync<int>(
                "SELECT slot FROM trial_booking WHERE resource IN @resources AND slot >= @first AND slot < @last AND hearing_id <> @besides GROUP BY slot "
                    + "HAVING COUNT(*) >= @limit",
                new
                {
                    resources = HearingBook.Escorts(courtId, limit),
                    first,
                    last,
                    besides,
                    limit,
                },
                ct
            )
        ).Select(s => Times.Day(Slots.Start(s))).ToHashSet();

    // the first draw for a hearing: who came in for somebody later sits in the seat that was drawn in time
    private async Task<DateOnly?> DrawnOnAsync(long? hearingId, CancellationToken ct) =>
        await db.FirstAsync<DateTimeOffset?>("SELECT MIN(drawn_at) FROM trial_draw WHERE hearing_id = @hearingId", new { hearingId }, ct) is { } at
            ? Times.Day(at)
            : null;

    /// <summary>Last days of the periods to answer and to produce evidence that service has set running.</summary>
    public async Task<IReadOnlyList<DateOnly>> EndsAsync(CaseCard card, IReadOnlyList<PartyContact> parties, CancellationToken ct) =>
        await db.QueryAsync<DateOnly>(
            "SELECT ends_on FROM trial_served WHERE case_id = @Id AND ends_on IS NOT NULL AND party_id IN @parties",
            new { card.Id, parties = parties.Select(p => p.Id).ToList() },
            ct
        );

    /// <summary>Names of the parties who answer and on whom no complaint was served yet: no period of theirs runs.</summary>
    public async Task<IReadOnlyList<string>> UnservedAsync(Looked looked, CancellationToken ct)
    {
        var served = (
            await db.QueryAsync<long>(
                "SELECT party_id FROM trial_served WHERE case_id = @Id AND kind IN ('complaint', 'indictment', 'appeal')",
                new { looked.Case.Id },
                ct
            )
        ).ToHashSet();
        return
        [
            .. looked
                .Parties.Where(p =>
                    (p.Role.StartsWith("被告", StringComparison.Ordinal) || p.Role == "被上诉人" || p.Role == "被申请人") && !served.Contains(p.Id)
                )
                .Select(p => p.Name),
        ];
    }

    public Task<DateOnly?> LimitAsync(long caseId, CancellationToken ct) =>
        db.FirstAsync<DateOnly?>("SELECT c.clock_end FROM workzone_case_card c WHERE c.id = @caseId", new { caseId }, ct);

    public async Task<IReadOnlyList<FitRoom>> RoomsAsync(long courtId, DateOnly from, DateOnly until, CancellationToken ct)
    {
        var rooms = await db.QueryAsync<Room>(
            "SELECT id, name, size, features, online, active, version FROM trial_room WHERE court_id = @courtId AND active = 1 ORDER BY name, id",
            new { courtId },
            ct
        );
        var closed = (
            await db.QueryAsync<RoomDay>(
                "SELECT d.room_id, d.closed_on, d.reason FROM trial_room_closed d JOIN trial_room r ON r.id = d.room_id WHERE r.court_id = @courtId "
                    + "AND d.closed_on >= @from AND d.closed_on <= @until",
                new
                {
                    courtId,
                    from,
                    until,
                },
                ct
            )
        ).ToLookup(d => d.RoomId);
        return [.. rooms.Select(r => new FitRoom(r.Id, r.Name, r.Size, r.FeatureSet, r.Online, closed[r.Id].ToDictionary(d => d.ClosedOn, d => d.Reason)))];
    }

    private sealed record Taken
    {
        public string Resource { get; init; } = "";
        public int Slot { get; init; }
        public long CourtId { get; init; }
        public bool Online { get; init; }
    }
}
