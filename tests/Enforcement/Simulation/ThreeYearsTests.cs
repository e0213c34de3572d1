using System.Diagnostics;
using CourtOps.Enforcement.Jobs;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Simulation;

/// <summary>
/// Three years of a court whose people forget and whose agencies are slow: nothing lapses that was not warned of before, to a person, and escalated; everything
/// has a next date or an end; the books close each day. A twentieth of 2,000 cases and 20,000 measures; all of it with COURTOPS_LONG=1.
/// </summary>
public sealed class ThreeYearsTests() : AppTests(Engine.Sqlite)
{
    private const int Days = 3 * 365;

    private static readonly int Cases = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1" ? 2000 : 100;

    private readonly Random random = new(20260302);
    private readonly Dictionary<long, long> balances = [];
    private readonly List<(long Case, long Debtor, long Creditor)> cases = [];
    private readonly List<(long Id, string State, long Case, long Cents)> payouts = [];
    private int serial;

    [Test]
    public async Task Nothing_lapses_unwarned_everything_has_a_next_date_and_the_books_close_each_day()
    {
        var watch = Stopwatch.StartNew();
        for (var i = 1; i <= Cases; i++)
        {
            var id = await App.Case(i, new SampleParty("王某乙"));
            cases.Add((id, await App.PartyId(id, "王某乙"), await App.PartyId(id, "张某甲")));
            balances[id] = 0;
        }
        // ten measures a case, taken over the first two years, one in eight behind a slow agency
        var taking = Enumerable.Range(0, Cases * 10).Select(n => (Day: random.Next(Days * 2 / 3), Case: n % Cases, N: n)).ToLookup(t => t.Day);
        for (var day = 0; day < Days; day++)
        {
            var today = new DateOnly(2026, 3, 2).AddDays(day);
            foreach (var t in taking[day])
                await TakeAsync(t.Case, t.N, today);
            await App.RunJob<Sweep>();
            await WorkAsync(today);
            await MoneyAsync(today);
            if (day % 30 == 29)
                await NextDatesAsync(today);
            App.Advance(TimeSpan.FromDays(1));
        }
        await NextDatesAsync(new DateOnly(2026, 3, 2).AddDays(Days));
        var lapsed = await App.As(null)
            .Rows<Lapsed>(
                """
                SELECT m.id, m.round, m.end_on,
                       (SELECT COUNT(*) FROM enforcement_warning w WHERE w.measure_id = m.id AND w.round = m.round AND w.due_on <= m.end_on) AS warnings,
                       (SELECT COUNT(*) FROM workzone_order o WHERE o.id = m.order_id AND o.escalated = 1 AND o.asked_by IS NOT NULL) AS escalated
                FROM enforcement_measure m WHERE m.state = 'lapsed'
                """
            );
        var all = await App.Value<int>("SELECT COUNT(*) FROM enforcement_measure");
        var renewed = await App.Value<int>("SELECT COUNT(*) FROM enforcement_event WHERE kind = 'renewed'");
        TestContext.Out.WriteLine($"{Cases} cases, {all} measures, {renewed} renewals, {lapsed.Count} lapses, {watch.Elapsed.TotalSeconds:0} s");
        Assert.That((all, renewed > Cases, lapsed.Count > Cases / 10), Is.EqualTo((Cases * 10, true, true)), "too little happened");
        Assert.That(lapsed.Where(l => l.Warnings == 0 || l.Escalated == 0).Select(l => l.Id), Is.Empty, "a lapse that nobody was warned of");
        Assert.That(
            await App.Value<int>(
                "SELECT COUNT(*) FROM enforcement_measure WHERE state = 'active' AND end_on < @today",
                new { today = new DateOnly(2026, 3, 2).AddDays(Days - 1) }
            ),
            Is.Zero,
            "what is over is said to be over"
        );
    }

