using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Planning;

/// <summary>Reads what a plan is made of: the cases that wait for a hearing, each under its own constraints of G-01, and all that is booked already.</summary>
internal sealed class PlanGathering(Db db, ICases cases, ICasePanels panels, Docket docket)
{
    /// <summary>Hearings lie within these; the quarter hour that is kept free after each may reach beyond.</summary>
    private static readonly IReadOnlyList<PlanSlot> Halves =
    [
        .. Slots.Sessions.Select(s => new PlanSlot(Clock(s.From), Clock(s.To.AddMinutes(Slots.Buffer * Slots.Minutes)))),
    ];

    /// <summary>The input of the planner, and a row for each case; those that cannot be planned say why. The panel is that of the register.</summary>
    /// <param name="wish">What every hearing asks for: days (both needed), minutes, clerk, seats, equipment.</param>
    /// <param name="most">Cases of the plan at most, 1 or more: those filed first.</param>
    /// <returns>LeftOut: how many cases wait beside them.</returns>
    public async Task<(PlanInput Input, IReadOnlyList<PlanRow> Rows, int LeftOut)> GatherAsync(Wish wish, int most, CancellationToken ct)
    {
        var (from, until, minutes) = (wish.From!.Value, wish.Until!.Value, wish.Minutes);
        var (me, courts, places) = cases.Arguments;
        var args = new
        {
            me,
            courts,
            places,
        };
        var which =
            "FROM workzone_case_card c WHERE c.state = 'open' AND c.kind IN ('civil', 'criminal', 'admin') AND c.judge_id IS NOT NULL AND c.court_id IN "
            + $"@courts AND {cases.Seen("c.id")} AND NOT EXISTS (SELECT 1 FROM trial_hearing h WHERE h.case_id = c.id AND h.state IN ('provisional', "
            + "'confirmed', 'held'))";
        var waiting = await db.PageAsync<CaseCard>($"SELECT c.id, c.number, c.cause, c.judge_name {which} ORDER BY c.filed_on, c.id", args, most, ct);
        var leftOut = waiting.Count < most ? 0 : await db.ScalarAsync<int>($"SELECT COUNT(*) {which}", args, ct) - waiting.Count;
        var rows = new List<PlanRow>();
        var hearings = new List<PlanHearing>();
        var days = new SortedSet<DateOnly>();
        var rooms = new Dictionary<string, PlanRoom>();
        var people = new Dictionary<string, HashSet<string>>();
        var names = new Dictionary<string, string>();
        var taken = new HashSet<PlanTaken>();
        foreach (var card in waiting)
        {
            var row = new PlanRow
            {
                CaseId = card.Id,
                CaseNumber = card.Number,
                Cause = card.Cause.Length > 200 ? card.Cause[..200] : card.Cause,
                JudgeName = card.JudgeName ?? "",
                Assessors = (await panels.OfAsync(card.Id, from, ct)).Any(s => s.Role == "assessor"),
            };
            try
            {
                var ask = (await docket.LookAsync(wish with { CaseId = card.Id, WithAssessors = row.Assessors }, ct)).Ask;
                var possible = Enumerable
                    .Range(0, until.DayNumber - from.DayNumber + 1)
                    .Select(from.AddDays)
                    .Where(d => FirstFit.DayRefusal(ask with { People = [] }, d) is null)
                    .ToList();
                if (possible.Count == 0)
                {
                    var refusal = FirstFit.DayRefusal(ask with { People = [] }, until)?.Said;
                    rows.Add(row with { Why = refusal?.ToString(), WhySaid = refusal is null ? null : PlanReasons.Stored([refusal]) });
                    continue;
                }
                days.UnionWith(possible);
                foreach (var p in ask.People)
                {
                    names[p.Resource] = p.Name;
                    if (!people.TryGetValue(p.Resource, out var away))
                        people[p.Resource] = away = [];
                    away.UnionWith(p.Away.SelectMany(a => Between(a.From < from ? from : a.From, a.Until > until ? until : a.Until)).Select(Times.Iso));
                }
                foreach (var r in ask.Rooms)
                    rooms.TryAdd(
                        $"room:{r.Id}",
                        new PlanRoom
                        {
                            Id = $"room:{r.Id}",
                            Size = r.Size,
                            Features = [.. r.Features],
                            Closed = [.. r.Closed.Keys.Select(Times.Iso)],
                        }
                    );
                foreach (var (resource, slots) in ask.Busy.Concat(ask.Travel))
                    taken.UnionWith(slots.Select(s => Of(resource, s)));
                hearings.Add(
                    new PlanHearing
                    {
                        Id = card.Id.ToString(CultureInfo.InvariantCulture),
                        Minutes = (Slots.Count(minutes) + Slots.Buffer) * Slots.Minutes,
                        Earliest = Times.Iso(possible[0]),
                        Latest = Times.Iso(possible[^1]),
                        People = [.. ask.People.Select(p => p.Resource)],
                        Size = wish.Size,
                        Features = wish.Features,
                        Priority = ask.Limit is { } limit && limit.DayNumber - until.DayNumber < 30 ? 1 : 2,
                    }
                );
                rows.Add(row);
            }
            catch (RuleBroken no)
            {
                // no judge, somebody recused: said beside the case, the others are planned
                rows.Add(row with { Why = PlanReasons.Cut(no.Message), WhySaid = no.Said is { } said ? PlanReasons.Stored([said]) : null });
            }
        }
        return (
            new PlanInput
            {
                Days = [.. days.Select(Times.Iso)],
                Slots = Halves,
                Rooms = [.. rooms.Values],
                People =
                [
                    .. people.Select(p => new PlanPerson
                    {
                        Id = p.Key,
                        Name = names.GetValueOrDefault(p.Key),
                        Away = [.. p.Value],
                    }),
                ],
                Hearings = hearings,
                Taken = [.. taken],
            },
            rows,
            leftOut
        );
    }

    private static IEnumerable<DateOnly> Between(DateOnly from, DateOnly until)
    {
        for (var day = from; day <= until; day = day.AddDays(1))
            yield return day;
    }

    private static PlanTaken Of(string resource, int slot)
    {
        var at = Times.Local(Slots.Start(slot));
        var from = TimeOnly.FromDateTime(at.DateTime);
        return new PlanTaken(
            resource,
            Times.Iso(DateOnly.FromDateTime(at.DateTime)),
            Clock(from),
            from.Hour == 23 && from.Minute >= 45 ? "23:59" : Clock(from.AddMinutes(Slots.Minutes))
        );
    }

    private static string Clock(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
