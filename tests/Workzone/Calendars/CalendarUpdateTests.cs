using System.Globalization;
using System.Net;
using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Law;
using CourtOps.Workzone.Jobs;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.Settings;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Calendars;

/// <summary>An imported arrangement: two persons, the dates of open cases again with a line each, a notice to the judge.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CalendarUpdateTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_second_person_confirms_and_sees_whose_dates_moved()
    {
        var (moves, stays) = (await App.Case(1, SampleParty.Provided), await App.Case(2, SampleParty.Linked));
        var end = await App.As(null).Value<DateOnly>("SELECT clock_legal_end FROM workzone_case WHERE id = @moves", new { moves });
        await App.Change("UPDATE workzone_case SET filed_on = '2026-01-05' WHERE id = @stays", new { stays });
        await App.RunJob<RecomputeClocks>();
        await App.As(null).Send(new SavePersonOf("sys-jl").Of());
        var json = Year(end, off: true);
        var id = await App.As("sys-jl").Send(new AskForCalendar { Json = json, Reason = "国办通知" });
        await App.DrainAsync();
        Assert.That(Calendar().IsHoliday(end), Is.False, "one person alone changes nothing");
        await Assert.ThatAsync(() => App.Send(new DecideSetting { Id = id, Confirm = true }), Throws.TypeOf<Forbidden>(), "not by the asker");
        await App.As("secadmin").Send(new DecideSetting { Id = id, Confirm = true });
        await App.DrainAsync();

        Assert.That(Calendar().IsHoliday(end), Is.True);
        var rolled = await App.As(null).Value<DateOnly>("SELECT clock_legal_end FROM workzone_case WHERE id = @moves", new { moves });
        Assert.That(rolled, Is.GreaterThan(end));
        var shown = await App.As("judge").Send(new ShowRecompute());
        Assert.That((shown.Run!.State, shown.Run.SeenCount, shown.Run.MovedCount), Is.EqualTo(("done", 2, 1)));
        Assert.That(shown.Lines.Select(l => (l.CaseId, l.WasLegalEnd, l.NowLegalEnd)), Is.EqualTo(new[] { (moves, (DateOnly?)end, (DateOnly?)rolled) }));
        Assert.That((await App.As("judge2").Send(new ShowRecompute())).Lines, Is.Empty, "no case of theirs");
        Assert.That((await App.As("sysadmin").Send(new ShowRecompute())).Lines, Is.Empty, "whoever runs the system sees no case");
        var notice = (await App.As("judge").Send(new ListNotices())).Notices.Single(n => n.Kind == NoticeKinds.DatesMoved);
        Assert.That(notice.Link, Is.EqualTo($"/cases/{moves}"));
        await App.RunJob<RecomputeClocks>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_recompute_line"), Is.EqualTo(1), "the nightly look writes no lines");
    }

    [Test]
    public async Task What_is_no_notice_is_refused_with_its_place()
    {
        await App.As(null).Send(new SavePersonOf("sys-jl").Of());
        foreach (
            var (json, says) in new[]
            {
                ("{", "json"),
                ("{\"year\":2027,\"papers\":[],\"days\":[]}", "days"),
                ("{\"year\":2027,\"papers\":[],\"days\":[{\"name\":\"元旦\",\"date\":\"2027-01-01\",\"isOffDay\":true}]}", "papers"),
            }
        )
            await Assert.ThatAsync(
                () => App.As("sys-jl").Send(new AskForCalendar { Json = json, Reason = "通知" }),
                Throws.TypeOf<RuleBroken>().With.Message.Contains(says).Or.TypeOf<RuleBroken>().With.Property("Code").EqualTo("calendar")
            );
        await Assert.ThatAsync(() => App.As("sys-jl").Send(new AskForCalendar { Json = "", Reason = "通知" }), Throws.TypeOf<ValidationException>());
        await Assert.ThatAsync(
            () => App.As("leader").Send(new AskForCalendar { Json = Year(new DateOnly(2026, 11, 30), true), Reason = "通知" }),
            Throws.TypeOf<Forbidden>(),
            "of every court"
        );
        await Assert.ThatAsync(
            () =>
                App.As("sys-jl")
                    .Send(
                        new SaveSetting
                        {
                            Key = LoadedYears.Key,
                            Reason = "通知",
                            Values = new Dictionary<string, string>(),
                        }
                    ),
            Throws.TypeOf<Forbidden>(),
            "it has a page of its own"
        );
    }

    [Test]
    public async Task The_page_shows_the_days_that_differ_and_keeps_what_was_typed()
    {
        await App.As(null).Send(new SavePersonOf("sys-jl").Of());
        var browser = await App.SignedIn("sys-jl");
        var json = Year(new DateOnly(2026, 11, 30), off: true);
        var seen = WebUtility.HtmlDecode(
            await (
                await TestApp.PostForm(browser, "/settings/calendar", "/settings/calendar", ("json", json), ("seen", "0"), ("do", "check"))
            ).Content.ReadAsStringAsync()
        );
        Assert.That(seen, Does.Contain("与现行的差别：1 天").And.Contain("2026-11-30").And.Contain("休息").And.Contain("isOffDay"));
        var asked = await TestApp.PostForm(
            browser,
            "/settings/calendar",
            "/settings/calendar",
            ("json", json),
            ("seen", "0"),
            ("reason", "通知"),
            ("do", "ask")
        );
        Assert.That(asked.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await asked.Content.ReadAsStringAsync());
        var second = await App.SignedIn("secadmin");
        Assert.That(
            WebUtility.HtmlDecode(await second.GetStringAsync(new Uri("/settings/pending", UriKind.Relative))),
            Does.Contain("放假和调休安排").And.Contain("2026-11-30")
        );
    }

    private CourtCalendar Calendar() => App.Services.GetRequiredService<ICalendarSource>().For("吉2424");

    private static string Year(DateOnly day, bool off)
    {
        var shipped = CalendarYears.BuiltIn.Single(y => y.Year == 2026);
        var days = shipped
            .Days.Where(d => d.Date != day)
            .Select(d => new
            {
                name = d.Name,
                date = Iso(d.Date),
                isOffDay = d.IsOffDay,
            })
            .Append(
                new
                {
                    name = "临时放假",
                    date = Iso(day),
                    isOffDay = off,
                }
            );
        return JsonSerializer.Serialize(
            new
            {
                year = 2026,
                papers = shipped.Papers,
                days,
            }
        );
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // the highest court's administrator
    private sealed record SavePersonOf(string Login)
    {
        public People.SavePerson Of() =>
            new()
            {
                Login = Login,
                Name = "省院管理",
                Court = "吉",
                Roles = [Roles.SystemAdministrator],
                Password = TestApp.Password,
            };
    }
}
