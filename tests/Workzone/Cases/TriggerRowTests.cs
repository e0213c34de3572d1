using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Triggers;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Cases;

/// <summary>Each row of the default trigger table fires for what it is made for, and the days that open orders by themselves.</summary>
public sealed class TriggerRowTests() : AppTests(Engine.Sqlite)
{
    private static readonly TableBody Body = TriggerTable.Table.Default;

    private static IEnumerable<TestCaseData> Rows() =>
        Body.Rows.Select(
            (r, i) => new TestCaseData(i + 1).SetArgDisplayNames($"{i + 1} {string.Join(' ', r.When.Select(w => string.Join('+', w.Value.Values)))}")
        );

    [TestCaseSource(nameof(Rows))]
    public void Each_row_fires_and_none_hides_it(int n)
    {
        var when = Body.Rows[n - 1].When;
        string Of(string fact, string otherwise) => when.TryGetValue(fact, out var c) ? c.Values[0] : otherwise;
        var facts = new TriggerFacts
        {
            Event = Of(nameof(TriggerFacts.Event), "archived"),
            Kind = Of(nameof(TriggerFacts.Kind), "other"),
            Instance = Of(nameof(TriggerFacts.Instance), "first"),
            Detail = Of(nameof(TriggerFacts.Detail), ""),
            Custody = Of(nameof(TriggerFacts.Custody), "no") == "yes",
            Interpreter = Of(nameof(TriggerFacts.Interpreter), "no") == "yes",
        };
        Assert.That(TriggerTable.Table.Decide(facts, Body).Rule, Is.EqualTo($"{n}"));
    }

    [Test]
    public void There_are_rows_enough_over_all_kinds_of_case() => Assert.That(Body.Rows, Has.Count.GreaterThanOrEqualTo(25));

    [TestCase("hearing-scheduled", "criminal", "first", "", true, true, "affair.escort affair.interpreter")]
    [TestCase("allotted", "admin", "second", "", false, false, "affair.call-file")]
    [TestCase("allotted", "admin", "first", "", false, false, "affair.serve-complaint")]
    [TestCase("registered", "compensation", "other", "", false, false, "affair.serve-acceptance")]
    [TestCase("effective", "civil", "first", "", false, false, "affair.archive")]
    [TestCase("prosecution-withdrawn", "criminal", "first", "", true, false, "affair.custody-limit")]
    [TestCase("custody-near", "criminal", "first", "", true, false, "affair.custody-limit")]
    public void The_orders_of(string what, string kind, string instance, string detail, bool custody, bool interpreter, string orders)
    {
        var opened = TriggerTable
            .Table.Decide(
                new TriggerFacts
                {
                    Event = what,
                    Kind = kind,
                    Instance = instance,
                    Detail = detail,
                    Custody = custody,
                    Interpreter = interpreter,
                },
                Body
            )
            .Outcome.Orders;
        Assert.That(opened, Is.SupersetOf(orders.Split(' ')));
        if (instance == "second")
            Assert.That(opened, Does.Not.Contain("affair.serve-complaint"));
    }

    // the day after the latest of the parties' own periods
    [TestCase("1:03-02:03-17 2:03-05:03-20", false, "2026-03-21")]
    [TestCase("1:03-02:03-17", false, null)]
    [TestCase("1:03-02:03-17 2:03-05:", false, null)]
    [TestCase("1:03-02: 2:03-05:", true, "2026-03-05")]
    [TestCase("1:03-02:03-17 2:03-05:03-20 2:03-09:03-24", false, "2026-03-25")]
    public void A_judgment_takes_effect(string served, bool final, string? on)
    {
        DateOnly Day(string text) => DateOnly.Parse("2026-" + text, System.Globalization.CultureInfo.InvariantCulture);
        var all = served
            .Split(' ')
            .Select(s => s.Split(':'))
            .Select(p => new ServedParty(long.Parse(p[0], System.Globalization.CultureInfo.InvariantCulture), Day(p[1]), p[2].Length > 0 ? Day(p[2]) : null))
            .ToList();
        Assert.That(EffectRules.EffectiveOn([1, 2], all, final)?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(on));
    }