    private async Task TakeAsync(int index, int n, DateOnly today)
    {
        var (id, debtor, _) = cases[index];
        var kind = new[] { "movable", "immovable", "other", "patent" }[n % 4];
        var slow = n % 8 == 0;
        await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = id,
                    PartyId = debtor,
                    Kind = kind,
                    Description = $"财产{n}号",
                    Start = slow ? null : today,
                    RuledOn = today,
                }
            );
    }

    // whoever has an order in hand acts on it some day; one measure in twenty-five belongs to somebody who never does
    private async Task WorkAsync(DateOnly today)
    {
        foreach (
            var m in await App.As("judge")
                .Rows<Due>(
                    "SELECT id, state FROM enforcement_measure WHERE state = 'ruled' OR (state = 'active' AND order_id IS NOT NULL AND last_renewal "
                        + "IS NOT NULL AND next_tier <> 'D-30' AND end_on <= @soon)",
                    new { soon = today.AddDays(35) }
                )
        )
            try
            {
                if (m.State == "ruled" && random.Next(15) == 0)
                    await App.Send(
                        new RecordReceipt
                        {
                            Id = m.Id,
                            Receipt = $"回{m.Id % 10000}",
                            Start = today,
                        }
                    );
                else if (m.State == "active" && new Random((int)(m.Id % int.MaxValue)).Next(25) != 0 && random.Next(9) == 0)
                    await App.Send(new RenewMeasure { Id = m.Id });
            }
            catch (RuleBroken)
            {
                // clumsy: too late, or once too often; refused and forgotten
            }
    }

    private async Task MoneyAsync(DateOnly today)
    {
        var (id, _, creditor) = cases[random.Next(cases.Count)];
        if (random.Next(3) == 0)
        {
            var cents = random.Next(1, 5_000_000);
            await App.As("judge")
                .Send(
                    new ReceiveMoney
                    {
                        CaseId = id,
                        Amount = cents / 100m,
                        Payer = "王某乙",
                        Reference = $"S{++serial}",
                    }
                );
            balances[id] += cents;
        }
        if (balances[id] > 0 && random.Next(2) == 0)
        {
            var cents = 1 + (long)(random.NextDouble() * (balances[id] - 1));
            try
            {
                payouts.Add(
                    (
                        await App.As("judge")
                            .Send(
                                new AskPayout
                                {
                                    CaseId = id,
                                    PartyId = creditor,
                                    Account = "62220000999",
                                    Amount = cents / 100m,
                                }
                            ),
                        "asked",
                        id,
                        cents
                    )
                );
            }
            catch (RuleBroken e) when (e.Code == "not-enough")
            {
                // promised already
            }
        }
        for (var i = payouts.Count - 1; i >= 0; i--)
        {
            var p = payouts[i];
            if (random.Next(6) > 0)
                continue;
            switch (p.State)
            {
                case "asked":
                    var granted = random.Next(10) > 0;
                    await App.As("leader")
                        .Send(
                            new DecidePayout
                            {
                                Id = p.Id,
                                Granted = granted,
                                Words = "补充材料",
                            }
                        );
                    payouts[i] = p with { State = granted ? "approved" : "over" };
                    break;
                case "approved":
                    await App.As("judge")
                        .Send(
                            new StepPayout
                            {
                                Id = p.Id,
                                Step = "pay",
                                Reference = $"F{++serial}",
                            }
                        );
                    balances[p.Case] -= p.Cents;
                    payouts[i] = p with { State = "paid" };
                    break;
                case "paid" when random.Next(8) == 0:
                    await App.As("judge")
                        .Send(
                            new StepPayout
                            {
                                Id = p.Id,
                                Step = "fail",
                                Words = "账户不符",
                            }
                        );
                    balances[p.Case] += p.Cents;
                    payouts[i] = p with { State = "over" };
                    break;
                default:
                    payouts.RemoveAt(i);
                    break;
            }
        }
        var held = (
            await App.As(null).Rows<Held>("SELECT case_id, -SUM(amount) AS cents FROM enforcement_entry WHERE account = 'held' GROUP BY case_id")
        ).ToDictionary(h => h.CaseId, h => h.Cents);
        Assert.That(await App.Value<long>("SELECT COALESCE(SUM(amount), 0) FROM enforcement_entry"), Is.Zero, $"{today}: debit and credit");
        Assert.That(balances.Where(b => held.GetValueOrDefault(b.Key) != b.Value), Is.Empty, $"{today}: to the cent");
    }

    private async Task NextDatesAsync(DateOnly today)
    {
        Assert.That(
            await App.As(null)
                .Value<int>(
                    "SELECT COUNT(*) FROM enforcement_measure WHERE (state IN ('ruled', 'waiting', 'active') AND (next_date IS NULL OR ended_on IS "
                        + "NOT NULL)) OR (state IN ('released', 'lapsed') AND (next_date IS NOT NULL OR ended_on IS NULL))"
                ),
            Is.Zero,
            $"{today}: measures"
        );
        Assert.That(
            await App.Value<int>(
                "SELECT COUNT(*) FROM enforcement_asset WHERE (next_date IS NULL AND ended_on IS NULL) OR (next_date IS NOT NULL AND ended_on IS NOT NULL)"
            ),
            Is.Zero,
            $"{today}: assets"
        );
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_measure WHERE next_date < @today", new { today }), Is.Zero, $"{today}: swept");
    }

    private sealed record Due
    {
        public long Id { get; init; }
        public string State { get; init; } = "";
    }

    private sealed record Held
    {
        public long CaseId { get; init; }
        public long Cents { get; init; }
    }

    private sealed record Lapsed
    {
        public long Id { get; init; }
        public int Round { get; init; }
        public DateOnly EndOn { get; init; }
        public int Warnings { get; init; }
        public int Escalated { get; init; }
    }
}
