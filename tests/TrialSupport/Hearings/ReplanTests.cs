using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Hearings;

namespace CourtOps.TrialSupport.Tests.Hearings;

/// <summary>A hearing dragged to another day, and a judge who falls ill.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ReplanTests(Engine engine) : AppTests(engine)
{
    private static DateTime At(int day, int hour) => new(2026, 3, day, hour, 0, 0, DateTimeKind.Unspecified);

    [Test]
    public async Task All_hearings_of_a_judge_who_falls_ill_get_times_that_are_not_in_each_others_way()
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var booked = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            var caseId = await App.Case(i + 1, SampleParty.Provided);
            booked.Add(
                (
                    await App.As("judge")
                        .Send(
                            new BookHearing
                            {
                                CaseId = caseId,
                                Minutes = 60,
                                Start = At(9 + (i / 2), i % 2 == 0 ? 9 : 14),
                                RoomId = room,
                            }
                        )
                ).Id
            );
        }
        await App.As("judge").Send(new ConfirmHearing { Id = booked[0] });
        var judge = await App.IdOf("judge");
        await Assert.ThatAsync(() => App.As("judge").Send(new ProposeMoves { JudgeId = judge }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new ProposeMoves
                        {
                            JudgeId = 7,
                            From = new(2026, 3, 9),
                            Until = new(2026, 3, 11),
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        var proposed = await App.As("judge")
            .Send(
                new ProposeMoves
                {
                    JudgeId = judge,
                    From = new(2026, 3, 9),
                    Until = new(2026, 3, 11),
                }
            );
        Assert.That(proposed.Rows.Select(r => r.Hearing.Id), Is.EquivalentTo(booked));
        Assert.That(proposed.Rows.All(r => r.Fit is { } f && f.Day >= new DateOnly(2026, 3, 12)), Is.True);
        Assert.That(proposed.Rows.Select(r => r.Fit!.Start), Is.Unique);
        foreach (var r in proposed.Rows)
            await App.As("judge")
                .Send(
                    new MoveHearing
                    {
                        Id = r.Hearing.Id,
                        Version = r.Hearing.Version,
                        Start = CourtOps.Kernel.Web.Times.Local(r.Fit!.Start).DateTime,
                        RoomId = r.Fit.RoomId,
                        Reason = "生病",
                    }
                );
        Assert.That(
            (
                await App.As("judge")
                    .Send(
                        new ProposeMoves
                        {
                            JudgeId = judge,
                            From = new(2026, 3, 9),
                            Until = new(2026, 3, 11),
                        }
                    )
            ).Rows,
            Is.Empty,
            "all proposals could be taken"
        );
        var hidden = await App.As("judge2")
            .Send(
                new ProposeMoves
                {
                    JudgeId = judge,
                    From = new(2026, 3, 12),
                    Until = new(2026, 3, 31),
                }
            );
        Assert.That((hidden.Rows.Count, hidden.Hidden), Is.EqualTo((0, 6)), "of others' cases only how many");
    }

    [Test]
    public async Task Thirty_hearings_of_a_judge_and_of_a_panel_all_get_times_in_one_look()
    {
        for (var r = 1; r <= 2; r++)
            await App.As("scheduler").Send(new SaveRoom { Name = $"第{r}法庭", Size = 30 });
        var (ill, other) = (await App.IdOf("judge"), await App.IdOf("judge2"));
        for (var i = 0; i < 30; i++)
        {
            var caseId = await App.Case(i + 1, new SampleParty($"被告第{i}", "被告"));
            await App.As("judge")
                .Send(
                    new BookHearing
                    {
                        CaseId = caseId,
                        Minutes = 60,
                        From = new(2026, 3, 9),
                        Panel = i % 3 == 0 ? [other] : [],
                    }
                );
        }
        var last = await App.As(null).Value<DateOnly>("SELECT MAX(held_on) FROM trial_hearing");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        ProposeMoves ask = new()
        {
            JudgeId = ill,
            From = new(2026, 3, 9),
            Until = last,
        };
        var proposed = await App.As("judge").Send(ask);
        Assert.That((proposed.Rows.Count, proposed.Rows.All(r => r.Fit is not null)), Is.EqualTo((30, true)));
        Assert.That(proposed.Rows.Select(r => r.Fit!.Start), Is.Unique, "one judge, one place at a time");
        TestContext.Out.WriteLine($"30 hearings in {clock.ElapsedMilliseconds} ms");
        // the other judge sits in ten of them
        var panel = await App.As("judge").Send(ask with { JudgeId = other });
        Assert.That(panel.Rows.Count, Is.EqualTo(10));
    }

    [Test]
    public async Task Another_judge_takes_the_place_of_one_of_the_panel()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var (second, third) = (await App.IdOf("judge2"), await App.IdOf("leader"));
        // a third judge of the court
        await App.Change("UPDATE workzone_role_grant SET role = 'judge', centre = '' WHERE person_id = @third", new { third });
        var caseId = await App.Case(1, SampleParty.Provided);
        var booked = await App.As("judge")
            .Send(
                new BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Panel = [second],
                }
            );
        SubstituteJudge change = new()
        {
            Id = booked.Id,
            OutId = second,
            InId = third,
            Reason = "生病",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(change with { OutId = third }), Throws.TypeOf<NotFound>(), "not of the panel");
        await Assert.ThatAsync(() => App.As("judge").Send(change with { InId = second }), Throws.TypeOf<RuleBroken>());
        var now = await App.As("judge").Send(change);
        Assert.That(now.StartsAt, Is.EqualTo(booked.Start), "day and room stay");
        var people = (await App.As("judge").Send(new ShowHearing { Id = booked.Id })).People;
        Assert.That(people.Where(p => p.Part == "panel").Select(p => p.PersonId), Is.EqualTo(new long?[] { third }));
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_booking WHERE resource = @r", new { r = $"person:{second}" }),
            Is.Zero,
            "the judge who left is free"
        );
    }

    [Test]
    public async Task A_dragged_hearing_gets_its_time_on_a_page_and_a_taken_one_is_refused()
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var (first, second) = (await App.Case(1, SampleParty.Provided), await App.Case(2, SampleParty.Linked));
        var one = (
            await App.As("judge")
                .Send(
                    new BookHearing
                    {
                        CaseId = first,
                        Minutes = 60,
                        Start = At(9, 9),
                        RoomId = room,
                    }
                )
        ).Id;
        var two = (
            await App.As("judge")
                .Send(
                    new BookHearing
                    {
                        CaseId = second,
                        Minutes = 60,
                        Start = At(10, 9),
                        RoomId = room,
                    }
                )
        ).Id;
        var plan = await App.As("judge")
            .Send(
                new PlanMove
                {
                    HearingId = two,
                    Day = new(2026, 3, 9),
                    RoomId = room,
                }
            );
        Assert.That(
            (plan.Free.Contains(new(9, 0)), plan.Free.Contains(new(10, 15)), plan.Why),
            Is.EqualTo((false, true, (Refusal?)null)),
            "taken by the other; a quarter is kept free"
        );
        Assert.That((await App.As("judge").Send(new PlanMove { HearingId = two, Day = new(2026, 3, 8) })).Why!.Reason, Does.Contain("不是工作日"));
        await Assert.ThatAsync(() => App.As("judge2").Send(new PlanMove { HearingId = two }), Throws.TypeOf<NotFound>());
        var http = await App.SignedIn("judge");
        var page = $"/trial/hearings/{two}/move?Day=2026-03-09&RoomId={room}";
        Assert.That(
            (
                await TestApp.PostForm(
                    http,
                    page,
                    $"/trial/hearings/{two}/move",
                    ("Day", "2026-03-09"),
                    ("RoomId", $"{room}"),
                    ("At", "09:00"),
                    ("Reason", "法庭检修")
                )
            ).StatusCode,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity).Or.EqualTo(HttpStatusCode.Conflict)
        );
        Assert.That(
            (
                await TestApp.PostForm(
                    http,
                    page,
                    $"/trial/hearings/{two}/move",
                    ("Day", "2026-03-09"),
                    ("RoomId", $"{room}"),
                    ("At", "10:15"),
                    ("Reason", "法庭检修")
                )
            ).StatusCode,
            Is.EqualTo(HttpStatusCode.Redirect).Or.EqualTo(HttpStatusCode.OK)
        );
        Assert.That((await App.As("judge").Send(new ShowHearing { Id = two })).Hearing.StartsAt, Is.EqualTo(TestClock.Shanghai(2026, 3, 9, 10, 15)));
        var calendar = WebUtility.HtmlDecode(await http.GetStringAsync("/trial/calendar?day=2026-03-09"));
        Assert.That(
            calendar,
            Does.Contain($"data-hearing=\"{one}\"").And.Contain($"/trial/hearings/{one}/move").And.Contain("data-drop=\"Day=2026-03-09&RoomId=")
        );
        var judge = await App.IdOf("judge");
        foreach (var path in new[] { "/trial/replan", $"/trial/replan?JudgeId={judge}&From=2026-03-09&Until=2026-03-12" })
            Assert.That((await http.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
    }
}
