using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Assessors;
using CourtOps.TrialSupport.Hearings;

namespace CourtOps.TrialSupport.Tests.Assessors;

/// <summary>The draw as tables, and on every database.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DrawTests(Engine engine) : AppTests(engine)
{
    [TestCase(1, 2, true)]
    [TestCase(2, 1, true)]
    [TestCase(3, 4, true)]
    [TestCase(1, 1, false)]
    [TestCase(3, 2, false)]
    [TestCase(3, 0, false)]
    [TestCase(1, 4, false)]
    public void A_panel_is_three_or_seven(int judges, int assessors, bool panel) => Assert.That(DrawRules.IsPanel(judges, assessors), Is.EqualTo(panel));

    [TestCase("active", null)]
    [TestCase("gone", DrawRules.Inactive)]
    [TestCase("away", DrawRules.Away)]
    [TestCase("busy", DrawRules.Busy)]
    [TestCase("barred", DrawRules.Barred)]
    [TestCase("full", DrawRules.Full)]
    [TestCase("other", DrawRules.OtherField)]
    public void Who_is_out_says_why(string what, string? why)
    {
        var c = new Candidate(
            1,
            "某",
            what == "other" ? "会计" : "医疗",
            what != "gone",
            what == "away",
            what == "busy",
            what == "barred",
            what == "full" ? 30 : 29
        );
        Assert.That(DrawRules.Weigh([c], "医疗", new AssessorRules()).Single().Out, Is.EqualTo(why));
    }

    [Test]
    public void The_same_seed_draws_the_same_and_every_place_is_as_likely()
    {
        var pool = Enumerable.Range(1, 10).Select(i => (long)i).ToList();
        Assert.That(DrawRules.Order(pool, "s"), Is.EqualTo(DrawRules.Order(pool.AsEnumerable().Reverse(), "s")));
        Assert.That(DrawRules.Order(pool, "s"), Is.EquivalentTo(pool));
        var first = Enumerable.Range(0, 5000).GroupBy(i => DrawRules.Order(pool, "seed" + i)[0]).ToDictionary(g => g.Key, g => g.Count());
        Assert.That(first.Values, Has.All.InRange(400, 600), "500 each");
    }

    [Test]
    public async Task Drawn_replaced_drawn_again_and_done_again_by_anybody()
    {
        var (hearing, _) = await HearingAsync(12);
        var ids = new List<long>();
        for (var i = 0; i < 6; i++)
            ids.Add(await App.As("scheduler").Send(new SaveAssessor { Name = $"陪审员{i}", Field = i == 5 ? "医疗" : "" }));
        await App.As("scheduler")
            .Send(
                new AssessorLeave
                {
                    Id = ids[0],
                    From = new(2026, 3, 10),
                    Until = new(2026, 3, 20),
                    Reason = "出差",
                }
            );
        await Assert.ThatAsync(() => App.As("judge").Send(new SaveAssessor { Name = "某" }), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(
            () => App.As("judge").Send(new DrawAssessors { HearingId = hearing, Seats = 1 }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("panel")
        );
        await Assert.ThatAsync(
            () => App.As("judge").Send(new DrawAssessors { HearingId = hearing, Field = "医疗" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("pool")
        );
        await Assert.ThatAsync(
            () => App.As("judge").Send(new DrawAssessors { HearingId = hearing, Seats = 3 }),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.As("judge").Send(new DrawAssessors { HearingId = hearing, Spares = 1 });
        var drawn = (await App.As("judge").Send(new ShowDraws { HearingId = hearing })).Draws.Single();
        Assert.That((drawn.Same, drawn.Picks.Count, drawn.Candidates.Single(c => c.Id == ids[0]).Out), Is.EqualTo((true, 3, DrawRules.Away)));
        var seats = drawn.Picks.Where(p => p.State == "seat").Select(p => p.Name).ToList();
        Assert.That((await App.As("judge").Send(new ShowHearing { Id = hearing })).Hearing.Panel.Split('、'), Is.EquivalentTo(seats));
        await Assert.ThatAsync(
            () => App.As("judge").Send(new DrawAssessors { HearingId = hearing }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("reason")
        );
        await App.As("judge")
            .Send(
                new ReplaceAssessor
                {
                    HearingId = hearing,
                    N = 1,
                    Ground = "recused",
                    Words = "与被告是同事",
                }
            );
        var after = (await App.As("judge").Send(new ShowDraws { HearingId = hearing })).Draws.Single();
        Assert.That(after.Picks.Select(p => p.State), Is.EqualTo(new[] { "out", "seat", "seat" }));
        Assert.That(
            await App.As(null)
                .Value<int>(
                    "SELECT COUNT(*) FROM trial_booking WHERE hearing_id = @hearing AND resource = @r",
                    new { hearing, r = DrawBook.Resource(after.Picks[0].AssessorId) }
                ),
            Is.Zero,
            "who is out is free"
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new ReplaceAssessor
                        {
                            HearingId = hearing,
                            N = 2,
                            Ground = "unable",
                            Words = "住院",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-spare")
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new ReplaceAssessor
                        {
                            HearingId = hearing,
                            N = 1,
                            Ground = "unable",
                            Words = "住院",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        await App.As("judge")
            .Send(
                new DrawAssessors
                {
                    HearingId = hearing,
                    Spares = 0,
                    Reason = "没有候补",
                }
            );
        var again = (await App.As("judge").Send(new ShowDraws { HearingId = hearing })).Draws;
        Assert.That(again.Select(d => (d.Row.State, d.Same)), Is.EqualTo(new[] { ("again", true), ("drawn", true) }));
        Assert.That(again[1].Candidates.Single(c => c.Id == after.Picks[0].AssessorId).Out, Is.EqualTo(DrawRules.Barred));
        // moved: they come along and are booked at the new time
        await App.As("judge")
            .Send(
                new MoveHearing
                {
                    Id = hearing,
                    Start = new DateTime(2026, 3, 25, 9, 0, 0, DateTimeKind.Unspecified),
                    Reason = "改期",
                }
            );
        Assert.That(
            await App.As(null)
                .Value<int>("SELECT COUNT(DISTINCT resource) FROM trial_booking WHERE hearing_id = @hearing AND resource LIKE 'assessor:%'", new { hearing }),
            Is.EqualTo(2)
        );
        await App.As(null).Change("UPDATE trial_draw_pick SET assessor_id = 1 WHERE draw_id = @Id AND n = 1", new { again[1].Row.Id });
        Assert.That((await App.As("judge").Send(new ShowDraws { HearingId = hearing })).Draws[1].Same, Is.False, "a changed record is seen");
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowDraws { HearingId = hearing }), Throws.TypeOf<NotFound>());
        Assert.That(
            (await App.As("scheduler").Send(new ListAssessors())).Rows.Sum(r => r.Cases),
            Is.EqualTo(1),
            "cases of the year; one record was bent above"
        );
    }

    [Test]
    public async Task A_first_draw_comes_seven_days_before()
    {
        var (hearing, _) = await HearingAsync(6);
        for (var i = 0; i < 3; i++)
            await App.As("scheduler").Send(new SaveAssessor { Name = $"陪审员{i}" });
        await Assert.ThatAsync(
            () => App.As("judge").Send(new DrawAssessors { HearingId = hearing }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("late")
        );
    }

    [Test]
    public async Task The_pages_answer()
    {
        var (hearing, caseId) = await HearingAsync(12);
        await App.As("scheduler").Send(new SaveAssessor { Name = "陪审员甲" });
        var http = await App.SignedIn("judge");
        foreach (
            var path in new[]
            {
                $"/trial/hearings/{hearing}/assessors",
                "/trial/assessors",
                $"/trial/hearings/{hearing}/attendance",
                $"/trial/cases/{caseId}/exhibits",
                $"/trial/cases/{caseId}/elements",
                $"/trial/hearings/{hearing}",
            }
        )
            Assert.That((await http.GetAsync(path)).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.OK), path);
    }

    private async Task<(long Hearing, long Case)> HearingAsync(int day)
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Provided);
        return (
            (
                await App.As("judge")
                    .Send(
                        new BookHearing
                        {
                            CaseId = caseId,
                            Minutes = 60,
                            Start = new DateTime(2026, 3, day, 9, 0, 0, DateTimeKind.Unspecified),
                            RoomId = room,
                        }
                    )
            ).Id,
            caseId
        );
    }
}
