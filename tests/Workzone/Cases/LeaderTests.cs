using System.Net;
using CourtOps.Workzone.Supervision;

namespace CourtOps.Workzone.Cases;

/// <summary>Every figure of the leader's view is the count of the list it opens; the case on paper.</summary>
public sealed class LeaderTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task Each_figure_and_bar_opens_as_many_cases_as_it_says()
    {
        App.At(TestClock.Shanghai(2026, 8, 3, 9, 0));
        for (var n = 71; n < 75; n++)
            await App.Case(n, SampleParty.Provided);
        await App.Change(
            "UPDATE workzone_case SET filed_on = '2024-01-05', moved_at = @old WHERE serial = 71",
            new { old = TestClock.Shanghai(2026, 6, 20, 9, 0) }
        );
        await App.Change("UPDATE workzone_case SET state = 'closed', closed_on = '2026-07-15', closed_how = 'judgment' WHERE serial = 72");
        foreach (var days in ShowLeaderView.StillDays)
        {
            var view = await App.As("leader").Send(new ShowLeaderView { Days = days });
            foreach (var figure in view.Figures)
                Assert.That(
                    (await App.Send(new ShowLeaderView { Open = figure.Code, Days = days })).Cases,
                    Has.Count.EqualTo(figure.Count),
                    $"{figure.Code} {days}"
                );
        }
        var months = (await App.As("leader").Send(new ShowLeaderView())).Months;
        foreach (var m in months.Where(m => m.Filed + m.Closed > 0))
        {
            Assert.That((await App.Send(new ShowLeaderView { Open = "filed", Month = m.Month })).Cases, Has.Count.EqualTo(m.Filed), m.Month);
            Assert.That((await App.Send(new ShowLeaderView { Open = "closed", Month = m.Month })).Cases, Has.Count.EqualTo(m.Closed), m.Month);
        }
        Assert.That(months.Sum(m => m.Closed), Is.EqualTo(1));
        var page = WebUtility.HtmlDecode(await (await App.SignedIn("leader")).GetStringAsync(new Uri("/leader?open=closed&month=2026-07", UriKind.Relative)));
        Assert.That(page, Does.Contain("data-chart").And.Contain(Sample.Number(72)).And.Contain("/slips/new?caseId="));
    }

    [Test]
    public async Task The_case_sheet_holds_what_is_recorded_and_masks_numbers()
    {
        var id = await App.Case(75, SampleParty.Provided);
        var sheet = WebUtility.HtmlDecode(await (await App.SignedIn("judge")).GetStringAsync(new Uri($"/cases/{id}/sheet", UriKind.Relative)));
        Assert.That(
            sheet,
            Does.Contain("案件单").And.Contain(Sample.Number(75)).And.Contain("王某乙").And.Contain("data-print").And.Not.Contain("99010119800102001X")
        );
        Assert.That(
            (await (await App.SignedIn("judge2")).GetAsync(new Uri($"/cases/{id}/sheet", UriKind.Relative))).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound)
        );
    }
}
