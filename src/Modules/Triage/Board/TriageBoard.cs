using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Split;
using CourtOps.Workzone;

namespace CourtOps.Triage.Board;

/// <summary>The standards a service centre is graded by; percent but for the satisfaction.</summary>
internal sealed record StarStandards
{
    /// <summary>Contacts answered by their day.</summary>
    public int Answered { get; init; } = 95;

    /// <summary>Filings decided by their day.</summary>
    public int Decided { get; init; } = 98;

    /// <summary>Satisfaction in hundredths of a mark.</summary>
    public int Satisfaction { get; init; } = 450;

    /// <summary>Cross-court filings passed on the same day.</summary>
    public int Passed { get; init; } = 98;

    /// <summary>Days of the time with somebody on duty.</summary>
    public int Duty { get; init; } = 90;
}

/// <summary>One standard, what was reached and whether it earns a star.</summary>
/// <param name="Name">A text key.</param>
internal sealed record Star(string Name, decimal? Reached, decimal Needed, bool Earned);

/// <summary>The figures of one court over a time. Each is the count of rows of a list.</summary>
internal sealed record CourtFigures
{
    public long CourtId { get; init; }
    public string Court { get; init; } = "";
    public int Received { get; init; }
    public int Online { get; init; }
    public int CrossFilings { get; init; }
    public int Returned { get; init; }
    public int Refused { get; init; }
    public int Registered { get; init; }
    public int CivilRegistered { get; init; }
    public int OnTheDay { get; init; }
    public int Late { get; init; }
    public int Fast { get; init; }
    public int SummaryTrack { get; init; }
    public int Ordinary { get; init; }
    public int Complex { get; init; }
    public int Mediated { get; init; }
    public int Agreed { get; init; }
    public int NotAgreed { get; init; }
    public int RefusedMediation { get; init; }
    public int Contacts { get; init; }
    public int ContactsDone { get; init; }
    public int ContactsInTime { get; init; }
    public int Complaints { get; init; }
    public int Marks { get; init; }
    public int MarkSum { get; init; }
    public int CrossTaken { get; init; }
    public int CrossPassedInTime { get; init; }
    public int DutyDays { get; init; }
    public int Days { get; init; }

    /// <summary>Hundredths of a day from receipt to registration, mean.</summary>
    public long DaysToRegister { get; init; }

    /// <summary>Percent of the registered civil cases that ended by mediation.</summary>
    public decimal? Diversion => BoardRules.Share(Agreed, CivilRegistered);

    public decimal? MediationSuccess => BoardRules.Share(Agreed, Agreed + NotAgreed);
}

/// <summary>What follows from the figures. Pure.</summary>
internal static class BoardRules
{
    /// <summary>Percent with one decimal; null where there is nothing to divide.</summary>
    public static decimal? Share(long part, long whole) => whole == 0 ? null : decimal.Round(100m * part / whole, 1, MidpointRounding.AwayFromZero);

    /// <summary>A star for each standard that is reached; what has no figure earns none.</summary>
    public static IReadOnlyList<Star> Stars(CourtFigures f, StarStandards s)
    {
        static Star Of(string name, decimal? reached, decimal needed) => new(name, reached, needed, reached >= needed);
        return
        [
            Of("来访按期答复率", Share(f.ContactsInTime, f.Contacts), s.Answered),
            Of("收件按期决定率", f.Received == 0 ? null : Share(f.Received - f.Late, f.Received), s.Decided),
            Of("满意度", f.Marks == 0 ? null : decimal.Round((decimal)f.MarkSum / f.Marks, 2), s.Satisfaction / 100m),
            Of("跨域当日转交率", Share(f.CrossPassedInTime, f.CrossTaken), s.Passed),
            Of("值班覆盖率", Share(f.DutyDays, f.Days), s.Duty),
        ];
    }
}

