using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.Settings;

namespace CourtOps.Workzone.Calendars;

/// <summary>An imported law update: two persons, its day, the limits of open cases again with a line each, notices to their judges.</summary>
public sealed class LawUpdateTests() : AppTests(Engine.Sqlite)
{
    private const string Pending =
        """{"law":"《民事诉讼法》（2026 年修正）第152条","from":"2026-03-01","pending":true,"limits":[{"code":"MC-ORD","months":5,"days":0}]}""";

    [TestCase("2026-02-28", "2026-03-10", false, 6)]
    [TestCase("2026-03-01", "2026-03-10", false, 5)]
    [TestCase("2026-02-28", "2026-03-10", true, 5)]
    [TestCase("2026-02-28", "2026-02-28", true, 6)]
    public void A_change_counts_from_its_day_for_pending_cases_where_it_says_so(string filed, string today, bool pending, int months)
    {
        var clock = new TrialClock
        {
            Procedure = "MC-ORD",
            Filed = DateOnly.Parse(filed, System.Globalization.CultureInfo.InvariantCulture),
            Today = DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture),
            Changes = [new LimitChange("MC-ORD", new DateOnly(2026, 3, 1), 5, 0, "《新法》", pending)],
        };
        Assert.That(
            clock.Compute(CourtCalendar.Default).BaseEnd,
            Is.EqualTo(DateOnly.Parse(filed, System.Globalization.CultureInfo.InvariantCulture).AddMonths(months))
        );
        var explanation = new Explanation();
        clock.Compute(CourtCalendar.Default, explain: explanation);
        Assert.That(explanation.Render().Any(l => l.Source.Contains("《新法》", StringComparison.Ordinal)), Is.EqualTo(months == 5));
    }

    [Test]
    public async Task A_second_person_confirms_and_sees_whose_dates_moved()
    {
        var (mine, other) = (await App.Case(61, SampleParty.Provided), await App.Case(62, SampleParty.Linked));
        var end = await App.As(null).Value<DateOnly>("SELECT clock_end FROM workzone_case WHERE id = @mine", new { mine });
        await App.As(null).Send(Administrator());
        var id = await App.As("sys-jl").Send(new AskForLaw { Json = Pending, Reason = "新法施行" });
        await App.DrainAsync();
        Assert.That(await EndAsync(mine), Is.EqualTo(end), "one person alone changes nothing");
        Assert.That(() => App.As("sys-jl").Send(new DecideSetting { Id = id, Confirm = true }), Throws.TypeOf<Forbidden>());
        await App.As("secadmin").Send(new DecideSetting { Id = id, Confirm = true });
        await App.DrainAsync();
        Assert.That(await EndAsync(mine), Is.EqualTo(end.AddMonths(-1)));
        var shown = await App.As("judge").Send(new ShowRecompute { SettingKey = LawUpdates.Key });
        Assert.That((shown.Run!.State, shown.Run.MovedCount), Is.EqualTo(("done", 2)));
        Assert.That(shown.Lines.Select(l => l.CaseId), Is.EquivalentTo(new[] { mine, other }));
        var notice = (await App.As("judge").Send(new ListNotices())).Notices.First(n => n.Kind == NoticeKinds.DatesMoved);
        Assert.That(notice.Args, Does.Contain(LawUpdates.Key));
        var created = await App.Case(63, SampleParty.Provided);
        Assert.That(await EndAsync(created), Is.EqualTo(end.AddMonths(-1)), "a new case follows it at once");
        Assert.That((await App.As("judge").Send(new Cases.ShowCase { Id = mine })).Explanation.Select(l => l.Source), Has.Some.Contains("2026 年修正"));
    }

    [TestCase("{", "JSON")]
    [TestCase("""{"law":"","from":"2026-03-01","limits":[{"code":"MC-ORD","months":5}]}""", "law")]
    [TestCase("""{"law":"法","from":"三月","limits":[{"code":"MC-ORD","months":5}]}""", "from")]
    [TestCase("""{"law":"法","from":"2026-03-01","limits":[]}""", "limits")]
    [TestCase("""{"law":"法","from":"2026-03-01","limits":[{"code":"XX","months":5}]}""", "适用程序代码")]
    [TestCase("""{"law":"法","from":"2026-03-01","limits":[{"code":"MC-ORD","months":0}]}""", "不为零")]
    public void What_is_no_update_is_refused_with_its_place(string json, string says) =>
        Assert.That(() => LawImport.Read(json), Throws.TypeOf<RuleBroken>().With.Message.Contains(says));

    [Test]
    public async Task The_page_shows_what_differs_and_only_the_highest_administrator_asks()
    {
        await App.As(null).Send(Administrator());
        Assert.That(() => App.As("leader").Send(new AskForLaw { Json = Pending, Reason = "x" }), Throws.TypeOf<Forbidden>());
        var browser = await App.SignedIn("sys-jl");
        var seen = WebUtility.HtmlDecode(
            await (
                await TestApp.PostForm(browser, "/settings/law", "/settings/law", ("json", Pending), ("seen", "0"), ("do", "check"))
            ).Content.ReadAsStringAsync()
        );
        Assert.That(seen, Does.Contain("MC-ORD").And.Contain("6 m").And.Contain("5 m"));
        var asked = await TestApp.PostForm(browser, "/settings/law", "/settings/law", ("json", Pending), ("seen", "0"), ("reason", "施行"), ("do", "ask"));
        Assert.That(asked.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await asked.Content.ReadAsStringAsync());
    }

    private Task<DateOnly> EndAsync(long id) => App.As(null).Value<DateOnly>("SELECT clock_end FROM workzone_case WHERE id = @id", new { id })!;

    private static People.SavePerson Administrator() =>
        new()
        {
            Login = "sys-jl",
            Name = "省院管理",
            Court = "吉",
            Roles = [Roles.SystemAdministrator],
            Password = TestApp.Password,
        };
}
