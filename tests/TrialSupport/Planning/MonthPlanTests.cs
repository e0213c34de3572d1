using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Planning;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Planning;

/// <summary>A month that is planned in the background: begun, gone on after a restart, stopped, taken, thrown away.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MonthPlanTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly From = new(2026, 3, 4);
    private static readonly DateOnly Until = new(2026, 3, 31);

    private static BeginPlan Begin =>
        new()
        {
            From = From,
            Until = Until,
            Minutes = 60,
            Seconds = 5,
        };

    [Test]
    public async Task All_waiting_cases_are_placed_beside_what_is_booked_and_taken_one_by_one()
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var booked = await App.Case(1, SampleParty.Provided);
        await App.As("judge")
            .Send(
                new BookHearing
                {
                    CaseId = booked,
                    Minutes = 60,
                    Start = new DateTime(2026, 3, 10, 9, 0, 0, DateTimeKind.Unspecified),
                    RoomId = room,
                }
            );
        var waiting = new List<long>();
        for (var i = 2; i <= 6; i++)
            waiting.Add(await App.Case(i, SampleParty.Linked with { Name = $"王某{i}" }));
        var id = await App.As("judge").Send(Begin);
        await Assert.ThatAsync(() => App.As("judge").Send(Begin), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("running"));
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowPlan { Id = id }), Throws.TypeOf<NotFound>(), "another's plan");
        await App.DrainAsync();
        var shown = await App.As("judge").Send(new ShowPlan { Id = id });
        Assert.That((shown.Plan.State, shown.Plan.Cases, shown.Plan.Placed), Is.EqualTo(("done", 5, 5)));
        Assert.That(shown.Rows.Select(r => r.CaseId), Is.EquivalentTo(waiting));
        Assert.That(shown.Rows.Select(r => r.StartsAt), Is.Unique, "one judge, one hearing at a time");
        Assert.That(shown.Rows.All(r => r.RoomId == room), Is.True);

        // before it is taken one of them is scheduled by hand: that one is passed over
        await App.As("judge").Send(new BookHearing { CaseId = waiting[0], Minutes = 60 });
        var taken = await App.As("judge").In(s => s.GetRequiredService<PlanTaking>().TakeAsync(id, null, default));
        Assert.That(taken, Is.EqualTo((4, 1)).Or.EqualTo((3, 2)), "what was free when it was planned may be taken meanwhile");
        shown = await App.As("judge").Send(new ShowPlan { Id = id });
        Assert.That((shown.Plan.State, shown.Rows.All(r => r.Outcome is not null)), Is.EqualTo(("taken", true)));
        var again = await App.As("judge").In(s => s.GetRequiredService<PlanTaking>().TakeAsync(id, null, default));
        Assert.That(again, Is.EqualTo((0, 0)), "begun again it books nothing twice");
        Assert.That((await App.As("judge").Send(new ListHearings { From = From })).Count(h => h.State == "provisional"), Is.EqualTo(2 + taken.Booked));
    }

    [Test]
    public async Task Panel_assessors_clerk_and_room_are_planned_and_taken_along_and_what_is_left_out_is_counted()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 5 });
        var room = await App.As("scheduler")
            .Send(
                new SaveRoom
                {
                    Name = "第二法庭",
                    Size = 30,
                    Features = ["recording"],
                }
            );
        var caseId = await App.Case(1, SampleParty.Linked);
        await App.Case(2, SampleParty.Linked with { Name = "王某二" });
        await App.As("judge")
            .Send(
                new CourtOps.Workzone.Register.SavePanel
                {
                    CaseId = caseId,
                    FromOn = new(2026, 3, 2),
                    PresiderId = await App.IdOf("judge"),
                    MemberIds = [await App.IdOf("judge2")],
                    Assessors = "陪审员甲",
                }
            );
        var wish = new Wish
        {
            Minutes = 60,
            From = From,
            Until = Until,
        };
        var (_, rows, leftOut) = await App.As("judge").In(s => s.GetRequiredService<PlanGathering>().GatherAsync(wish, 1, default));
        Assert.That((rows.Count, leftOut), Is.EqualTo((1, 1)), "one was too many for this plan, and it is said");
        await Assert.ThatAsync(() => App.As("judge").Send(Begin with { ClerkId = 1 }), Throws.TypeOf<RuleBroken>().With.Message.Contains("书记员须是本院人员"));
        var clerk = (await App.As("judge").Send(new PlanClerks()))[0].Id;
        var id = await App.As("judge").Send(Begin with { ClerkId = clerk, Size = 20, Features = ["recording"] });
        await App.DrainAsync();
        var shown = await App.As("judge").Send(new ShowPlan { Id = id });
        Assert.That((shown.Plan.LeftOut, shown.Plan.Placed, shown.Rows.All(r => r.RoomId == room)), Is.EqualTo((0, 2, true)));
        Assert.That(shown.Rows.Single(r => r.Assessors).CaseId, Is.EqualTo(caseId));
        Assert.That(await App.As("judge").In(s => s.GetRequiredService<PlanTaking>().TakeAsync(id, null, default)), Is.EqualTo((2, 0)));
        var taken = (await App.As("judge").Send(new ListHearings { CaseId = caseId })).Single();
        Assert.That((taken.ClerkId, taken.Size, taken.Features, taken.Assessors), Is.EqualTo(((long?)clerk, 20, "recording", true)));
        Assert.That(
            (await App.As("judge").Send(new ShowHearing { Id = taken.Id })).People.Single(p => p.Part == "panel").PersonId,
            Is.EqualTo(await App.IdOf("judge2"))
        );
    }

    [Test]
    public async Task A_plan_goes_on_after_a_restart_is_stopped_with_its_best_and_thrown_away()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        for (var i = 1; i <= 3; i++)
            await App.Case(i, SampleParty.Linked with { Name = $"王某{i}" });
        var id = await App.As("judge").Send(Begin with { Seconds = 600 });

        // one turn by hand, as a host that was killed after it leaves it: the next turn waits in the queue
        await App.As(null).Change("UPDATE trial_plan SET turns = 1, used_ms = 4000, placed = 1 WHERE id = @id", new { id });
        var stopped = await App.As("judge").Send(new StopPlan { Id = id });
        Assert.That((stopped.State, stopped.Placed), Is.EqualTo(("stopped", 1)), "what was found stays");
        await App.DrainAsync();
        Assert.That((await App.As("judge").Send(new ShowPlan { Id = id })).Plan.State, Is.EqualTo("stopped"), "a turn that was under way changes nothing more");
        await Assert.ThatAsync(() => App.As("judge").Send(new StopPlan { Id = id }), Throws.InstanceOf<Exception>());
        Assert.That((await App.As("judge").Send(new StopPlan { Id = id, Drop = true })).State, Is.EqualTo("dropped"));
        await Assert.ThatAsync(() => App.As("judge").Send(new TakePlan { Id = id }), Throws.InstanceOf<Exception>());
    }

    [Test]
    public async Task The_pages_begin_show_and_stop_it()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        await App.Case(1, SampleParty.Linked);
        var http = await App.SignedIn("judge");
        var early = await TestApp.PostForm(
            http,
            "/trial/plans",
            "/trial/plans",
            ("From", "2026-03-02"),
            ("Until", "2026-03-01"),
            ("Minutes", "60"),
            ("Seconds", "5")
        );
        Assert.That(early.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        var begun = await TestApp.PostForm(
            http,
            "/trial/plans",
            "/trial/plans",
            ("From", "2026-03-04"),
            ("Until", "2026-03-31"),
            ("Minutes", "60"),
            ("Seconds", "5")
        );
        Assert.That(begun.StatusCode, Is.EqualTo(HttpStatusCode.Redirect).Or.EqualTo(HttpStatusCode.OK));
        var id = (await App.As("judge").Send(new ListPlans())).Single().Id;
        Assert.That(
            WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/plans/{id}")),
            Does.Contain("停止，留下最好的结果").And.Contain("hx-trigger=\"every 2s\"")
        );
        await App.DrainAsync();
        Assert.That(
            WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/plans/{id}")),
            Does.Contain("采用：逐件暂订").And.Not.Contain("hx-trigger=\"every 2s\"")
        );
    }

    [Test]
    public void A_plan_is_gone_on_from_and_never_placed_over_what_is_taken()
    {
        var input = new PlanInput
        {
            Days = ["2026-03-04"],
            Slots = [new("09:00", "12:00")],
            Rooms = [new() { Id = "room:1", Size = 10 }],
            People = [new() { Id = "person:1" }],
            Hearings =
            [
                .. Enumerable
                    .Range(1, 3)
                    .Select(i => new PlanHearing
                    {
                        Id = $"{i}",
                        Minutes = 60,
                        People = ["person:1"],
                    }),
            ],
            Taken = [new("person:1", "2026-03-04", "09:00", "10:00")],
        };
        var first = Planner.Plan(input, TimeSpan.FromMilliseconds(200), TimeProvider.System);
        Assert.That(first.Placed.Select(p => p.Start), Is.EqualTo(new[] { "2026-03-04T10:00", "2026-03-04T11:00" }));
        var next = Planner.Plan(input, TimeSpan.FromMilliseconds(50), TimeProvider.System, first.Placed, 1);
        Assert.That(next.Placed, Has.Count.EqualTo(2));
    }
}
