using CourtOps.Contracts;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Enforcement.Measures;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MeasureTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [TestCase("deposit", "2025-03-10", 1, "2026-03-09", "2026-03-02")]
    [TestCase("movable", "2026-03-02", 2, "2028-03-01", "2028-02-23")]
    [TestCase("immovable", "2026-03-02", null, "2029-03-01", "2029-02-22")]
    [TestCase("patent", "2026-03-02", null, "2026-09-01", "2026-08-25")]
    [TestCase("trademark", "2026-02-28", null, "2027-02-27", "2027-02-20")]
    public async Task The_end_is_Laws_and_the_applicants_last_day_seven_before(string kind, string start, int? years, string end, string last)
    {
        var (caseId, party) = await CaseAsync();
        var m = await App.As("judge").Send(Take(caseId, party) with { Kind = kind, Start = Day(start), Years = years, Basis = "preservation", Amount = 1000 });
        Assert.That((m.EndOn, m.LastRenewal, m.State), Is.EqualTo(((DateOnly?)Day(end), (DateOnly?)Day(last), "active")));
        Assert.That((await App.Published<MeasureChanged>()).Select(e => (e.Change, e.End)), Is.EqualTo(new[] { ("taken", m.EndOn) }));
    }

    [Test]
    public async Task The_receipts_end_wins_and_raises_a_finding()
    {
        var (caseId, party) = await CaseAsync();
        var m = await App.As("judge").Send(Take(caseId, party));
        m = await App.Send(
            new RecordReceipt
            {
                Id = m.Id,
                Version = m.Version,
                Receipt = "回字1",
                ReceiptEnd = new DateOnly(2028, 12, 31),
            }
        );
        Assert.That((m.EndOn, m.ComputedEnd), Is.EqualTo(((DateOnly?)new DateOnly(2028, 12, 31), (DateOnly?)new DateOnly(2029, 3, 1))));
        Assert.That(await OpenAsync(caseId), Is.EqualTo(new[] { LeakChecks.Receipt }));
    }

    [Test]
    public async Task Bad_input_is_refused_with_its_field()
    {
        var (caseId, party) = await CaseAsync();
        App.As("judge");
        await Refused(Take(caseId, party) with { Kind = "deposit" }, "Amount");
        await Refused(Take(caseId, party) with { Years = 4 }, "Years");
        await Refused(Take(caseId, party) with { Start = Today.AddDays(1) }, "Start");
        await Refused(Take(caseId, party) with { RuledOn = Today, Start = Today.AddDays(-1) }, "Start");
        await Refused(Take(caseId, party) with { Start = new DateOnly(2022, 1, 1) }, "Start");
        var creditor = await App.PartyId(caseId, "张某甲");
        await Refused(Take(caseId, creditor), "PartyId");
        await Assert.ThatAsync(
            () => App.As("judge").Send(Take(caseId, party) with { Description = "" }),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(Take(caseId, party)), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("leader").Send(Take(caseId, party)), Throws.TypeOf<Kernel.Messaging.Forbidden>());
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM enforcement_measure"), Is.Zero);
    }

    [Test]
    public async Task A_renewal_goes_on_without_a_gap_and_is_refused_after_the_end()
    {
        var (caseId, party) = await CaseAsync();
        var m = await App.As("judge").Send(Take(caseId, party) with { Kind = "deposit", Amount = 500, Start = new DateOnly(2025, 3, 10) });
        await Refused(new RenewMeasure { Id = m.Id, From = new DateOnly(2026, 3, 11) }, "From");
        var renewed = await App.Send(
            new RenewMeasure
            {
                Id = m.Id,
                Version = m.Version,
                Paper = "裁一",
            }
        );
        Assert.That(
            (renewed.StartOn, renewed.EndOn, renewed.Round),
            Is.EqualTo(((DateOnly?)new DateOnly(2026, 3, 10), (DateOnly?)new DateOnly(2027, 3, 9), 2))
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new ReleaseMeasure
                    {
                        Id = m.Id,
                        Version = m.Version,
                        Why = "settled",
                    }
                ),
            Throws.TypeOf<Conflict>(),
            "renewal and release cross"
        );
        App.At(TestClock.Shanghai(2027, 3, 10, 9, 0));
        await Refused(new RenewMeasure { Id = m.Id }, "On");
    }

    [Test]
    public async Task A_lapse_is_recorded_the_day_after_and_a_renewal_done_in_time_is_recorded_late_by_its_receipt()
    {
        var (caseId, party) = await CaseAsync();
        var m = await App.As("judge").Send(Take(caseId, party) with { Kind = "deposit", Amount = 500, Start = new DateOnly(2025, 3, 10) });
        App.At(TestClock.Shanghai(2026, 3, 10, 6, 0));
        await App.RunJob<Sweep>();
        Assert.That(await App.As(null).Value<string>("SELECT state FROM enforcement_measure"), Is.EqualTo("lapsed"));
        Assert.That(await OpenAsync(caseId), Does.Contain(LeakChecks.Lapsed).And.Contain(LeakChecks.Control));
        await Refused(new RenewMeasure { Id = m.Id, On = new DateOnly(2026, 3, 9) }, "Receipt");
        await App.As("judge")
            .Send(
                new RenewMeasure
                {
                    Id = m.Id,
                    On = new DateOnly(2026, 3, 9),
                    Receipt = "回字9",
                }
            );
        Assert.That(await OpenAsync(caseId), Is.Empty);
    }

    [Test]
    public async Task Each_tier_reaches_a_person_once_and_near_the_end_it_is_escalated()
    {
        var (caseId, party) = await CaseAsync();
        await App.As("judge").Send(Take(caseId, party) with { Kind = "deposit", Amount = 500, Start = new DateOnly(2025, 4, 20) });
        foreach (var day in Enumerable.Range(0, 50))
        {
            App.At(TestClock.Shanghai(2026, 3, 2, 6, 0).AddDays(day));
            await App.RunJob<Sweep>();
            await App.RunJob<Sweep>();
        }
        var tiers = await App.As(null).Rows<string>("SELECT tier FROM enforcement_warning ORDER BY told_at, due_on");
        Assert.That(tiers, Is.EqualTo(new[] { "D-30", "D-15", "D-7", "D-3", "D-1", "due" }));
        var order = await App.Value<(long Id, string State, bool Escalated)>(
            "SELECT id, state, escalated FROM workzone_order WHERE order_type = 'enforcement.renew'"
        );
        Assert.That((order.State, order.Escalated), Is.EqualTo(("queued", true)));
        Assert.That(await App.Value<string>("SELECT state FROM enforcement_measure"), Is.EqualTo("lapsed"));
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_finding WHERE leak = 'renew'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_renewal_ends_the_order_that_asked_for_it()
    {
        var (caseId, party) = await CaseAsync();
        var m = await App.As("judge").Send(Take(caseId, party) with { Kind = "deposit", Amount = 500, Start = new DateOnly(2025, 3, 20) });
        await App.RunJob<Sweep>();
        Assert.That(await OpenAsync(caseId), Is.Empty, "eighteen days are left");
        App.At(TestClock.Shanghai(2026, 3, 6, 9, 0));
        await App.RunJob<Sweep>();
        Assert.That(await OpenAsync(caseId), Is.EqualTo(new[] { LeakChecks.Renew }));
        await App.As("judge").Send(new RenewMeasure { Id = m.Id });
        Assert.That(await OpenAsync(caseId), Is.Empty, "mended by the act");
        await App.DrainAsync();
        Assert.That(await App.As(null).Value<string>("SELECT state FROM workzone_order WHERE order_type = 'enforcement.renew'"), Is.EqualTo("cancelled"));
    }

    [Test]
    public async Task The_second_in_line_takes_effect_when_the_first_is_lifted_and_the_third_moves_up()
    {
        var (first, one) = await CaseAsync();
        var (second, two) = await CaseAsync(2);
        var (third, three) = await CaseAsync(3);
        App.As("judge");
        var head = await App.Send(Take(first, one));
        await Refused(Take(second, two), "Place");
        var next = await App.Send(Take(second, two) with { Place = 2 });
        var last = await App.Send(Take(third, three) with { Place = 3, Description = "吉（2026）汪清 不动产权第１号" });
        Assert.That((next.State, next.EndOn, last.State), Is.EqualTo(("waiting", (DateOnly?)null, "waiting")));
        App.Advance(TimeSpan.FromDays(10));
        await App.As("judge").Send(new ReleaseMeasure { Id = head.Id, Why = "performed" });
        var rows = await App.As(null).Rows<MeasureRow>(MeasureRow.Columns + " ORDER BY m.id");
        Assert.That(rows.Select(r => (r.State, r.Place)), Is.EqualTo(new[] { ("released", 1), ("active", 1), ("waiting", 2) }));
        Assert.That((rows[1].StartOn, rows[1].EndOn), Is.EqualTo(((DateOnly?)new DateOnly(2026, 3, 12), (DateOnly?)new DateOnly(2029, 3, 11))));
        Assert.That((await App.Published<MeasureChanged>()).Select(e => e.Change), Is.EqualTo(new[] { "taken", "taken", "taken", "released", "activated" }));
    }

    [Test]
    public async Task A_ruling_takes_effect_by_its_service_on_the_authority()
    {
        var (caseId, party) = await CaseAsync();
        var m = await App.As("judge").Send(Take(caseId, party) with { Start = null, RuledOn = Today });
        Assert.That((m.State, m.EndOn, m.NextDate), Is.EqualTo(("ruled", (DateOnly?)null, (DateOnly?)new DateOnly(2026, 3, 5))));
        Assert.That(await OpenAsync(caseId), Is.EqualTo(new[] { LeakChecks.Register }));
        App.Advance(TimeSpan.FromDays(1));
        m = await App.As("judge")
            .Send(
                new RecordReceipt
                {
                    Id = m.Id,
                    Receipt = "回字1",
                    Start = Today.AddDays(1),
                }
            );
        Assert.That((m.State, m.StartOn, m.EndOn), Is.EqualTo(("active", (DateOnly?)new DateOnly(2026, 3, 3), (DateOnly?)new DateOnly(2029, 3, 2))));
        Assert.That(await OpenAsync(caseId), Is.Empty);
    }

    [Test]
    public async Task The_notice_of_the_term_becomes_a_document_and_is_served()
    {
        var (caseId, party) = await CaseAsync();
        await App.As("judge").Send(Take(caseId, party) with { Basis = "preservation" });
        await App.DrainAsync();
        var titles = await App.As(null).Rows<string>("SELECT title FROM workzone_document WHERE case_id = @caseId AND kind = 'notice'", new { caseId });
        Assert.That(titles, Has.Count.EqualTo(1));
        Assert.That(App.Printer.Html.Single(), Does.Contain("2029年2月22日").And.Contain("2029年3月1日").And.Contain("第十八条"));
        Assert.That((await App.Published<ServiceRequested>()).Single().PartyIds, Is.EqualTo(new[] { await App.PartyId(caseId, "张某甲") }));
    }

    private static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private Task Refused<T>(ICommand<T> command, string field) =>
        Assert.ThatAsync(() => App.As("judge").Send(command), Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo(field));

    private async Task<IReadOnlyList<string>> OpenAsync(long caseId) =>
        await App.As(null).Rows<string>("SELECT leak FROM enforcement_finding WHERE case_id = @caseId AND state = 'open' ORDER BY leak", new { caseId });

    private async Task<(long CaseId, long PartyId)> CaseAsync(int serial = 1)
    {
        var id = await App.Case(serial, new SampleParty("王某乙"));
        return (id, await App.PartyId(id, "王某乙"));
    }

    internal static TakeMeasure Take(long caseId, long party) =>
        new()
        {
            CaseId = caseId,
            PartyId = party,
            Kind = "immovable",
            Description = "吉(2026)汪清不动产权第1号",
            Start = Today,
            Authority = "汪清县不动产登记中心",
        };
}