    [Test]
    public async Task A_judgment_nobody_appeals_against_is_noted_effective_and_one_that_is_appealed_is_not()
    {
        var id = await App.Case(9301, new SampleParty("王某乙") { IdNumber = "" });
        var other = await App.Case(9302, new SampleParty("王某乙") { IdNumber = "" });
        foreach (var c in new[] { id, other })
        {
            var document = await App.As("judge").Document(c, "判决书");
            await App.As(null).Change("UPDATE workzone_document SET kind = 'judgment' WHERE id = @document", new { document });
            var n = 0;
            foreach (var party in await App.As(null).Rows<long>("SELECT id FROM workzone_party WHERE case_id = @c ORDER BY ordinal", new { c }))
                await App.Hear(
                    new DocumentServed
                    {
                        TaskId = c + ++n,
                        CaseId = c,
                        DocumentId = document,
                        PartyId = party,
                        RecipientName = "甲",
                        Method = "direct",
                        EffectiveOn = new DateOnly(2026, 3, 2 + n),
                        AppealEnds = new DateOnly(2026, 3, 17 + n),
                    },
                    $"served:{c}:{n}"
                );
        }
        await Do(c => c.RecordAsync(other, "appealed", new DateOnly(2026, 3, 18), "appealed"));
        App.At(TestClock.Shanghai(2026, 3, 19, 9, 0));
        await App.RunJob<NoteDays>();
        Assert.That(await EventsAsync(id, "effective"), Is.Empty, "the last period still runs");
        App.At(TestClock.Shanghai(2026, 3, 21, 9, 0));
        await App.RunJob<NoteDays>();
        await App.RunJob<NoteDays>();
        await App.DrainAsync();
        Assert.That(await EventsAsync(id, "effective"), Is.EqualTo(new[] { "2026-03-20" }));
        Assert.That(await EventsAsync(other, "effective"), Is.Empty);
        Assert.That(
            await App.As(null).Rows<string>("SELECT order_type FROM workzone_order WHERE case_id = @id AND order_type = 'affair.archive'", new { id }),
            Has.Count.EqualTo(1)
        );
    }

    [Test]
    public async Task Custody_that_nears_its_end_is_noted_once_for_each_end()
    {
        var id = await App.Case(9303, new SampleParty("张某甲", "被告人") { IdNumber = "" });
        await App.As(null).Change("UPDATE workzone_case SET kind = 'criminal', custody_until = '2026-04-20' WHERE id = @id", new { id });
        App.At(TestClock.Shanghai(2026, 4, 9, 9, 0));
        await App.RunJob<NoteDays>();
        Assert.That(await EventsAsync(id, "custody-near"), Is.Empty);
        App.At(TestClock.Shanghai(2026, 4, 10, 9, 0));
        await App.RunJob<NoteDays>();
        App.At(TestClock.Shanghai(2026, 4, 11, 9, 0));
        await App.RunJob<NoteDays>();
        Assert.That(await EventsAsync(id, "custody-near"), Is.EqualTo(new[] { "2026-04-10" }));
        await App.As(null).Change("UPDATE workzone_case SET custody_until = '2026-06-20' WHERE id = @id", new { id });
        App.At(TestClock.Shanghai(2026, 6, 12, 9, 0));
        await App.RunJob<NoteDays>();
        await App.DrainAsync();
        Assert.That(await EventsAsync(id, "custody-near"), Has.Count.EqualTo(2));
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order WHERE case_id = @id AND order_type = 'affair.custody-limit'", new { id }),
            Is.GreaterThan(0)
        );
    }

    [Test]
    public async Task The_page_tells_which_row_fired_and_why_none_did()
    {
        var id = await App.Case(9304, new SampleParty("王某乙") { IdNumber = "" });
        await Do(c => c.RecordAsync(id, "panel-formed", new DateOnly(2026, 3, 2), "p"));
        await Do(c => c.RecordAsync(id, "archived", new DateOnly(2026, 3, 2), "a"));
        await Do(c => c.RecordAsync(id, "hearing-held", new DateOnly(2025, 12, 1), "old"));
        await App.DrainAsync();
        var rows = await App.As("judge").Send(new Pages.Cases.Events.Query { CaseId = id });
        Assert.That(rows.Rows.Single(r => r.Event == "panel-formed").Orders, Is.Not.Empty);
        Assert.That(rows.Rows.Single(r => r.Event == "panel-formed").TriggerRow, Is.Not.Null);
        Assert.That(rows.Rows.Single(r => r.Event == "archived").TriggerReason, Is.EqualTo("none"));
        Assert.That(rows.Rows.Single(r => r.Event == "hearing-held").TriggerReason, Is.EqualTo("old"));
        var http = await App.SignedIn("judge");
        var page = System.Net.WebUtility.HtmlDecode(await http.GetStringAsync($"/cases/{id}/events"));
        Assert.That(page, Does.Contain("事件太早，不再发起").And.Contain("GD-"));
    }

    private Task<IReadOnlyList<string>> EventsAsync(long id, string what) =>
        App.As(null).Rows<string>("SELECT CONCAT(on_day, '') FROM workzone_case_event WHERE case_id = @id AND event = @what ORDER BY id", new { id, what });

    private async Task Do(Func<ICaseRegister, Task> act) =>
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await act(s.GetRequiredService<ICaseRegister>());
                await db.CommitAsync();
            });
}
