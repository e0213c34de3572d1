using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Web;

namespace CourtOps.Workzone.Queues;

/// <summary>How a queue is read, its address, its small forms: pure.</summary>
public sealed class QueuePlanTests
{
    private static readonly Viewer Clerk = Of(
        new ActorRights
        {
            Id = 7,
            Login = "",
            Name = "",
            CourtId = 1,
            CourtName = "",
            Scopes = [new RoleScope("clerk:service", [1]) { Place = "service" }],
        },
        [7, 8]
    );
    private static readonly Viewer Leader = Of(
        new ActorRights
        {
            Id = 9,
            Login = "",
            Name = "",
            CourtId = 1,
            CourtName = "",
            Scopes = [new RoleScope("leader", [1, 2])],
            WideCourts = [1, 2],
        },
        []
    );

    private static Viewer Of(ActorRights rights, IReadOnlyList<long> mates)
    {
        var actor = new Actor();
        actor.ActAs(ActorKind.Person, rights);
        return QueueReader.ViewerOf(actor, mates);
    }

    [TestCase("mine", "o.assignee_id = @person#", 1)]
    [TestCase("asked", "o.asked_by = @person#", 1)]
    [TestCase("team", "o.assignee_id = @person#", 2)]
    [TestCase("centre", "o.court_id = @court# AND o.centre = @centre#", 1)]
    [TestCase("no-such-view", "o.assignee_id = @person#", 1)]
    public void Each_view_holds_the_first_columns_of_an_index(string view, string first, int pieces)
    {
        var plan = QueuePlan.Of(new QueueFilter { View = view }, Clerk);
        Assert.That(plan.Where, Does.StartWith(first + " AND o.is_open = 1"));
        Assert.That(plan.Segments, Has.Count.EqualTo(pieces));
    }

    [Test]
    public void Only_court_wide_people_have_the_view_of_the_court()
    {
        Assert.That(QueuePlan.Of(new QueueFilter { View = "court" }, Clerk).Where, Does.StartWith("o.assignee_id = @person#"));
        Assert.That(QueuePlan.Of(new QueueFilter { View = "court" }, Leader).Segments, Has.Count.EqualTo(2));
        Assert.That(
            QueuePlan.Of(new QueueFilter { View = "court", Sort = "asked" }, Leader).Segments,
            Has.Count.EqualTo(10),
            "each court and centre by its own index"
        );
    }

    [Test]
    public void A_case_shows_only_orders_one_stands_to_or_whose_case_one_may_see() =>
        Assert.That(QueuePlan.Of(new QueueFilter { CaseId = 5 }, Clerk).Where, Does.Contain("workzone_case_access").And.Contain("o.asked_by = @me"));

    [TestCase("-changed", "-changed")]
    [TestCase("asked", "asked")]
    [TestCase("title", "due")]
    [TestCase(null, "due")]
    public void A_sort_without_an_index_is_not_offered(string? wanted, string used) =>
        Assert.That(QueuePlan.Of(new QueueFilter { View = "mine", Sort = wanted }, Clerk).Sort.Key, Is.EqualTo(used));

    [Test]
    public void A_filter_by_state_walks_its_own_index_and_offers_what_that_carries()
    {
        var plan = QueuePlan.Of(
            new QueueFilter
            {
                View = "centre",
                State = "queued",
                Sort = "-changed",
            },
            Clerk
        );
        Assert.That(plan.Where, Does.StartWith("o.court_id = @court# AND o.centre = @centre# AND o.state = @state"));
        Assert.That(plan.Sort, Is.EqualTo(QueueSort.Due));
    }

    [Test]
    public void A_centre_somebody_does_not_work_in_shows_nothing() =>
        Assert.That(QueuePlan.Of(new QueueFilter { View = "centre", Centre = "enforcement" }, Clerk).Segments, Is.Empty);

