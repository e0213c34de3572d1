using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Interpreters;
using CourtOps.Workzone.Register;

namespace CourtOps.TrialSupport.Tests.Interpreters;

/// <summary>Interpreters, escorts, the way from another court and the panel of the register, as tables and on every database.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ResourceTests(Engine engine) : AppTests(engine)
{
    [TestCase("朝鲜语，手语", "朝鲜语、手语")]
    [TestCase(" 英语 , 英语;俄语 ", "英语、俄语")]
    [TestCase("　，、", "")]
    public void Languages_are_parted_by_any_sign(string typed, string read) =>
        Assert.That(string.Join('、', InterpreterRules.Languages(typed)), Is.EqualTo(read));

    [Test]
    public void A_language_too_long_is_refused_by_its_name() =>
        Assert.That(() => InterpreterRules.Languages("英语、" + new string('语', 21)), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("language"));

    [TestCase(0, 0)]
    [TestCase(15, 3)]
    [TestCase(20, 5)]
    [TestCase(60, 9)]
    public void The_way_takes_the_quarters_round_what_is_taken(int minutes, int quarters)
    {
        var way = Slots.Travel([("agent:1", 100)], minutes);
        Assert.That(way.TryGetValue("agent:1", out var slots) ? slots.Count : 0, Is.EqualTo(quarters));
    }

    [Test]
    public async Task An_interpreter_is_booked_with_the_hearing_and_the_next_is_refused_with_the_reason()
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var other = await App.As("scheduler").Send(new SaveRoom { Name = "第二法庭", Size = 30 });
        var (one, two) = (await App.Case(1, SampleParty.Linked), await App.Case(2, SampleParty.Linked with { Name = "王某二" }));
        var start = new DateTime(2026, 3, 10, 9, 0, 0, DateTimeKind.Unspecified);
        await Assert.ThatAsync(
            () => Book(one, start, room, "朝鲜语"),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("constraint").And.Message.Contains("本院名单里没有朝鲜语翻译")
        );
        await Assert.ThatAsync(() => App.As("judge").Send(new SaveInterpreter { Name = "译员甲", Languages = "朝鲜语" }), Throws.TypeOf<Forbidden>());
        var id = await App.As("scheduler").Send(new SaveInterpreter { Name = "译员甲", Languages = "朝鲜语，手语" });
        await Assert.ThatAsync(
            () => App.As("scheduler").Send(new SaveInterpreter { Name = "译员甲", Languages = "朝鲜语 手语" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("duplicate")
        );
        var booked = await Book(one, start, room, "朝鲜语");
        Assert.That(await BookedAsync(booked.Id, InterpreterRules.Resource(id)), Is.EqualTo(5), "an hour and the quarter after");
        var shown = await App.As("judge").Send(new ShowHearing { Id = booked.Id });
        Assert.That(shown.People.Single(p => p.Part == "interpreter").Name, Is.EqualTo("译员甲"));
        // the judge is free in the afternoon, the interpreter is not
        await App.As(null)
            .Change(
                "INSERT INTO trial_booking (resource, slot, hearing_id) VALUES (@resource, @slot, @id)",
                new
                {
                    resource = InterpreterRules.Resource(id),
                    slot = Slots.Of(TestClock.Shanghai(2026, 3, 10, 14, 30)),
                    booked.Id,
                }
            );
        await Assert.ThatAsync(() => Book(two, start.AddHours(5), other, "手语"), Throws.TypeOf<RuleBroken>().With.Message.Contains("手语翻译该时段都没有空"));
        await App.As("scheduler")
            .Send(
                new InterpreterLeave
                {
                    Id = id,
                    From = new(2026, 3, 11),
                    Until = new(2026, 3, 12),
                    Reason = "出差",
                }
            );
        await Assert.ThatAsync(
            () => App.As("judge").Send(Move(booked.Id, new DateTime(2026, 3, 11, 9, 0, 0, DateTimeKind.Unspecified))),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("朝鲜语翻译当日都请假")
        );
        await App.As("judge").Send(Move(booked.Id, new DateTime(2026, 3, 13, 9, 0, 0, DateTimeKind.Unspecified)));
        Assert.That(await BookedAsync(booked.Id, InterpreterRules.Resource(id)), Is.EqualTo(5), "the interpreter comes along");
        await App.As("judge").Send(new ConfirmHearing { Id = booked.Id });
        Assert.That(await BookedAsync(booked.Id, InterpreterRules.Resource(id)), Is.EqualTo(5));
        await Assert.ThatAsync(
            () =>
                App.As("scheduler")
                    .Send(
                        new SaveInterpreter
                        {
                            Id = id,
                            Version = 9,
                            Name = "译员甲",
                            Languages = "手语",
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
    }

    [Test]
    public async Task A_day_takes_no_more_escorts_than_the_court_has()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var hearings = new List<BookHearing.Result>();
        for (var i = 1; i <= 8; i++)
        {
            var caseId = await App.Case(i, SampleParty.Linked with { Name = $"王某{i}" });
            hearings.Add(
                await App.As("judge")
                    .Send(
                        new BookHearing
                        {
                            CaseId = caseId,
                            Minutes = 15,
                            Escort = true,
                        }
                    )
            );
        }
        var days = hearings.GroupBy(h => CourtOps.Kernel.Web.Times.Day(h.Start)).Select(g => g.Count()).ToList();
        Assert.That(days, Is.EqualTo(new[] { 6, 2 }), "six a day are the setting's first value");
        var full = CourtOps.Kernel.Web.Times.Local(hearings[0].Start).Date.AddHours(16);
        await Assert.ThatAsync(
            () => App.As("judge").Send(Move(hearings[7].Id, DateTime.SpecifyKind(full, DateTimeKind.Unspecified))),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("当日提押已满")
        );
        await App.As("judge").Send(new CancelHearing { Id = hearings[0].Id, Reason = "撤诉" });
        await App.As("judge").Send(Move(hearings[7].Id, DateTime.SpecifyKind(full, DateTimeKind.Unspecified)));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_booking WHERE resource LIKE 'escort:%'"), Is.EqualTo(7));
    }

    [Test]
    public async Task The_panel_comes_from_the_register_and_is_not_typed_again()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Linked);
        await App.As("judge")
            .Send(
                new SavePanel
                {
                    CaseId = caseId,
                    FromOn = new(2026, 3, 2),
                    PresiderId = await App.IdOf("judge"),
                    MemberIds = [await App.IdOf("judge2")],
                    Assessors = "陪审员甲",
                }
            );
        var looked = await App.As("judge")
            .Send(
                new FindFits
                {
                    Wish = new Wish { CaseId = caseId, Minutes = 60 },
                }
            );
        Assert.That(looked.Registered, Has.Count.EqualTo(1));
        var booked = await App.As("judge").Send(new BookHearing { CaseId = caseId, Minutes = 60 });
        var people = (await App.As("judge").Send(new ShowHearing { Id = booked.Id })).People;
        Assert.That(people.Single(p => p.Part == "panel").PersonId, Is.EqualTo(await App.IdOf("judge2")));
        Assert.That(people.Single(p => p.Part == "assessor").Name, Is.EqualTo("陪审员甲"), "the assessor sits by name");
        Assert.That(await App.As(null).Value<string>("SELECT panel FROM trial_hearing"), Does.Contain("陪审员甲"));
        await Assert.ThatAsync(
            async () =>
                await App.As("judge")
                    .Send(
                        new BookHearing
                        {
                            CaseId = caseId,
                            Minutes = 60,
                            Panel = [await App.IdOf("leader")],
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("registered"),
            "others than those of the register are not typed in"
        );
        Assert.That(
            (
                await App.As("judge")
                    .Send(
                        new BookHearing
                        {
                            CaseId = caseId,
                            Minutes = 60,
                            Panel = [await App.IdOf("judge2")],
                        }
                    )
            ).State,
            Is.EqualTo("provisional"),
            "the same may be"
        );
    }

    [Test]
    public async Task An_assessor_of_the_list_is_taken_by_the_register_and_comes_along()
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var other = await App.As("scheduler").Send(new SaveRoom { Name = "第二法庭", Size = 30 });
        var assessor = await App.As("scheduler").Send(new CourtOps.TrialSupport.Assessors.SaveAssessor { Name = "陪审员甲" });
        var start = new DateTime(2026, 3, 10, 9, 0, 0, DateTimeKind.Unspecified);
        var cases = new List<long>();
        foreach (var n in new[] { 1, 2 })
        {
            var id = await App.Case(n, SampleParty.Linked with { Name = $"王某{n}" });
            cases.Add(id);
            await App.As("judge")
                .Send(
                    new SavePanel
                    {
                        CaseId = id,
                        FromOn = new(2026, 3, 2),
                        PresiderId = await App.IdOf("judge"),
                        MemberIds = [await App.IdOf("judge2")],
                        Assessors = "陪审员甲",
                    }
                );
        }
        var booked = await Book(cases[0], start, room, "");
        var resource = CourtOps.TrialSupport.Assessors.DrawBook.Resource(assessor);
        Assert.That(await BookedAsync(booked.Id, resource), Is.EqualTo(5));
        await App.As("judge").Send(Move(booked.Id, start.AddDays(1)));
        Assert.That(await BookedAsync(booked.Id, resource), Is.EqualTo(5), "moved, the seat is kept");
        await App.As("scheduler")
            .Send(
                new CourtOps.TrialSupport.Assessors.AssessorLeave
                {
                    Id = assessor,
                    From = new(2026, 3, 12),
                    Reason = "出差",
                }
            );
        await Assert.ThatAsync(() => Book(cases[1], start.AddDays(2), other, ""), Throws.TypeOf<RuleBroken>().With.Message.Contains("陪审员甲"), "on leave");
    }

    [Test]
    public async Task Between_two_courts_the_way_is_kept_free()
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Linked);
        // the same agent is heard in another court's room until eleven
        var elsewhere = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code <> '吉2424' ORDER BY id");
        var far = (await App.Value<long>("SELECT MAX(id) FROM trial_room")) + 1;
        await App.Change(
            "INSERT INTO trial_room (id, court_id, name, size, features, online, active, version) VALUES (@far, @elsewhere, '外院法庭', 30, '', 0, 1, 1)",
            new { far, elsewhere }
        );
        var sample = await App.As("judge").Send(new BookHearing { CaseId = caseId, Minutes = 60 });
        var agent = await App.As(null).Value<string>("SELECT resource FROM trial_booking WHERE resource LIKE 'natural:%' OR resource LIKE 'agent:%'");
        Assert.That(agent, Is.Not.Null, "somebody who may be in two courts");
        var there = sample.Id + 1;
        await App.Change(
            "INSERT INTO trial_hearing (id, case_id, court_id, case_number, cause, session, room_id, room_name, online, open_court, starts_at, ends_at, "
                + "held_on, minutes, judge_id, judge_name, panel, size, features, assessors, language, escort, serve_by, state, turn, created_by, "
                + "created_name, created_at, version) SELECT @there, case_id, @elsewhere, case_number, cause, session, @far, '外院法庭', 0, "
                + "open_court, starts_at, ends_at, "
                + "held_on, minutes, judge_id, judge_name, panel, size, features, assessors, language, escort, serve_by, state, turn, created_by, "
                + "created_name, created_at, 1 FROM trial_hearing WHERE id = @Id",
            new
            {
                there,
                elsewhere,
                far,
                sample.Id,
            }
        );
        await App.As("judge").Send(new CancelHearing { Id = sample.Id, Reason = "另排" });
        var start = new DateTime(2026, 3, 10, 10, 0, 0, DateTimeKind.Unspecified);
        for (var quarter = 0; quarter < 4; quarter++)
            await App.As(null)
                .Change(
                    "INSERT INTO trial_booking (resource, slot, hearing_id) VALUES (@agent, @slot, @there)",
                    new
                    {
                        agent,
                        slot = Slots.Of(TestClock.Shanghai(2026, 3, 10, 10, 15 * quarter)),
                        there,
                    }
                );
        await Assert.ThatAsync(() => Book(caseId, start.AddMinutes(75), room, ""), Throws.TypeOf<RuleBroken>(), "a quarter of an hour is no way");
        var booked = await Book(caseId, start.AddHours(4), room, "");
        Assert.That(booked.State, Is.EqualTo("provisional"), "in the afternoon it is");
    }

    [Test]
    public async Task The_pages_show_list_and_wishes()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        await App.As("scheduler").Send(new SaveInterpreter { Name = "译员甲", Languages = "朝鲜语" });
        var caseId = await App.Case(1, SampleParty.Linked);
        var http = await App.SignedIn("scheduler");
        Assert.That(System.Net.WebUtility.HtmlDecode(await http.GetStringAsync("/trial/interpreters")), Does.Contain("译员甲").And.Contain("朝鲜语"));
        var saved = await TestApp.PostForm(
            http,
            "/trial/interpreters",
            "/trial/interpreters?handler=Save",
            ("Name", "译员乙"),
            ("Languages", ""),
            ("Active", "true")
        );
        Assert.That(saved.StatusCode, Is.EqualTo(System.Net.HttpStatusCode.UnprocessableEntity));
        Assert.That(System.Net.WebUtility.HtmlDecode(await saved.Content.ReadAsStringAsync()), Does.Contain("译员乙"), "what was typed stays");
        var judge = await App.SignedIn("judge");
        Assert.That(
            System.Net.WebUtility.HtmlDecode(await judge.GetStringAsync($"/trial/cases/{caseId}/schedule?Language=朝鲜语&Escort=true")),
            Does.Contain("需要翻译的语言").And.Contain("name=\"Escort\" value=\"true\"")
        );
    }

    private Task<BookHearing.Result> Book(long caseId, DateTime start, long room, string language) =>
        App.As("judge")
            .Send(
                new BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Start = start,
                    RoomId = room,
                    Language = language,
                }
            );

    private static MoveHearing Move(long id, DateTime start) =>
        new()
        {
            Id = id,
            Start = start,
            Reason = "改期",
        };

    private Task<int> BookedAsync(long hearing, string resource) =>
        App.As(null).Value<int>("SELECT COUNT(*) FROM trial_booking WHERE hearing_id = @hearing AND resource = @resource", new { hearing, resource });
}
