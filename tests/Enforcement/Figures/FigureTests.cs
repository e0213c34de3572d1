using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Money;
using CourtOps.Enforcement.Persuade;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Figures;

/// <summary>Each number of the board is the length of the list it opens, on a mixed stock of cases.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class FigureTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task Every_figure_is_the_length_and_the_sum_of_its_list()
    {
        await StockAsync();
        App.As("leader");
        var board = await App.Send(new ShowFigures());
        foreach (var figure in Figure.All.Where(f => f.Code != "track"))
        {
            var rows = await RowsAsync(new ListFigure { Code = figure.Code });
            Assert.That((rows.Count, rows.Sum(r => r.Amount ?? 0)), Is.EqualTo((board.Counts[figure.Code].N, board.Counts[figure.Code].Total)), figure.Code);
            Assert.That(rows.Select(r => r.Id).Distinct().Count(), Is.EqualTo(rows.Count), figure.Code);
            foreach (var court in board.Courts)
                Assert.That(
                    (await RowsAsync(new ListFigure { Code = figure.Code, CourtId = court.Id })),
                    Has.Count.EqualTo(court.Counts.GetValueOrDefault(figure.Code)),
                    $"{figure.Code} of a court"
                );
        }
        foreach (var track in board.Tracks)
            Assert.That(await RowsAsync(new ListFigure { Code = "track", Value = track.Name }), Has.Count.EqualTo(track.N), track.Name);
        foreach (var month in board.Months)
        {
            var span = new ListFigure { From = month.First, Until = month.Last };
            Assert.That(await RowsAsync(span with { Code = "filed" }), Has.Count.EqualTo(month.Filed), $"{month.First}");
            Assert.That(await RowsAsync(span with { Code = "closed" }), Has.Count.EqualTo(month.Closed), $"{month.First}");
        }
        Assert.That(board.Counts["findings"].N, Is.GreaterThan(60), "more than a page");
        Assert.That(
            board.Counts.Where(c => c.Key is "performed" or "terminated" or "old" or "filed" or "paid" or "lapsed").Select(c => c.Value.N),
            Has.None.EqualTo(0)
        );
    }

    [Test]
    public async Task A_settlement_counts_as_performance_only_when_it_was_performed()
    {
        var (running, performed, broken) = (await EnforcementAsync(1), await EnforcementAsync(2), await EnforcementAsync(3));
        foreach (var (id, state) in new[] { (running, "running"), (performed, "performed"), (broken, "broken") })
        {
            await SettleAsync(id, state);
            await CloseAsync(id, "settled");
        }
        App.As("leader");
        var rows = await RowsAsync(new ListFigure { Code = "performed" });
        Assert.That(rows.Select(r => r.CaseId), Is.EqualTo(new[] { performed }));
        var board = await App.Send(new ShowFigures());
        var rate = board.Rates.Single(r => r.Rate.Label == "执行完毕率");
        Assert.That((rate.Of, rate.By, rate.Percent), Is.EqualTo((1L, 3L, (decimal?)33.3m)));
    }

    [Test]
    public async Task Preservation_and_resumed_cases_are_no_first_enforcements_and_count_by_the_setting()
    {
        var origin = await App.Case(1, new SampleParty("王某乙"));
        var made = await App.As("judge").Send(new RegisterEnforcement { OriginId = origin, Type = "执保" });
        App.As("leader");
        Assert.That(await RowsAsync(new ListFigure { Code = "open" }), Has.Count.EqualTo(1));
        Assert.That(await RowsAsync(new ListFigure { Code = "filed" }), Is.Empty, "执保 is not counted unless the court says so");
        await CloseAsync(made.CaseId, "performed");
        Assert.That(await RowsAsync(new ListFigure { Code = "first" }), Is.Empty);
    }

    [Test]
    public async Task Bad_requests_say_what_is_wrong_and_strangers_see_nothing()
    {
        await EnforcementAsync(1);
        App.As("leader");
        await Assert.ThatAsync(() => App.Send(new ListFigure { Code = "nothing" }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(
            () => App.Send(new ShowFigures { From = new(2026, 3, 2), Until = new(2026, 3, 1) }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("From")
        );
        App.As("judge2");
        Assert.That(await RowsAsync(new ListFigure { Code = "open" }), Is.Empty);
    }

    [Test]
    public async Task The_page_and_the_api_show_the_same()
    {
        await StockAsync();
        var leader = await App.SignedIn("leader");
        var page = await leader.GetStringAsync(new Uri("/enforcement/board", UriKind.Relative));
        Assert.That(page, Does.Contain("已失效未续").And.Contain("执行到位率").And.Contain("/enforcement/board/cases?figure=lapsed"));
        foreach (var figure in Figure.All)
            await leader.GetStringAsync(new Uri($"/enforcement/board/cases?figure={figure.Code}&value=fast", UriKind.Relative));
        Assert.That(await leader.GetStringAsync(new Uri("/enforcement/board/cases?figure=findings", UriKind.Relative)), Does.Contain("after="));
    }

    [TestCase(1, 3, 33.3)]
    [TestCase(2, 3, 66.7)]
    [TestCase(0, 3, 0.0)]
    [TestCase(1, 0, null)]
    public void A_rate_is_rounded_to_one_place(long of, long by, double? percent) =>
        Assert.That(Rate.Percent(of, by), Is.EqualTo(percent is { } p ? (decimal)p : null));

    private async Task<IReadOnlyList<ListFigure.Row>> RowsAsync(ListFigure query)
    {
        var all = new List<ListFigure.Row>();
        while (true)
        {
            var page = await App.Send(query);
            all.AddRange(page.Rows);
            if (page.Next is null)
                return all;
            query = query with { After = page.Rows[^1].Id };
        }
    }

    // open, old, performed with money paid, settled, ended rounds with and without approval, findings for more than a page, a lapsed measure, another court
    private async Task StockAsync()
    {
        for (var n = 1; n <= 6; n++)
            await EnforcementAsync(n);
        var ids = await App.As(null).Rows<long>("SELECT id FROM workzone_case WHERE kind = 'enforcement' ORDER BY id");
        await App.Change("UPDATE workzone_case SET filed_on = '2024-05-01' WHERE id = @id", new { id = ids[0] });
        await App.Change("UPDATE workzone_case SET filed_on = '2025-11-01' WHERE id = @id", new { id = ids[1] });
        var receipt = await App.As("judge")
            .Send(
                new ReceiveMoney
                {
                    CaseId = ids[1],
                    Amount = 700m,
                    Payer = "王某乙",
                    Reference = "R1",
                    On = new(2026, 2, 20),
                }
            );
        Assert.That(receipt.State, Is.EqualTo("held"));
        await App.Change(
            "INSERT INTO enforcement_payout (id, case_id, court_id, payee, kind, amount, words, state, asked_by, asked_name, asked_at, paid_on, "
                + "received_on, version) SELECT 91, r.case_id, r.court_id, '张某甲', 'creditor', 30000, '', 'paid', 1, '某', r.created_at, '2026-03-01', "
                + "'2026-02-20', 1 FROM enforcement_receipt r"
        );
        await CloseAsync(ids[1], "performed");
        await SettleAsync(ids[2], "running");
        await CloseAsync(ids[2], "settled");
        await CloseAsync(ids[3], "terminated");
        await CloseAsync(ids[4], "terminated");
        await App.Change(
            "INSERT INTO enforcement_round (id, case_id, court_id, items, words, state, asked_by, asked_name, asked_at, version) SELECT 92, id, court_id, "
                + "'[]', '', 'granted', 1, '某', created_at, 1 FROM workzone_case WHERE id = @id",
            new { id = ids[4] }
        );
        for (var n = 0; n < 61; n++)
            await App.Change(
                "INSERT INTO enforcement_finding (id, case_id, court_id, leak, subject, words, said, found_on, due_on, level, state, version) SELECT @n, id, "
                    + "court_id, @leak, @subject, '某', '', '2026-03-01', '2026-03-05', 0, 'open', 1 FROM workzone_case WHERE id = @id",
                new
                {
                    n = 100 + n,
                    subject = $"s{n}",
                    leak = n == 0 ? LeakChecks.Lapsed : LeakChecks.Control,
                    id = ids[5],
                }
            );
    }

    private async Task<long> EnforcementAsync(int serial)
    {
        var origin = await App.Case(serial, new SampleParty("王某乙"));
        return (
            await App.As("judge")
                .Send(
                    new RegisterEnforcement
                    {
                        OriginId = origin,
                        Amount = 1000m,
                        JudgeId = await App.IdOf("judge"),
                        EffectiveOn = new(2026, 3, 2),
                    }
                )
        ).CaseId;
    }

    private Task CloseAsync(long id, string how) =>
        App.Change("UPDATE workzone_case SET state = 'closed', closed_on = '2026-03-02', closed_how = @how WHERE id = @id", new { id, how });

    private async Task SettleAsync(long caseId, string state)
    {
        await App.As("judge")
            .Send(
                new RecordSettlement
                {
                    CaseId = caseId,
                    SignedOn = new(2026, 3, 2),
                    Words = "和解",
                    Parts = [new() { On = new(2026, 6, 1), Amount = 10m }],
                }
            );
        await App.Change(
            "UPDATE enforcement_settlement SET state = @state, ended_on = @on WHERE case_id = @caseId",
            new
            {
                state,
                caseId,
                on = state == "running" ? null : "2026-03-02",
            }
        );
    }
}
