using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.People;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Hearings;

/// <summary>A hearing from the first look to its end, on every database.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class HearingTests(Engine engine) : AppTests(engine)
{
    private Task<long> Room(string name = "第一法庭", int size = 30) =>
        App.As("scheduler")
            .Send(
                new SaveRoom
                {
                    Name = name,
                    Size = size,
                    Features = ["recording"],
                    Online = true,
                }
            );

    private Task<BookHearing.Result> Book(long caseId, DateTime? start = null, long? room = null, string by = "judge", string waived = "") =>
        App.As(by)
            .Send(
                new BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Start = start,
                    RoomId = room,
                    Waived = waived,
                }
            );

    [Test]
    public async Task The_first_fit_is_booked_confirmed_and_told()
    {
        var room = await Room();
        var caseId = await App.Case(1, SampleParty.Provided);
        var booked = await Book(caseId);
        Assert.That((booked.State, booked.Room, booked.ServeBy), Is.EqualTo(("provisional", "第一法庭", new DateOnly(2026, 3, 2))));
        Assert.That(await App.Published<HearingScheduled>(), Is.Empty, "provisional is told to nobody");
        Assert.That(await App.As("clerk").Send(new PublicHearings()), Is.Empty);
        var firm = await App.As("judge").Send(new ConfirmHearing { Id = booked.Id, Version = 1 });
        Assert.That(firm.State, Is.EqualTo("confirmed"));
        var told = (await App.Published<HearingScheduled>()).Single();
        Assert.That(
            (told.HearingId, told.Room, told.ServeBy, told.PartyIds.Count, told.Version),
            Is.EqualTo((booked.Id, "第一法庭", new DateOnly(2026, 3, 2), 2, 1))
        );
        var shown = (await App.As(null).Send(new PublicHearings())).Single();
        Assert.That(shown.Parties, Is.EqualTo("原告：张某甲；被告：王某乙"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE action = 'trial.hearing.confirm'"), Is.EqualTo(1));
        await Assert.ThatAsync(() => App.As("judge").Send(new ConfirmHearing { Id = booked.Id, Version = 1 }), Throws.TypeOf<Conflict>());
        Assert.That(room, Is.GreaterThan(0));
    }

    [Test]
    public async Task Room_judge_and_agent_are_never_booked_twice()
    {
        var room = await Room();
        var other = await Room("第二法庭");
        var one = await App.Case(1, SampleParty.Provided);
        var two = await App.Case(2, SampleParty.Linked);
        var start = new DateTime(2026, 3, 6, 9, 0, 0, DateTimeKind.Unspecified);
        await Book(one, start, room);
        await Assert.ThatAsync(() => Book(two, start, room), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("double-booked"), "the room");
        await Assert.ThatAsync(
            () => Book(two, start.AddMinutes(60), other),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("double-booked"),
            "the judge needs a quarter of an hour"
        );
        Assert.That((await Book(two, start.AddMinutes(75), other)).Start, Is.EqualTo(TestClock.Shanghai(2026, 3, 6, 10, 15)));
    }

    [Test]
    public async Task Of_two_who_have_read_the_same_free_slot_one_is_refused()
    {
        var room = await Room();
        var hearings = new List<long>();
        for (var i = 1; i <= 2; i++)
            hearings.Add(
                (await Book(await App.Case(i, SampleParty.Linked), new DateTime(2026, 3, 5 + i + (i == 2 ? 2 : 0), 9, 0, 0, DateTimeKind.Unspecified), room)).Id
            );
        // both write what they found free, without looking again: the key of the table decides
        var at = TestClock.Shanghai(2026, 3, 12, 9, 0);
        var outcomes = await Task.WhenAll(
            hearings.Select(id =>
                Task.Run(async () =>
                {
                    await using var scope = App.Services.CreateAsyncScope();
                    scope.ServiceProvider.GetRequiredService<CourtOps.Kernel.Security.Actor>().ActAsSystem("test");
                    var db = scope.ServiceProvider.GetRequiredService<Db>();
                    await db.BeginAsync();
                    try
                    {
                        await scope.ServiceProvider.GetRequiredService<HearingBook>().BookAsync(id, room, "第一法庭", at, 60, [], default);
                        await db.CommitAsync();
                        return true;
                    }
                    catch (RuleBroken)
                    {
                        await db.RollbackAsync();
                        return false;
                    }
                })
            )
        );
        Assert.That(outcomes.Count(o => o), Is.EqualTo(1));
        Assert.That(
            await App.As(null)
                .Value<int>(
                    "SELECT COUNT(DISTINCT hearing_id) FROM trial_booking WHERE resource = @r AND slot = @s",
                    new { r = "room:" + room, s = Slots.Of(at) }
                ),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task A_served_complaint_holds_the_hearing_until_the_periods_have_ended()
    {
        await Room();
        var caseId = await App.Case(1, SampleParty.Provided);
        var complaint = await App.Document(caseId);
        var party = await App.PartyId(caseId, "王某乙");
        await App.Hear(
            new DocumentServed
            {
                CaseId = caseId,
                DocumentId = complaint,
                PartyId = party,
                RecipientName = "王某乙",
                EffectiveOn = new DateOnly(2026, 3, 2),
            },
            Catalogue.CaseKey(caseId)
        );
        await App.HearAgain<DocumentServed>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_served"), Is.EqualTo(1));
        var booked = await Book(caseId);
        Assert.That(CourtOps.Kernel.Web.Times.Day(booked.Start), Is.EqualTo(new DateOnly(2026, 3, 18)), "15 days end on 17 March");
    }

    [Test]
    public async Task A_waiver_on_record_lets_the_hearing_be_held_at_once()
    {
        await Room();
        var booked = await Book(await App.Case(1, SampleParty.Linked), waived: "2026-03-02 笔录第 2 页");
        Assert.That(booked.Start, Is.EqualTo(TestClock.Monday));
    }

    [Test]
    public async Task Whoever_is_away_or_recused_does_not_sit()
    {
        await Room();
        var caseId = await App.Case(1, SampleParty.Provided);
        await App.As("judge")
            .Send(
                new SaveAbsence
                {
                    From = new(2026, 3, 6),
                    Until = new(2026, 3, 10),
                    Reason = "培训",
                }
            );
        var booked = await Book(caseId);
        Assert.That(CourtOps.Kernel.Web.Times.Day(booked.Start), Is.EqualTo(new DateOnly(2026, 3, 11)));
        await App.As("judge")
            .Send(
                new CourtOps.Workzone.Cases.Recuse
                {
                    CaseId = caseId,
                    Login = "judge2",
                    Reason = "近亲属",
                }
            );
        var panel = await App.IdOf("judge2");
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new BookHearing
                        {
                            CaseId = caseId,
                            Minutes = 60,
                            Panel = [panel],
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("recused")
        );
    }

    [Test]
    public async Task A_moved_hearing_frees_its_old_time_and_is_told_with_a_higher_version()
    {
        var room = await Room();
        var caseId = await App.Case(1, SampleParty.Provided);
        var start = new DateTime(2026, 3, 6, 9, 0, 0, DateTimeKind.Unspecified);
        var booked = await Book(caseId, start, room);
        await App.As("judge").Send(new ConfirmHearing { Id = booked.Id });
        var moved = await App.As("judge")
            .Send(
                new MoveHearing
                {
                    Id = booked.Id,
                    Start = start.AddMinutes(15),
                    Reason = "法官另有会议",
                    Ground = "evidence",
                }
            );
        Assert.That(
            (moved.State, moved.Turn, moved.StartsAt),
            Is.EqualTo(("confirmed", 2, TestClock.Shanghai(2026, 3, 6, 9, 15))),
            "it may overlap its own old time"
        );
        Assert.That((await App.Published<HearingScheduled>()).Select(h => h.Version), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_booking WHERE resource = @r", new { r = "room:" + room }), Is.EqualTo(5));
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new MoveHearing
                        {
                            Id = booked.Id,
                            Start = new DateTime(2026, 3, 7, 9, 0, 0, DateTimeKind.Unspecified),
                            Reason = "x",
                        }
                    ),
            Throws.TypeOf<RuleBroken>(),
            "a Saturday"
        );
        await Assert.ThatAsync(() => App.As("judge").Send(new MoveHearing { Id = booked.Id }), Throws.TypeOf<FluentValidation.ValidationException>());
    }

    [Test]
    public async Task A_moved_hearing_keeps_what_was_asked_for_and_the_old_summons_counts_no_more()
    {
        var room = await Room(size: 40);
        var small = await Room("小法庭", size: 5);
        var caseId = await App.Case(1, SampleParty.Provided);
        var start = new DateTime(2026, 3, 20, 9, 0, 0, DateTimeKind.Unspecified);
        var booked = await App.As("judge")
            .Send(
                new BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Start = start,
                    RoomId = room,
                    Size = 30,
                    Online = true,
                    NoneOf21 = true,
                    Consent = "2026-03-02 笔录",
                }
            );
        foreach (var party in new[] { "张某甲", "王某乙" })
            await App.As("judge")
                .Send(
                    new CourtOps.TrialSupport.Courtroom.RecordConsent
                    {
                        HearingId = booked.Id,
                        PartyId = await App.PartyId(caseId, party),
                        Answer = "yes",
                        Way = "oral",
                    }
                );
        var firm = await App.As("judge").Send(new ConfirmHearing { Id = booked.Id });
        Assert.That((firm.Waived, firm.Consent), Is.EqualTo(((string?)null, "2026-03-02 笔录")), "consent to be online gives up no period");
        var summons = await App.Document(caseId, kind: "summons");
        await App.Hear(
            new DocumentServed
            {
                CaseId = caseId,
                DocumentId = summons,
                PartyId = await App.PartyId(caseId, "王某乙"),
                RecipientName = "王某乙",
                EffectiveOn = new DateOnly(2026, 3, 2),
            },
            Catalogue.CaseKey(caseId)
        );
        async Task<DateOnly?> Told() => (await App.As("judge").Send(new ShowHearing { Id = booked.Id })).Told.Single(t => t.Name == "王某乙").On;
        Assert.That(await Told(), Is.EqualTo(new DateOnly(2026, 3, 2)));
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new MoveHearing
                        {
                            Id = booked.Id,
                            Start = start.AddDays(3),
                            RoomId = small,
                            Reason = "换法庭",
                        }
                    ),
            Throws.TypeOf<RuleBroken>(),
            "too small for what was asked"
        );
        App.Advance(TimeSpan.FromDays(1));
        await App.As("judge")
            .Send(
                new MoveHearing
                {
                    Id = booked.Id,
                    Start = start.AddDays(3),
                    Reason = "法官另有会议",
                    Ground = "evidence",
                }
            );
        Assert.That(await Told(), Is.Null, "a summons for another day");
    }

    [Test]
    public async Task The_judge_decides_whether_a_hearing_is_public()
    {
        await Room();
        var booked = await Book(await App.Case(1, SampleParty.Provided));
        await App.As("judge").Send(new ConfirmHearing { Id = booked.Id });
        await Assert.ThatAsync(
            () =>
                App.As("scheduler")
                    .Send(
                        new DecideOpenness
                        {
                            Id = booked.Id,
                            Open = false,
                            Reason = "涉及个人隐私",
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        var closed = await App.As("judge")
            .Send(
                new DecideOpenness
                {
                    Id = booked.Id,
                    Open = false,
                    Reason = "涉及个人隐私",
                }
            );
        Assert.That((closed.OpenCourt, closed.OpenReason), Is.EqualTo((false, "涉及个人隐私")));
        Assert.That(await App.As(null).Send(new PublicHearings()), Is.Empty);
        Assert.That(
            await App.As(null).Value<string>("SELECT parties FROM trial_public_hearing WHERE hearing_id = @Id", new { booked.Id }),
            Is.Empty,
            "nothing of it stays readable"
        );
    }

    [Test]
    public async Task A_cancelled_hearing_leaves_no_booking_and_is_withdrawn()
    {
        await Room();
        var booked = await Book(await App.Case(1, SampleParty.Provided));
        await App.As("judge").Send(new ConfirmHearing { Id = booked.Id });
        await App.As("judge").Send(new CancelHearing { Id = booked.Id, Reason = "撤诉" });
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_booking"), Is.Zero);
        Assert.That((await App.Published<HearingCancelled>()).Single().Reason, Is.EqualTo("撤诉"));
        Assert.That(await App.As(null).Send(new PublicHearings()), Is.Empty);
        await Assert.ThatAsync(() => App.As("judge").Send(new CancelHearing { Id = booked.Id, Reason = "再次" }), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task Adjournments_follow_the_law()
    {
        await Room();
        var caseId = await App.Case(1, SampleParty.Provided);
        for (var n = 0; n < 3; n++)
        {
            var booked = await Book(caseId);
            await App.As("judge").Send(new ConfirmHearing { Id = booked.Id });
            await Assert.ThatAsync(
                () =>
                    App.As("judge")
                        .Send(
                            new HoldHearing
                            {
                                Id = booked.Id,
                                Outcome = "ended",
                                Attendance = "均到庭",
                            }
                        ),
                Throws.TypeOf<RuleBroken>(),
                "not yet begun"
            );
            App.At(booked.End);
            var day = CourtOps.Kernel.Web.Times.Day(booked.Start);
            var adjourn = new HoldHearing
            {
                Id = booked.Id,
                Outcome = "adjourned",
                Attendance = "被告未到庭",
                Ground = "absent",
                Next = day.AddDays(20),
            };
            await Assert.ThatAsync(
                () => App.As("judge").Send(adjourn with { Next = day.AddMonths(1).AddDays(1) }),
                Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo(n < 2 ? "gap-too-long" : "too-many")
            );
            await Assert.ThatAsync(
                () => App.As("judge").Send(adjourn with { Ground = "force-majeure" }),
                Throws.TypeOf<FluentValidation.ValidationException>(),
                "needs the president"
            );
            if (n < 2)
                Assert.That((await App.As("judge").Send(adjourn)).State, Is.EqualTo("adjourned"));
            else
                Assert.That(
                    (
                        await App.As("judge")
                            .Send(
                                new HoldHearing
                                {
                                    Id = booked.Id,
                                    Outcome = "ended",
                                    Attendance = "均到庭",
                                }
                            )
                    ).State,
                    Is.EqualTo("held")
                );
        }
        Assert.That((await App.Published<HearingHeld>()).Select(h => h.Outcome), Is.EqualTo(new[] { "adjourned", "adjourned", "ended" }));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Nobody_plans_for_a_case_that_is_not_theirs_and_the_calendar_hides_what_is_heard()
    {
        await Room();
        var booked = await Book(await App.Case(1, SampleParty.Provided));
        await Assert.ThatAsync(() => Book(booked.Id, by: "judge2"), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge2").Send(new ConfirmHearing { Id = booked.Id }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("clerk").Send(new BookHearing { CaseId = 1, Minutes = 60 }), Throws.TypeOf<Forbidden>());
        var block = (await App.As("judge2").Send(new ShowWeek { Day = new(2026, 3, 6) })).Blocks.Single();
        Assert.That((block.CaseNumber, block.RoomName), Is.EqualTo(((string?)null, "第一法庭")));
        Assert.That((await App.As("judge").Send(new ShowWeek { Day = new(2026, 3, 6) })).Blocks.Single().CaseNumber, Is.Not.Null);
    }
}
