using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Jobs;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Measures;

/// <summary>
/// Random acts of clumsy people, held against a simple reference: every measure and asset always has a next date or an end, no measure lapses without a
/// warning that
/// opened an order before, one first measure on one thing.
/// </summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class AlwaysNextTests(Engine engine) : AppTests(engine)
{
    // what the reference remembers of a measure: nothing of the product's rules but the calendar of years
    private sealed class Known
    {
        public long Case { get; init; }
        public string Thing { get; init; } = "";
        public string State { get; set; } = "";
        public int Place { get; set; }
        public DateOnly? End { get; set; }
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Whatever_people_do_each_measure_has_a_next_date_or_an_end(int seed)
    {
        var random = new Random(seed);
        var cases = new List<(long Id, long Party)>();
        foreach (var serial in Enumerable.Range(1, 4))
        {
            var id = await App.Case(serial, new SampleParty("王某乙"));
            cases.Add((id, await App.PartyId(id, "王某乙")));
        }
        var known = new Dictionary<long, Known>();
        var seen = new HashSet<string>();
        for (var step = 0; step < 150; step++)
        {
            var today = new DateOnly(2026, 3, 2).AddDays((int)(App.Clock.GetUtcNow() - TestClock.Monday).TotalDays);
            App.As("judge");
            var live = known.Where(k => k.Value.State is "active" or "waiting" or "ruled").Select(k => k.Key).ToList();
            switch (random.Next(7))
            {
                case 0 or 1:
                    var (caseId, party) = cases[random.Next(cases.Count)];
                    var thing = $"专利{random.Next(6)}号";
                    var ahead = known.Values.Where(k => k.Thing == thing && k.State is "active" or "waiting" or "ruled" && k.Thing == thing).ToList();
                    var place = ahead.Count == 0 ? 1 : ahead.Max(a => a.Place) + 1;
                    var ruledOnly = random.Next(4) == 0 && place == 1;
                    var take = new TakeMeasure
                    {
                        CaseId = caseId,
                        PartyId = party,
                        Kind = "patent",
                        Description = thing,
                        Start = ruledOnly ? null : today,
                        RuledOn = today,
                        Place = place,
                    };
                    if (ahead.Any(a => a.Case == caseId))
                    {
                        await Assert.ThatAsync(() => App.Send(take), Throws.TypeOf<RuleBroken>(), "one live measure of a case on its asset");
                        break;
                    }
                    var taken = await App.Send(take);
                    known[taken.Id] = new Known
                    {
                        Case = caseId,
                        Thing = thing,
                        Place = place,
                        State =
                            ruledOnly ? "ruled"
                            : place == 1 ? "active"
                            : "waiting",
                        End = ruledOnly || place > 1 ? null : today.AddMonths(6).AddDays(-1),
                    };
                    break;
                case 2 when live.Count > 0:
                    var renewed = live[random.Next(live.Count)];
                    if (known[renewed].State != "active")
                    {
                        await Assert.ThatAsync(() => App.Send(new RenewMeasure { Id = renewed }), Throws.TypeOf<RuleBroken>());
                        break;
                    }
                    await App.Send(new RenewMeasure { Id = renewed });
                    known[renewed].End = known[renewed].End!.Value.AddDays(1).AddMonths(6).AddDays(-1);
                    break;
                case 3 when live.Count > 0:
                    var released = live[random.Next(live.Count)];
                    await App.Send(new ReleaseMeasure { Id = released, Why = "settled" });
                    var effective = known[released].State == "active";
                    known[released].State = "released";
                    End(known, released, today, effective);
                    break;
                case 4 when live.Count > 0 && known[live[0]] is { State: "ruled" } ruled:
                    await App.Send(
                        new RecordReceipt
                        {
                            Id = live[0],
                            Receipt = $"回字{step}",
                            Start = today,
                        }
                    );
                    (ruled.State, ruled.End) = ("active", today.AddMonths(6).AddDays(-1));
                    break;
                default:
                    // some months in which nobody does anything but the daily sweep
                    foreach (var _ in Enumerable.Range(0, random.Next(1, 40)))
                    {
                        App.Advance(TimeSpan.FromDays(1));
                        today = today.AddDays(1);
                        await App.RunJob<Sweep>();
                        foreach (var (id, k) in known.Where(k => k.Value.State == "active" && k.Value.End < today).OrderBy(k => k.Key).ToList())
                        {
                            k.State = "lapsed";
                            End(known, id, k.End!.Value.AddDays(1), true);
                        }
                    }
                    break;
            }
            seen.UnionWith(known.Values.Select(k => k.State));
            await CheckAsync(known);
        }
        Assert.That(seen, Is.SupersetOf(new[] { "ruled", "active", "waiting", "released", "lapsed" }), "too little happened");
    }

    private static void End(Dictionary<long, Known> known, long id, DateOnly on, bool effective)
    {
        var ended = known[id];
        foreach (
            var behind in known
                .Where(k => k.Value.Thing == ended.Thing && k.Value.State == "waiting" && k.Value.Place > ended.Place)
                .OrderBy(k => k.Value.Place)
                .Select(k => k.Value)
                .ToList()
        )
        {
            if (effective && behind.Place == 2 && ended.Place == 1)
                (behind.State, behind.End) = ("active", on.AddMonths(6).AddDays(-1));
            behind.Place--;
        }
    }

    private async Task CheckAsync(Dictionary<long, Known> known)
    {
        var rows = (await App.As(null).Rows<MeasureRow>(MeasureRow.Columns)).ToDictionary(r => r.Id);
        foreach (var (id, k) in known)
            Assert.That(
                (rows[id].State, rows[id].State is "ruled" or "waiting" ? null : rows[id].EndOn, MeasureState.IsLive(k.State) ? rows[id].Place : k.Place),
                Is.EqualTo((k.State, k.State is "ruled" or "waiting" ? null : k.End, k.Place)),
                $"{k.Thing} of {k.Case}"
            );
        foreach (var r in rows.Values.Where(r => r.State != "released" || r.StartOn is not null))
            Assert.That(
                MeasureState.IsLive(r.State) ? r.NextDate is not null && r.EndedOn is null : r.NextDate is null && r.EndedOn is not null,
                Is.True,
                $"{r.State} {r.NextDate} {r.EndedOn}"
            );
        foreach (var a in await App.Rows<AssetRow>(AssetRow.Columns))
            Assert.That((a.NextDate is null) != (a.EndedOn is null), Is.True, $"asset {a.Name} {a.State} {a.NextDate} {a.EndedOn}");
        Assert.That(rows.Values.Where(r => r.State == "active" && r.Place == 1).GroupBy(r => r.IdentityKey).Where(g => g.Count() > 1), Is.Empty);
        foreach (var lapsed in rows.Values.Where(r => r.State == "lapsed"))
            Assert.That(lapsed.OrderId, Is.Not.Null, "it lapsed without an order that asked for its renewal");
        Assert.That(
            await App.Rows<long>(
                "SELECT m.id FROM enforcement_measure m WHERE m.state = 'lapsed' AND NOT EXISTS (SELECT 1 FROM enforcement_warning w WHERE "
                    + "w.measure_id = m.id AND w.round = m.round AND w.tier = 'due')"
            ),
            Is.Empty,
            "or unwarned"
        );
    }
}
