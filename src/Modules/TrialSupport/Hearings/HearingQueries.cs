using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>Hearings of cases this person may see, from a day on.</summary>
[Permit("trial.read")]
internal sealed record ListHearings : IQuery<IReadOnlyList<Hearing>>
{
    public long? CaseId { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock, AccessLog reads) : IQueryHandler<ListHearings, IReadOnlyList<Hearing>>
    {
        public async Task<IReadOnlyList<Hearing>> Handle(ListHearings request, CancellationToken cancellationToken)
        {
            if (request.CaseId is { } one)
                await cases.GetAsync(one, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            if (request.From is { Year: < 1900 or > 2100 } || request.Until is { Year: < 1900 or > 2100 })
                throw new RuleBroken("日期应在 1900 年到 2100 年之间。", "from");
            var from = request.From ?? (request.CaseId is null ? Times.Day(clock.GetUtcNow()) : DateOnly.MinValue.AddYears(1900));
            var rows = await db.PageAsync<Hearing>(
                $"{HearingBook.Columns} WHERE h.held_on >= @from AND h.held_on <= @until "
                    + $"{(request.CaseId is null ? "AND h.court_id IN @courts" : "AND h.case_id = @caseId")} AND {cases.Seen("h.case_id")} ORDER BY "
                    + "h.starts_at, h.id",
                new
                {
                    me,
                    courts,
                    places,
                    from,
                    until = request.Until ?? from.AddYears(request.CaseId is null ? 2 : 200),
                    caseId = request.CaseId ?? 0,
                },
                500,
                cancellationToken
            );
            reads.List("trial.hearing.list", rows.Count, new { from });
            return rows;
        }
    }
}

/// <summary>A week of the court acted in: hearings the person may see, and of all others only that room and judge are taken.</summary>
[Permit("trial.read")]
internal sealed record ShowWeek : IQuery<ShowWeek.Result>
{
    public DateOnly? Day { get; init; }

    /// <param name="Days">Monday to Sunday.</param>
    internal sealed record Result(
        DateOnly Monday,
        IReadOnlyList<DateOnly> Days,
        IReadOnlyList<Block> Blocks,
        IReadOnlyList<Room> Rooms,
        IReadOnlyList<RoomDay> Closed,
        IReadOnlyList<(long Id, string Name)> Judges
    );

