using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Seeding;
using CourtOps.Workzone.WorkOrders;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Queues;

/// <summary>Queues over seeded orders: order, pages, chips, counts, views, export.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class QueueTests(Engine engine) : AppTests(engine)
{
    private sealed record Plain
    {
        public long Id { get; init; }
        public string State { get; init; } = "";
        public DateTimeOffset DueAt { get; init; }
        public DateTimeOffset AskedAt { get; init; }
        public DateTimeOffset ChangedAt { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
        public bool IsOpen { get; init; }
        public long? AssigneeId { get; init; }
        public long AskedBy { get; init; }
        public bool Escalated { get; init; }
    }

    private async Task<IReadOnlyList<Plain>> Seed()
    {
        await App.As(null).In(s => s.GetRequiredService<ISeeder>().FillAsync(30, 700, 5, _ => { }, default));
        await App.Change("UPDATE workzone_order SET escalated = 1 WHERE id IN (SELECT id FROM workzone_order WHERE number LIKE 'GD-S%7' AND is_open = 1)");
        await App.DrainAsync();
        return await App.As(null)
            .Rows<Plain>("SELECT id, state, due_at, asked_at, changed_at, closed_at, is_open, assignee_id, asked_by, escalated FROM workzone_order");
    }

    private async Task<List<ListOrders.Row>> All(ListOrders query)
    {
        var rows = new List<ListOrders.Row>();
        for (string? after = null; ; )
        {
            var page = await App.Send(query with { After = after, Take = 17 });
            rows.AddRange(page.Rows);
            if (page.Next is null)
                return rows;
            after = page.Next;
        }
    }

    [Test]
    public async Task Every_sort_and_chip_gives_the_rows_a_plain_reckoning_gives()
    {
        var all = await Seed();
        var (clerk, judge, now) = (await App.IdOf("clerk"), await App.IdOf("judge"), TestClock.Monday);
        bool Late(Plain o) => o.DueAt < now && o.State is not ("feedback" or "paused");
        var cases = new List<(string Who, ListOrders Query, IEnumerable<Plain> Expected)>
        {
            ("clerk", new() { View = "centre" }, all.Where(o => o.IsOpen).OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            ("clerk", new() { View = "centre", Sort = "asked" }, all.Where(o => o.IsOpen).OrderBy(o => o.AskedAt).ThenBy(o => o.Id)),
            ("clerk", new() { View = "centre", Sort = "-asked" }, all.Where(o => o.IsOpen).OrderByDescending(o => o.AskedAt).ThenByDescending(o => o.Id)),
            (
                "clerk",
                new() { View = "mine", Sort = "-changed" },
                all.Where(o => o.IsOpen && o.AssigneeId == clerk).OrderByDescending(o => o.ChangedAt).ThenByDescending(o => o.Id)
            ),
            ("clerk", new() { View = "centre", State = "queued" }, all.Where(o => o.State == "queued").OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            ("clerk", new() { View = "centre", Due = "overdue" }, all.Where(o => o.IsOpen && Late(o)).OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            ("clerk", new() { View = "centre", Escalated = true }, all.Where(o => o.IsOpen && o.Escalated).OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            ("clerk", new() { View = "centre", Type = "service.serve" }, all.Where(o => o.IsOpen).OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            (
                "clerk",
                new()
                {
                    View = "centre",
                    Asker = judge,
                    State = "accepted",
                },
                all.Where(o => o.IsOpen && o.AskedBy == judge && o.State == "accepted").OrderBy(o => o.DueAt).ThenBy(o => o.Id)
            ),
            ("lead", new() { View = "centre", Assignee = clerk }, all.Where(o => o.IsOpen && o.AssigneeId == clerk).OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            ("judge", new() { View = "asked" }, all.Where(o => o.IsOpen && o.AskedBy == judge).OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            (
                "judge",
                new() { View = "asked", Closed = true },
                all.Where(o => !o.IsOpen && o.AskedBy == judge).OrderByDescending(o => o.ClosedAt).ThenByDescending(o => o.Id)
            ),
            ("leader", new() { View = "court" }, all.Where(o => o.IsOpen).OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            ("leader", new() { View = "court", Sort = "-asked" }, all.Where(o => o.IsOpen).OrderByDescending(o => o.AskedAt).ThenByDescending(o => o.Id)),
            ("clerk-yanji", new() { View = "centre" }, []),
            ("clerk-yanji", new() { View = "court" }, []),
        };
        foreach (var (who, query, expected) in cases)
        {
            App.As(who);
            var wanted = expected.ToList();
            Assert.That((await All(query)).Select(r => r.Id), Is.EqualTo(wanted.Select(o => o.Id)), $"{who} {query}");
            if (query.Closed)
                continue;
            var counts = (await App.Send(query)).Counts;
            Assert.That((counts.Total, counts.Overdue), Is.EqualTo((wanted.Count, wanted.Count(Late))), $"{who} {query}");
        }
    }

    [Test]
    public async Task Counts_follow_a_change_at_once()
    {
        var all = await Seed();
        App.As("lead");
        var before = (await App.Send(new ListOrders { View = "centre", State = "queued" })).Count;
        await App.Send(
            new TakeStep
            {
                Id = all.First(o => o.State == "queued").Id,
                Step = OrderStep.Assign,
                PersonId = await App.IdOf("clerk2"),
            }
        );
        Assert.That((await App.As("lead").Send(new ListOrders { View = "centre", State = "queued" })).Count, Is.EqualTo(before - 1));
    }

    [Test]
    public async Task A_text_narrows_to_what_contains_it()
    {
        await Seed();
        var one = (await App.As("clerk").Send(new ListOrders { View = "centre" })).Rows[3];
        var found = await All(new ListOrders { View = "centre", Text = one.CaseNumber });
        Assert.That(found, Is.Not.Empty);
        Assert.That(found.Select(r => r.CaseNumber), Is.All.EqualTo(one.CaseNumber));
        Assert.That(await All(new ListOrders { View = "centre", Text = "没有这样的字" }), Is.Empty);
    }

    [Test]
    public async Task The_page_shows_chosen_columns_and_its_links_lead_on()
    {
        await Seed();
        var browser = await App.SignedIn("clerk");
        var html = await browser.GetStringAsync(new Uri("/orders?view=centre&cols=due,order,type,state", UriKind.Relative));
        Assert.That(html, Does.Contain("data-pick").And.Contain("类型").And.Not.Contain("最近一步").And.Contain("/orders/export.xlsx?view=centre"));
        Assert.That(System.Text.RegularExpressions.Regex.Count(html, "<tr data-row"), Is.EqualTo(50));
        Assert.That(html, Does.Contain("formaction=\"/orders?handler=accept\""), "a queued order of the centre can be accepted from the list");
        var filter = await browser.GetStringAsync(new Uri("/orders/filter?view=centre&state=queued", UriKind.Relative));
        Assert.That(filter, Does.Contain("value=\"queued\" selected"));
    }

    [Test]
    public async Task A_view_is_saved_shared_seen_and_deleted()
    {
        await App.As("lead")
            .Send(
                new Pages.Orders.Views.Command
                {
                    Name = "待派",
                    Query = "view=centre&state=queued&evil=1",
                    Shared = "service",
                }
            );
        var shared = (await App.As("clerk").Send(new ShowQueue())).Saved.Single();
        Assert.That((shared.Name, shared.Query), Is.EqualTo(("待派", "view=centre&state=queued")));
        Assert.That((await App.As("archivist").Send(new ShowQueue())).Saved, Is.Empty, "another centre");
        Assert.That((await App.As("clerk-yanji").Send(new ShowQueue())).Saved, Is.Empty, "another court");
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new Pages.Orders.Views.Command
                        {
                            Name = "x",
                            Query = "view=mine",
                            Shared = "service",
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        await Assert.ThatAsync(
            () => App.As("clerk").Send(new Pages.Orders.Views.Command { Query = "view=mine" }),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await Assert.ThatAsync(() => App.As("clerk").Send(new Pages.Orders.Views.Delete { Id = shared.Id }), Throws.TypeOf<NotFound>());
        await App.As("lead").Send(new Pages.Orders.Views.Delete { Id = shared.Id });
        Assert.That((await App.As("clerk").Send(new ShowQueue())).Saved, Is.Empty);
    }

    [Test]
    public async Task An_export_holds_what_is_shown_and_is_recorded()
    {
        await Seed();
        var browser = await App.SignedIn("clerk");
        var bytes = await browser.GetByteArrayAsync(new Uri("/orders/export.xlsx?view=centre&state=accepted&cols=order,state", UriKind.Relative));
        using var book = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        var rows = book.WorkbookPart!.WorksheetParts.Single()
            .Worksheet.Descendants<Row>()
            .Select(r => r.Descendants<Text>().Select(t => t.Text).ToList())
            .ToList();
        var expected = (await All2("accepted")).Count;
        Assert.That(rows, Has.Count.EqualTo(expected + 2), "a heading, the rows, when");
        Assert.That(rows[0], Is.EqualTo(new[] { "编号", "工单", "状态" }));
        Assert.That(rows[1][2], Is.EqualTo("办理中"));
        var audit = await App.As(null).Value<string>("SELECT detail FROM kernel_audit WHERE action = 'workzone.order.export'");
        Assert.That(audit, Does.Contain("state=accepted").And.Contain($"\"rows\":{expected}"));
        Assert.That(
            (int)(await (await App.SignedIn("sysadmin")).GetAsync(new Uri("/orders/export.xlsx?view=centre", UriKind.Relative))).StatusCode,
            Is.EqualTo(403)
        );
    }

    [Test]
    public async Task The_board_gives_each_person_a_load_whose_link_leads_to_its_rows()
    {
        var all = await Seed();
        var clerk = await App.IdOf("clerk");
        var board = await App.As("lead").Send(new Pages.Board.Index.Query());
        var mine = board.People.Single(p => p.Id == clerk);
        Assert.That(
            (mine.Open, mine.Oldest),
            Is.EqualTo((all.Count(o => o.IsOpen && o.AssigneeId == clerk), all.Where(o => o.IsOpen && o.AssigneeId == clerk).Min(o => o.AskedAt)))
        );
        Assert.That(
            (
                await All(
                    new ListOrders
                    {
                        View = "centre",
                        Centre = board.Centre,
                        Assignee = clerk,
                    }
                )
            ).Count,
            Is.EqualTo(mine.Open)
        );
        Assert.That(board.Waiting, Is.EqualTo(all.Count(o => o.State == "queued")));
        await Assert.ThatAsync(() => App.As("clerk").Send(new Pages.Board.Index.Query()), Throws.TypeOf<Forbidden>());
        Assert.That(await (await App.SignedIn("lead")).GetStringAsync(new Uri("/board", UriKind.Relative)), Does.Contain($"assignee={clerk}"));
    }

    private async Task<List<ListOrders.Row>> All2(string state)
    {
        App.As("clerk");
        return await All(new ListOrders { View = "centre", State = state });
    }
}