/// <summary>The board: by court, over a time.</summary>
[Permit("triage.filings")]
internal sealed record ShowBoard : IQuery<ShowBoard.Result>
{
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }

    internal sealed record Result(IReadOnlyList<CourtFigures> Courts, IReadOnlyDictionary<long, IReadOnlyList<Star>> Stars, DateOnly From, DateOnly Until);

    internal sealed class Handler(Db db, Actor actor, ICourts courts, ISettings settings, TimeProvider clock) : IQueryHandler<ShowBoard, Result>
    {
        public async Task<Result> Handle(ShowBoard request, CancellationToken cancellationToken)
        {
            var today = Times.Day(clock.GetUtcNow());
            var (from, until) = Period.Of(request.From, request.Until, today, d => d.AddDays(-29));
            var args = new
            {
                courts = actor.Courts,
                from,
                until,
                today,
                start = Times.Start(from),
                end = Times.Start(until.AddDays(1)),
            };
            var filings = await db.QueryAsync<CourtFigures>(
                """
                SELECT f.court_id, COUNT(*) AS received, SUM(CASE WHEN f.channel = 'online' THEN 1 ELSE 0 END) AS online, SUM(CASE WHEN f.channel = 'cross' THEN
                    1 ELSE 0 END) AS cross_filings,
                       SUM(CASE WHEN f.returned_at IS NOT NULL THEN 1 ELSE 0 END) AS returned, SUM(CASE WHEN f.state IN ('refused', 'lapsed') THEN 1 ELSE 0 END)
                           AS refused, SUM(CASE WHEN f.case_id IS NOT NULL THEN 1 ELSE 0 END) AS registered,
                       SUM(CASE WHEN f.case_id IS NOT NULL AND f.kind = 'civil' THEN 1 ELSE 0 END) AS civil_registered,
                       SUM(CASE WHEN f.state = 'received' AND f.decide_by < @today THEN 1 WHEN f.state = 'returned' AND f.correct_by < @today THEN 1 ELSE 0 END)
                           AS late,
                       SUM(CASE WHEN f.band = 'fast' THEN 1 ELSE 0 END) AS fast, SUM(CASE WHEN f.band = 'summary' THEN 1 ELSE 0 END) AS summary_track, SUM(CASE
                           WHEN f.band = 'ordinary' THEN 1 ELSE 0 END) AS ordinary,
                       SUM(CASE WHEN f.band = 'complex' THEN 1 ELSE 0 END) AS complex
                FROM triage_filing f WHERE f.court_id IN @courts AND f.received_at >= @start AND f.received_at < @end GROUP BY f.court_id
                """,
                args,
                cancellationToken
            );
            var waits = await db.QueryAsync<Wait>(
                "SELECT f.court_id, f.received_at, f.registered_at FROM triage_filing f WHERE f.court_id IN @courts AND f.received_at >= @start AND "
                    + "f.received_at < @end AND f.registered_at IS NOT NULL",
                args,
                cancellationToken
            );
            var mediations = await db.QueryAsync<CourtFigures>(
                """
                SELECT m.court_id, COUNT(*) AS mediated, SUM(CASE WHEN m.outcome IN ('agreed', 'withdrawn') THEN 1 ELSE 0 END) AS agreed, SUM(CASE WHEN
                    m.outcome = 'failed' THEN 1 ELSE 0 END) AS not_agreed,
                       SUM(CASE WHEN m.outcome = 'refused' THEN 1 ELSE 0 END) AS refused_mediation
                FROM triage_mediation m WHERE m.court_id IN @courts AND m.started_at >= @start AND m.started_at < @end GROUP BY m.court_id
                """,
                args,
                cancellationToken
            );
            var contacts = await db.QueryAsync<Told>(
                "SELECT k.for_court_id, k.service, k.due_on, k.finished_at, k.mark FROM triage_contact k WHERE k.for_court_id IN @courts AND "
                    + "k.taken_at >= @start AND k.taken_at < @end",
                args,
                cancellationToken
            );
            var cross = await db.QueryAsync<Passed>(
                "SELECT f.from_court_id, f.pass_by, f.passed_at FROM triage_filing f WHERE f.from_court_id IN @courts AND f.received_at >= @start AND "
                    + "f.received_at < @end",
                args,
                cancellationToken
            );
            var duty = (
                await db.QueryAsync<CourtFigures>(
                    "SELECT d.court_id, COUNT(*) AS duty_days FROM triage_duty d WHERE d.court_id IN @courts AND d.on_day >= @from AND d.on_day <= "
                        + "@until GROUP BY d.court_id",
                    args,
                    cancellationToken
                )
            ).ToDictionary(d => d.CourtId, d => d.DutyDays);
            var all = (await courts.AllAsync(cancellationToken)).Where(c => actor.Courts.Contains(c.Id)).ToList();
            var rows = all.Select(c =>
                {
                    var f = filings.FirstOrDefault(x => x.CourtId == c.Id) ?? new CourtFigures();
                    var m = mediations.FirstOrDefault(x => x.CourtId == c.Id) ?? new CourtFigures();
                    var k = contacts.Where(x => x.ForCourtId == c.Id).ToList();
                    var w = waits.Where(x => x.CourtId == c.Id).ToList();
                    var p = cross.Where(x => x.FromCourtId == c.Id).ToList();
                    return f with
                    {
                        CourtId = c.Id,
                        Court = c.Name,
                        OnTheDay = w.Count(x => Times.Day(x.RegisteredAt) == Times.Day(x.ReceivedAt)),
                        DaysToRegister = w.Count == 0 ? 0 : (long)(100 * w.Average(x => (x.RegisteredAt - x.ReceivedAt).TotalDays)),
                        Mediated = m.Mediated,
                        Agreed = m.Agreed,
                        NotAgreed = m.NotAgreed,
                        RefusedMediation = m.RefusedMediation,
                        Contacts = k.Count,
                        ContactsDone = k.Count(x => x.FinishedAt is not null),
                        ContactsInTime = k.Count(x => x.FinishedAt is { } at ? Times.Day(at) <= x.DueOn : x.DueOn >= today),
                        Complaints = k.Count(x => x.Service == "complaint"),
                        Marks = k.Count(x => x.Mark is not null),
                        MarkSum = k.Sum(x => x.Mark ?? 0),
                        CrossTaken = p.Count,
                        CrossPassedInTime = p.Count(x => x.PassedAt is { } at ? Times.Day(at) <= x.PassBy : x.PassBy >= today),
                        DutyDays = duty.GetValueOrDefault(c.Id),
                        Days = until.DayNumber - from.DayNumber + 1,
                    };
                })
                .ToList();
            return new Result(rows, rows.ToDictionary(r => r.CourtId, r => BoardRules.Stars(r, settings.Current<StarStandards>(r.CourtId))), from, until);
        }

        private sealed record Wait
        {
            public long CourtId { get; init; }
            public DateTimeOffset ReceivedAt { get; init; }
            public DateTimeOffset RegisteredAt { get; init; }
        }

        private sealed record Told
        {
            public long ForCourtId { get; init; }
            public string Service { get; init; } = "";
            public DateOnly DueOn { get; init; }
            public DateTimeOffset? FinishedAt { get; init; }
            public int? Mark { get; init; }
        }

        private sealed record Passed
        {
            public long FromCourtId { get; init; }
            public DateOnly? PassBy { get; init; }
            public DateTimeOffset? PassedAt { get; init; }
        }
    }
}