    /// <summary>One hearing in the calendar; case words are null where the case is not for this person.</summary>
    internal sealed record Block
    {
        public long Id { get; init; }
        public long RoomId { get; init; }
        public string RoomName { get; init; } = "";
        public long JudgeId { get; init; }
        public string JudgeName { get; init; } = "";
        public DateOnly HeldOn { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
        public string State { get; init; } = "";
        public string? CaseNumber { get; init; }
        public string? Cause { get; init; }
        public string? Session { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, ICases cases, ICalendarSource calendars, TimeProvider clock, AccessLog reads)
        : IQueryHandler<ShowWeek, Result>
    {
        public async Task<Result> Handle(ShowWeek request, CancellationToken cancellationToken)
        {
            var day = request.Day is { Year: >= 1900 and <= 2100 } asked ? asked : Times.Day(clock.GetUtcNow());
            var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
            var (me, courts, places) = cases.Arguments;
            var args = new
            {
                me,
                courts,
                places,
                court = actor.CourtId,
                monday,
                sunday = monday.AddDays(6),
            };
            // the rooms and judges of the court are no secret within it; what is heard there is
            const string mine = "h.court_id = @court AND h.held_on >= @monday AND h.held_on <= @sunday AND h.state <> 'cancelled'";
            var all = await db.QueryAsync<Block>(
                "SELECT h.id, h.room_id, h.room_name, h.judge_id, h.judge_name, h.held_on, h.starts_at, h.ends_at, h.state FROM trial_hearing h "
                    + $"WHERE {mine} ORDER BY h.starts_at, h.id",
                args,
                cancellationToken
            );
            var seen = (
                await db.QueryAsync<Block>(
                    $"SELECT h.id, h.case_number, h.cause, h.session FROM trial_hearing h WHERE {mine} AND {cases.Seen("h.case_id")}",
                    args,
                    cancellationToken
                )
            ).ToDictionary(b => b.Id);
            var blocks = all.Select(b => seen.TryGetValue(b.Id, out var s) ? b with { CaseNumber = s.CaseNumber, Cause = s.Cause, Session = s.Session } : b)
                .ToList();
            var rooms = await db.QueryAsync<Room>(
                "SELECT id, name, size, features, online, active, version FROM trial_room WHERE court_id = @court AND active = 1 ORDER BY name, id",
                args,
                cancellationToken
            );
            var closed = await db.QueryAsync<RoomDay>(
                "SELECT d.room_id, d.closed_on, d.reason FROM trial_room_closed d JOIN trial_room r ON r.id = d.room_id WHERE r.court_id = @court AND "
                    + "d.closed_on >= @monday AND d.closed_on <= @sunday",
                args,
                cancellationToken
            );
            reads.List("trial.hearing.list", seen.Count, new { monday });
            var calendar = calendars.For(null);
            var days = Enumerable.Range(0, 7).Select(monday.AddDays).Where(d => calendar.IsOfficeDay(d) || blocks.Any(b => b.HeldOn == d)).ToList();
            return new Result(
                monday,
                days,
                blocks,
                rooms,
                closed,
                [.. blocks.Select(b => (b.JudgeId, b.JudgeName)).Distinct().OrderBy(j => j.JudgeName, StringComparer.Ordinal)]
            );
        }
    }
}

/// <summary>First fits for a case, with why earlier times do not do.</summary>
[Permit("trial.schedule")]
internal sealed record FindFits : IQuery<FindFits.Result>
{
    public required Wish Wish { get; init; }
    public int Most { get; init; } = 3;

    /// <summary>Only the case and its court's people: for the form after a refusal.</summary>
    public bool Bare { get; init; }

    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<PersonCard> Judges,
        IReadOnlyList<PersonCard> Clerks,
        FitAnswer Answer,
        DateOnly Earliest,
        DateOnly? Limit,
        double Milliseconds
    )
    {
        /// <summary>Names of the panel in the register beside the judge; empty where none was formed.</summary>
        public IReadOnlyList<string> Registered { get; init; } = [];

        /// <summary>Languages the court has interpreters for.</summary>
        public IReadOnlyList<string> Languages { get; init; } = [];
    }

    internal sealed class Handler(Docket docket, TimeProvider clock) : IQueryHandler<FindFits, Result>
    {
        public async Task<Result> Handle(FindFits request, CancellationToken cancellationToken)
        {
            if (request.Bare)
            {
                var (card, judges, clerks) = await docket.PeopleAsync(request.Wish.CaseId, cancellationToken);
                return new Result(card, judges, clerks, new FitAnswer([], []), Times.Day(clock.GetUtcNow()), null, 0)
                {
                    Languages = await docket.LanguagesAsync(card.CourtId, cancellationToken),
                };
            }
            var looked = await docket.LookAsync(request.Wish, cancellationToken);
            var began = clock.GetTimestamp();
            var answer = FirstFit.Find(looked.Ask, request.Most);
            return new Result(
                looked.Case,
                looked.Judges,
                looked.Clerks,
                answer,
                looked.Ask.Earliest,
                looked.Ask.Limit,
                clock.GetElapsedTime(began).TotalMilliseconds
            )
            {
                Registered = [.. looked.Registered.Select(s => s.Name)],
                Languages = await docket.LanguagesAsync(looked.Case.CourtId, cancellationToken),
            };
        }
    }
}

/// <summary>One hearing with its people, its events, and how the service of its summons stands to the clear days.</summary>
[Permit("trial.read")]
internal sealed record ShowHearing : IQuery<ShowHearing.Result>
{
    public long Id { get; init; }

