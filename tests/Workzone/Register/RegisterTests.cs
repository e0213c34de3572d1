using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Inspections;
using CourtOps.Workzone.Notices;

namespace CourtOps.Workzone.Register;

/// <summary>Panels with history, links, marks with watchers, causes by edition.</summary>
public sealed class RegisterTests() : AppTests(Engine.Sqlite)
{
    private static readonly DateOnly Day = new(2026, 2, 10);

    [TestCase(3, 0, false, null)]
    [TestCase(1, 2, false, null)]
    [TestCase(3, 4, false, null)]
    [TestCase(5, 0, true, null)]
    [TestCase(2, 0, false, "合议庭应为三人以上的单数。")]
    [TestCase(1, 0, false, "合议庭应为三人以上的单数。")]
    [TestCase(2, 1, true, "第二审合议庭由审判员组成，不能有人民陪审员。")]
    [TestCase(3, 2, false, "有人民陪审员的合议庭为三人或者七人。")]
    [TestCase(5, 2, false, "七人合议庭由审判员三人、人民陪审员四人组成。")]
    public void A_panel_sits_as_the_law_says(int judges, int assessors, bool second, string? why) =>
        Assert.That(
            PanelRules.WhyNot([.. Enumerable.Range(1, judges).Select(i => (long)i)], [.. Enumerable.Range(1, assessors).Select(i => $"陪审{i}")], second),
            Is.EqualTo(why)
        );