    [Test]
    public void Orders_of_sealed_cases_stand_only_in_the_queue_of_the_lead_and_recused_ones_in_none()
    {
        var filter = new QueueFilter { View = "centre" };
        Assert.That(QueuePlan.Of(filter, Clerk).Where, Does.Contain("o.restricted = 0"));
        Assert.That(QueuePlan.Of(filter, Clerk with { Led = [(1, "service")] }).Where, Does.Not.Contain("o.restricted"));
        var both = Clerk with { Pairs = [(1, "service"), (1, "trial")], Led = [(1, "service")] };
        Assert.That(QueuePlan.Of(filter, both).Where, Does.Contain("(o.restricted = 0 OR @led# = 1)"), "each walk by what the person is there");
        Assert.That(QueuePlan.Of(filter, both).Segments.Select(s => (s.Centre, s.Led)), Is.EqualTo(new[] { ("service", true), ("trial", false) }));
        Assert.That(QueuePlan.Of(filter with { Centre = "trial" }, both).Where, Does.Contain("AND o.restricted = 0"));
        Assert.That(QueuePlan.Of(new QueueFilter { View = "court" }, Leader).Where, Does.Contain("o.restricted = 0"));
        Assert.That(
            QueuePlan
                .Of(
                    filter,
                    Of(
                        new ActorRights
                        {
                            Id = 7,
                            Login = "",
                            Name = "",
                            CourtId = 1,
                            CourtName = "",
                            HasRecusals = true,
                        },
                        []
                    )
                )
                .Where,
            Does.Contain("workzone_recusal")
        );
        Assert.That(
            QueuePlan.Of(new QueueFilter { View = "mine", Closed = true }, Clerk).Where,
            Does.Contain("o.restricted = 0"),
            "what is over is in nobody's hand"
        );
        Assert.That(QueuePlan.Of(new QueueFilter { View = "mine" }, Clerk).Where, Does.Not.Contain("o.restricted"));
    }

    [Test]
    public void An_address_comes_back_as_it_was()
    {
        var filter = new QueueFilter
        {
            View = "centre",
            Centre = "service",
            State = "queued",
            Due = "week",
            Type = "service.serve",
            Assignee = 12,
            Asker = 13,
            Escalated = true,
            Text = "王某 乙&x",
            Closed = true,
            Sort = "-asked",
        };
        var query = QueueUrl.Query(filter);
        var read = QueueUrl.Filter(new Microsoft.AspNetCore.Http.QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query)));
        Assert.That(read, Is.EqualTo(filter));
        Assert.That(QueueUrl.Clean("?" + query + "&after=x&__x=1"), Is.EqualTo(query));
    }

    [TestCase("（2026）吉2424民初123号", 2026, "民初123号")]
    [TestCase("（2026）最高法民终9号", 2026, null)]
    [TestCase("（2025）吉2424民初123号", 2026, null)]
    [TestCase("(2026)吉2424民初123号", 2026, null)]
    [TestCase("x", 2026, null)]
    public void The_quick_way_to_a_short_number_is_the_slow_ones(string number, int year, string? tail)
    {
        var at = QueueTable.Tail(number, year);
        Assert.That(at is null ? null : number[at.Value..], Is.EqualTo(tail));
        if (at is not null)
            Assert.That(number[at.Value..], Is.EqualTo(CaseUi.ShortNumber(number, new DateTimeOffset(year, 6, 1, 0, 0, 0, TimeSpan.Zero))));
    }

    [Test]
    public void Court_time_is_the_zones_in_every_year()
    {
        for (var at = new DateTimeOffset(1940, 1, 1, 3, 0, 0, TimeSpan.Zero); at.Year < 2060; at = at.AddHours(1001))
            Assert.That(Times.Local(at), Is.EqualTo(TimeZoneInfo.ConvertTime(at, Times.Zone)), $"{at:O}");
    }

    [TestCase("=1+1", "'=1+1")]
    [TestCase("@x", "'@x")]
    [TestCase("-5", "'-5")]
    [TestCase("王某\u0001乙", "王某乙")]
    [TestCase("（2026）吉2424民初1号", "（2026）吉2424民初1号")]
    [TestCase("𠮷某", "𠮷某")]
    public void A_cell_is_text_and_never_a_formula(string text, string cell) => Assert.That(OrderWorkbook.Safe(text), Is.EqualTo(cell));

    [TestCase("a<b>\"c\"'d'&", "a&lt;b&gt;&quot;c&quot;&#39;d&#39;&amp;")]
    [TestCase("", "")]
    [TestCase("plain 文字", "plain 文字")]
    public void What_people_wrote_is_escaped(string text, string html) => Assert.That(new HtmlBuffer().Text(text).ToString(), Is.EqualTo(html));
}