    internal sealed record Result(
        Hearing Hearing,
        IReadOnlyList<HearingBook.Person> People,
        IReadOnlyList<Note> Events,
        IReadOnlyList<Told> Told,
        IReadOnlyList<Room> Rooms
    )
    {
        /// <summary>Judges of the court, for a change in the panel.</summary>
        public IReadOnlyList<PersonCard> Judges { get; init; } = [];
    }

    internal sealed record Note
    {
        public string Kind { get; init; } = "";
        public string Words { get; init; } = "";
        public string Who { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    /// <param name="On">When the summons took effect; null while it has not.</param>
    internal sealed record Told(string Name, DateOnly? On, NoticeVerdict? Verdict);

    internal sealed class Handler(Db db, ICases cases, Workzone.People.IPeople people, HearingActs acts, HearingBook book, Summonses summonses)
        : IQueryHandler<ShowHearing, Result>
    {
        public async Task<Result> Handle(ShowHearing request, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(request.Id, null, cancellationToken);
            var parties = await cases.PartiesAsync(h.CaseId, cancellationToken);
            var kind = (await cases.GetAsync(h.CaseId, cancellationToken)).Kind;
            var served = SummonsRules.Of(h, kind, await summonses.ServedAsync(h.CaseId, cancellationToken));
            return new Result(
                h,
                await book.PeopleAsync(h.Id, cancellationToken),
                await db.QueryAsync<Note>("SELECT kind, words, who, at FROM trial_event WHERE hearing_id = @Id ORDER BY id", new { h.Id }, cancellationToken),
                [.. parties.Select(p => served.TryGetValue(p.Id, out var s) ? new Told(p.Name, s.On, s.Verdict) : new Told(p.Name, null, null))],
                await db.QueryAsync<Room>(
                    "SELECT id, name, size, features, online, active, version FROM trial_room WHERE court_id = @CourtId AND active = 1 ORDER BY name, id",
                    new { h.CourtId },
                    cancellationToken
                )
            )
            {
                Judges = h.IsLive ? await people.WithRolesAsync(h.CourtId, ["judge"], cancellationToken) : [],
            };
        }
    }
}

/// <summary>What anybody may read: announced hearings, or those of one courtroom on a day.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record PublicHearings : IQuery<IReadOnlyList<PublicHearings.Row>>
{
    public long? RoomId { get; init; }

    internal sealed record Row
    {
        public string CourtName { get; init; } = "";
        public string RoomName { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string Cause { get; init; } = "";
        public string Parties { get; init; } = "";
        public string JudgeName { get; init; } = "";
        public bool OpenCourt { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock) : IQueryHandler<PublicHearings, IReadOnlyList<Row>>
    {
        private const string Columns = """
            SELECT p.court_name, p.room_name, p.case_number, p.cause, p.parties, p.judge_name, p.open_court, p.starts_at, p.ends_at
            FROM trial_public_hearing p
            JOIN trial_hearing h ON h.id = p.hearing_id
            """;

        public async Task<IReadOnlyList<Row>> Handle(PublicHearings request, CancellationToken cancellationToken)
        {
            var today = Times.Day(clock.GetUtcNow());
            // of a case sealed after its hearing was announced nothing is told
            var told = $"{Columns}\nWHERE p.withdrawn_at IS NULL AND {cases.Announceable("h.case_id")} AND ";
            return request.RoomId is { } room
                ? await db.QueryAsync<Row>(told + "p.room_id = @room AND p.held_on = @today ORDER BY p.starts_at", new { room, today }, cancellationToken)
                : await db.PageAsync<Row>(
                    told + "p.held_on >= @today AND p.open_court = 1 ORDER BY p.held_on, p.starts_at",
                    new { today },
                    300,
                    cancellationToken
                );
        }
    }
}