    [Test]
    public async Task A_panel_is_recorded_once_and_its_history_stays()
    {
        var id = await App.Case(21, SampleParty.Provided);
        var (judge, other) = (await App.IdOf("judge"), await App.IdOf("judge2"));
        Task<bool> Save(DateOnly on, string assessors, string? key = null) =>
            App.As("judge")
                .Send(
                    new SavePanel
                    {
                        CaseId = id,
                        FromOn = on,
                        PresiderId = judge,
                        MemberIds = [other],
                        Assessors = assessors,
                        Key = key,
                    }
                );
        Assert.That(() => Save(Day, ""), Throws.TypeOf<RuleBroken>().With.Message.Contains("单数"));
        Assert.That(() => Save(new DateOnly(2026, 1, 1), "陪审甲"), Throws.TypeOf<RuleBroken>().With.Message.Contains("早于立案日期"));
        Assert.That(await Save(Day, "陪审甲", "k1"), Is.True);
        Assert.That(await Save(Day, "陪审甲", "k1"), Is.False);
        Assert.That(await Save(Day.AddDays(-3), "陪审乙"), Is.True, "one that arrives late stands behind");
        var shown = await App.As("judge").Send(new ShowRegister { CaseId = id });
        Assert.That(shown.Panels.Select(p => p.FromOn), Is.EqualTo(new[] { Day, Day.AddDays(-3) }));
        Assert.That(shown.Panels[0].Seats.Select(s => s.Name), Is.EqualTo(new[] { "李测试", "林虚构", "陪审甲" }));
        Assert.That((await App.As("judge").Send(new ShowCase { Id = id })).Panel, Does.Contain("陪审甲").And.Not.Contain("陪审乙"));
        Assert.That(
            () =>
                App.As("judge")
                    .Send(
                        new SavePanel
                        {
                            CaseId = id,
                            FromOn = Day,
                            PresiderId = App.IdOf("judge-yanji").Result,
                            MemberIds = [judge, other],
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("不是本院在岗的法官")
        );
        Assert.That(
            () =>
                App.As("judge2")
                    .Send(
                        new SavePanel
                        {
                            CaseId = id,
                            FromOn = Day,
                            PresiderId = judge,
                            MemberIds = [other],
                            Assessors = "陪审丙",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_case_event WHERE case_id = @id AND event = 'panel-formed'", new { id }),
            Is.EqualTo(2)
        );
    }

    [Test]
    public async Task Cases_are_linked_and_one_that_may_not_be_seen_is_a_number()
    {
        var (id, related) = (await App.Case(22, SampleParty.Provided), await App.Case(23, SampleParty.Linked));
        var link = await App.As("judge")
            .Send(
                new LinkCase
                {
                    CaseId = id,
                    Number = Sample.Number(23),
                    Kind = "related",
                }
            );
        Assert.That(
            await App.As("judge")
                .Send(
                    new LinkCase
                    {
                        CaseId = id,
                        Number = Sample.Number(23),
                        Kind = "related",
                    }
                ),
            Is.EqualTo(link),
            "once"
        );
        await App.As("judge")
            .Send(
                new LinkCase
                {
                    CaseId = id,
                    Number = "（2025）吉2401民初9号",
                    Kind = "origin",
                }
            );
        var shown = await App.As("judge").Send(new ShowRegister { CaseId = id });
        Assert.That(shown.Links.Select(l => (l.OtherId, l.Kind)), Is.EqualTo(new[] { ((long?)related, "related"), (null, "origin") }));
        Assert.That((await App.As("judge").Send(new ShowRegister { CaseId = related })).Links.Single().Inward, Is.True, "the other case shows it too");
        Assert.That(
            () =>
                App.As("judge")
                    .Send(
                        new LinkCase
                        {
                            CaseId = id,
                            Number = Sample.Number(22),
                            Kind = "series",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        await App.As("judge").Send(new UnlinkCase { CaseId = id, LinkId = link });
        Assert.That(() => App.As("judge").Send(new UnlinkCase { CaseId = id, LinkId = link }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("judge").Send(new ShowRegister { CaseId = related })).Links, Is.Empty);
    }

    [Test]
    public async Task Whoever_watches_a_marked_case_hears_of_everything_once()
    {
        var id = await App.Case(24, SampleParty.Provided);
        var leader = await App.IdOf("leader");
        Assert.That(
            () =>
                App.As("judge")
                    .Send(
                        new MarkCase
                        {
                            CaseId = id,
                            Marks = ["grave"],
                            WatcherIds = [App.IdOf("judge2").Result],
                            Reason = "重大",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(
            () =>
                App.As("judge")
                    .Send(
                        new MarkCase
                        {
                            CaseId = id,
                            Marks = ["odd"],
                            Reason = "重大",
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.As("judge")
            .Send(
                new MarkCase
                {
                    CaseId = id,
                    Marks = ["grave", "mass"],
                    WatcherIds = [leader],
                    Reason = "涉众",
                }
            );
        await App.As("judge")
            .Send(
                new RecordCaseEvent
                {
                    CaseId = id,
                    Event = "claims-changed",
                    On = Day,
                }
            );
        await App.DrainAsync();
        await App.HearAgain<Contracts.CaseEventRecorded>();
        var told = (await App.As("leader").Send(new ListNotices())).Notices.Where(n => n.Kind == NoticeKinds.Watched).ToList();
        Assert.That(told, Has.Count.EqualTo(2), "marked, and the event");
        Assert.That(told.Select(n => n.Link), Is.All.EqualTo($"/cases/{id}"));
        await App.As("judge").Send(new MarkCase { CaseId = id, Reason = "已化解" });
        Assert.That((await App.As("judge").Send(new ShowRegister { CaseId = id })).Watchers, Is.Empty);
    }

    [Test]
    public async Task An_edition_of_causes_counts_from_its_day_whichever_came_first()
    {
        const string Old = "类型,代码,名称,上级代码\n民事,M1,民间借贷纠纷,\n民事,M2,旧案由,\n";
        const string New = "类型,代码,名称,上级代码\n民事,M1,民间借贷纠纷,\n民事,M3,数据权益纠纷,\n";
        Task<ImportCauses.Result> Take(string edition, DateOnly from, string text) =>
            App.As("sysadmin")
                .Send(
                    new ImportCauses
                    {
                        Edition = edition,
                        FromOn = from,
                        Text = text,
                    }
                );
        await Take("2026 年版", new DateOnly(2026, 2, 1), New);
        await Take("旧版", new DateOnly(2021, 1, 1), Old);
        Assert.That(
            await Take("旧版", new DateOnly(2021, 1, 1), Old.Replace("旧案由", "更旧的案由", StringComparison.Ordinal)),
            Is.EqualTo(new ImportCauses.Result(0, 1, 0, 1))
        );
        var editions = (await App.As("judge").Send(new ListCauses())).Editions;
        Assert.That(editions.Select(e => (e.Name, e.UntilOn)), Is.EqualTo(new[] { ("旧版", (DateOnly?)new DateOnly(2026, 1, 31)), ("2026 年版", null) }));
        Assert.That(
            (await App.As("judge").Send(new ListCauses { On = new DateOnly(2026, 1, 31) })).Rows.Select(r => r.Code),
            Does.Contain("M2").And.Not.Contain("M3")
        );
        Assert.That(
            (await App.As("judge").Send(new ListCauses { On = new DateOnly(2026, 2, 1) })).Rows.Select(r => r.Code),
            Does.Contain("M3").And.Not.Contain("M2")
        );
        Assert.That(() => Take("坏表", new DateOnly(2026, 1, 1), "民事,,没有代码,"), Throws.TypeOf<RuleBroken>().With.Message.Contains("第 1 行"));
        Assert.That(
            () =>
                App.As("leader")
                    .Send(
                        new ImportCauses
                        {
                            Edition = "x",
                            FromOn = Day,
                            Text = New,
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        var id = await App.Case(25, SampleParty.Provided);
        await App.As("judge")
            .Send(
                new CorrectCase
                {
                    CaseId = id,
                    Cause = "没有这种纠纷",
                    Reason = "试",
                }
            );
        Assert.That((await App.As("judge").Send(new ShowCaseInspection { CaseId = id })).Findings.Select(f => f.Code), Does.Contain("cause-unlisted"));
        await App.As("judge")
            .Send(
                new CorrectCase
                {
                    CaseId = id,
                    Cause = "数据权益纠纷",
                    Reason = "试",
                }
            );
        Assert.That((await App.As("judge").Send(new ShowCaseInspection { CaseId = id })).Findings.Select(f => f.Code), Does.Not.Contain("cause-unlisted"));
    }

    [Test]
    public async Task The_list_that_comes_with_the_product_is_whole_and_counts_from_its_day()
    {
        await App.As("sysadmin")
            .Send(
                new ImportCauses
                {
                    Edition = "旧版",
                    FromOn = new DateOnly(2021, 1, 1),
                    Text = "类型,代码,名称,上级代码\n民事,M1,民间借贷纠纷,\n",
                }
            );
        Assert.That((await App.As("sysadmin").Send(new ImportCauses { Shipped = true })).Added, Is.EqualTo(1055));
        Assert.That((await App.As("sysadmin").Send(new ImportCauses { Shipped = true })).Same, Is.EqualTo(1055), "a second time changes nothing");
        var rows = new List<ListCauses.Row>();
        for (ListCauses.Result page; ; )
        {
            page = await App.As("judge").Send(new ListCauses { On = new DateOnly(2026, 1, 1), After = rows.Count > 0 ? rows[^1].Id : 0 });
            rows.AddRange(page.Rows);
            if (page.Next is null)
                break;
        }
        Assert.That(rows, Has.Count.EqualTo(1055));
        var byCode = rows.ToDictionary(r => r.Code);
        Assert.That(rows.Where(r => r.ParentCode.Length > 0 && !byCode.ContainsKey(r.ParentCode)), Is.Empty, "each stands below one of the list");
        Assert.That(byCode.Keys.Where(c => int.TryParse(c, out _)).Select(int.Parse), Is.EqualTo(Enumerable.Range(1, 514)));
        Assert.That(
            new[] { "14", "88", "108.3", "202", "411.1", "514", "五十九", "第十二部分" }.Select(c => byCode[c].Name),
            Is.EqualTo(
                new[]
                {
                    "离婚纠纷",
                    "买卖合同纠纷",
                    "民间借贷纠纷",
                    "网络虚拟财产权属纠纷",
                    "智能网联汽车交通事故责任纠纷",
                    "执行分配方案异议之诉",
                    "执行程序中的异议之诉",
                    "特殊诉讼程序案件案由",
                }
            )
        );
        Assert.That((await App.As("judge").Send(new ListCauses { On = new DateOnly(2025, 12, 31) })).Rows.Select(r => r.Code), Is.EqualTo(new[] { "M1" }));
    }

    [Test]
    public async Task The_pages_and_routes_take_what_the_commands_take()
    {
        var id = await App.Case(26, SampleParty.Provided);
        var (judge, other) = (await App.IdOf("judge"), await App.IdOf("judge2"));
        var browser = await App.SignedIn("judge");
        var path = $"/cases/{id}/panel";
        var done = await TestApp.PostForm(
            browser,
            path,
            path + "?handler=Panel",
            ("Data.FromOn", "2026-02-10"),
            ("Data.PresiderId", $"{judge}"),
            ("Data.MemberIds", $"{other}"),
            ("Data.Assessors", "陪审甲")
        );
        Assert.That(done.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await done.Content.ReadAsStringAsync());
        var wrong = await TestApp.PostForm(browser, path, path + "?handler=Link", ("Data.Number", "九号"), ("Data.Kind", "related"));
        Assert.That(WebUtility.HtmlDecode(await wrong.Content.ReadAsStringAsync()), Does.Contain("案号不合格式").And.Contain("九号"));
        var page = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri(path, UriKind.Relative)));
        Assert.That(page, Does.Contain("陪审甲（人民陪审员）"));
        Assert.That(
            WebUtility.HtmlDecode(await (await App.SignedIn("sysadmin")).GetStringAsync(new Uri("/causes", UriKind.Relative))),
            Does.Contain("导入一个版本")
        );
    }
}
