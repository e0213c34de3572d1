using System.Net;
using System.Text.Json.Nodes;
using CourtOps.Host;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Settings;

/// <summary>
/// What a capability declares by one record each is on the page, in the API, in history and dry run. The page works without script: each button posts the
/// whole form.
/// </summary>
public sealed class SettingPagesTests() : AppTests(Engine.Sqlite)
{
    private static readonly (string, string)[] Draft =
    [
        ("form", "1"),
        ("seen", "0"),
        ("days", "90"),
        ("reason", "试"),
        ("from", ""),
        ("r0.op.Kind", "is"),
        ("r0.v.Kind", "民事"),
        ("r0.op.Amount", "le"),
        ("r0.v.Amount", "60000"),
        ("r0.then.Track", "simple"),
        ("r0.then.Days", "60"),
        ("r0.note", "小额"),
        ("r1.op.Kind", "any"),
        ("r1.v.Kind", ""),
        ("r1.op.Amount", "any"),
        ("r1.v.Amount", ""),
        ("r1.then.Track", "ordinary"),
        ("r1.then.Days", "180"),
        ("r1.note", ""),
    ];

    protected override void Prepare(TestAppOptions options) => options.Modules = [.. CourtOpsApp.Modules, new SampleCapability()];

    [Test]
    public async Task A_yes_or_no_of_a_table_is_chosen_and_a_number_says_its_unit()
    {
        var page = WebUtility.HtmlDecode(await (await App.SignedIn("sysadmin")).GetStringAsync(new Uri("/settings/workzone.inspection", UriKind.Relative)));
        Assert.That(
            page,
            Does.Contain("→ 补正期限（日）").And.Match("<select[^>]*name=\"r0.then.Orders\"").And.Not.Match("<input[^>]*name=\"r0.then.Orders\"")
        );
    }

    [Test]
    public async Task A_table_is_changed_after_a_dry_run_by_two_persons_and_rolled_back()
    {
        var court = await Court("吉2424");
        foreach (var amount in new[] { 100, 5_500_000, 7_000_000 })
            await App.As(null)
                .In(async s =>
                {
                    var db = s.GetRequiredService<Kernel.Data.Db>();
                    await db.BeginAsync();
                    await s.GetRequiredService<Kernel.Audit.Decisions>()
                        .DecideAsync<SampleOutcome>("sample.track", new SampleFacts { Amount = amount }, court, null);
                    await db.CommitAsync();
                });
        var browser = await App.SignedIn("sysadmin");
        var page = $"/settings/{SampleCapability.Track}?court={court}";

        var tried = await TestApp.PostForm(browser, page, page, [.. Draft, ("do", "try")]);
        Assert.That(tried.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await tried.Content.ReadAsStringAsync());
        await App.DrainAsync();
        var run = await Text(browser, tried.Headers.Location!.ToString());
        Assert.That(
            run,
            Does.Contain("3 次判定中 2 次结果不同")
                .And.Contain("第 1 行：案件类型 民事，标的额 55000.00 → 程序 简易，办理天数 60")
                .And.Contain("第 2 行：案件类型 民事，标的额 55000.00 → 程序 普通，办理天数 180")
        );

        var saved = await TestApp.PostForm(browser, page, page, [.. Draft, ("do", "save")]);
        Assert.That(saved.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await saved.Content.ReadAsStringAsync());
        Assert.That(Rows(court)[0].Then["Days"], Is.EqualTo("90"), "it waits for a second person");
        var leader = await App.SignedIn("leader");
        Assert.That(await Text(leader, "/settings/pending"), Does.Contain("繁简").And.Contain("案件类型 ＝ 民事，标的额 ≤ 60000.00 → 程序 简易，办理天数 60"));
        var id = await App.As(null).Value<long>("SELECT id FROM kernel_setting_version");
        await TestApp.PostForm(leader, "/settings/pending", "/settings/pending", ("id", $"{id}"), ("confirm", "true"));
        Assert.That(Rows(court)[0].Then["Days"], Is.EqualTo("60"));

        await TestApp.PostForm(
            leader,
            page,
            page,
            [.. Draft.Where(d => d.Item1 is not ("seen" or "r0.then.Days")), ("seen", "1"), ("r0.then.Days", "70"), ("do", "save")]
        );
        await Confirm(2, "sysadmin");
        Assert.That(Rows(court)[0].Then["Days"], Is.EqualTo("70"));
        Assert.That(
            await Text(leader, $"/settings/{SampleCapability.Track}/compare?court={court}&a=1&b=2"),
            Does.Contain("办理天数 60").And.Contain("办理天数 70")
        );
        await TestApp.PostForm(leader, page, page + "&handler=Back", ("seen", "2"), ("version", "1"), ("reason", "恢复"));
        await Confirm(3, "sysadmin");
        Assert.That(Rows(court)[0].Then["Days"], Is.EqualTo("60"));
        Assert.That(await Text(leader, page), Does.Contain("恢复").And.Contain("第 2 行").And.Contain("现行来源"));
    }

    [Test]
    public async Task The_editor_moves_copies_and_drops_rows_and_a_hole_keeps_what_was_typed()
    {
        var court = await Court("吉2424");
        var browser = await App.SignedIn("leader");
        var page = $"/settings/{SampleCapability.Track}?court={court}";
        var moved = await Shown(await TestApp.PostForm(browser, page, page, [.. Draft, ("do", "down:0")]));
        Assert.That(moved.IndexOf("value=\"180\"", StringComparison.Ordinal), Is.LessThan(moved.IndexOf("value=\"60\"", StringComparison.Ordinal)));
        var copied = await Shown(await TestApp.PostForm(browser, page, page, [.. Draft, ("do", "copy:0")]));
        Assert.That(copied, Does.Contain("r2.note"));
        var refused = await TestApp.PostForm(browser, page, page, [.. Draft.Where(d => !d.Item1.StartsWith("r1.", StringComparison.Ordinal)), ("do", "save")]);
        Assert.That((int)refused.StatusCode, Is.EqualTo(422));
        Assert.That(await Shown(refused), Does.Contain("没有一行适用于").And.Contain("value=\"小额\"").And.Contain("value=\"试\""));
    }

    [Test]
    public async Task Every_rule_stands_on_one_page_with_value_default_source_and_help()
    {
        var browser = await App.SignedIn("leader");
        var all = await Text(browser, "/settings");
        foreach (var setting in App.Services.GetRequiredService<SettingCatalogue>().All)
        {
            Assert.That(all, Does.Contain($"/settings/{setting.Key}?"), setting.Key);
            Assert.That(await Text(browser, $"/settings/{setting.Key}"), Does.Contain("值从哪里来").And.Contain("系统默认"), setting.Key);
        }
        Assert.That(await Text(browser, "/settings?q=答辩"), Does.Contain("sample.no-reply").And.Not.Contain("sample.track"));
        Assert.That(
            await Text(browser, "/settings/sample.no-reply"),
            Does.Contain("《民事诉讼法》第128条：可以更严，不能更宽").And.Contain("不是法律规定：惯例").And.Contain("可填 1 至 10")
        );
    }

    [Test]
    public async Task Who_may_change_what()
    {
        var (own, other, middle) = (await Court("吉2424"), await Court("吉2401"), await Court("吉24"));
        SaveSetting Wait(long court, int days) =>
            new()
            {
                Key = SampleCapability.NoReply,
                CourtId = court,
                Values = new Dictionary<string, string> { ["Days"] = $"{days}" },
                Reason = "试",
                Seen = 0,
            };
        await Assert.ThatAsync(() => App.As("judge").Send(Wait(own, 4)), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(() => App.As("lead").Send(Wait(own, 4)), Throws.TypeOf<Forbidden>(), "no rule of the lead's centre");
        await Assert.ThatAsync(() => App.As("leader").Send(Wait(other, 4)), Throws.TypeOf<NotFound>(), "another court");
        await Assert.ThatAsync(() => App.As("leader").Send(Wait(middle, 4)), Throws.TypeOf<Forbidden>(), "the court above is seen, not set");
        await Assert.ThatAsync(() => App.As("secadmin").Send(Wait(own, 4)), Throws.TypeOf<Forbidden>());
        await App.As("sysadmin").Send(Wait(other, 4));
        await App.As("leader").Send(Wait(own, 5));
        await App.As("lead")
            .Send(
                new SaveSetting
                {
                    Key = OrderTargets.KeyOf("service.serve"),
                    CourtId = own,
                    Values = new Dictionary<string, string> { ["TargetHours"] = "7" },
                    Reason = "快",
                }
            );
        Assert.That(
            App.Services.GetRequiredService<ISettings>().Current<OrderTarget>(OrderTargets.KeyOf("service.serve"), own),
            Is.EqualTo(
                new OrderTarget
                {
                    TargetHours = 7,
                    Points = 2,
                    ManualMinutes = 40,
                }
            )
        );
    }

    [Test]
    public async Task Rules_go_to_another_court_as_a_file_all_or_nothing()
    {
        var (own, other) = (await Court("吉2424"), await Court("吉2401"));
        await App.As("leader")
            .Send(
                new SaveSetting
                {
                    Key = SampleCapability.NoReply,
                    CourtId = own,
                    Values = new Dictionary<string, string> { ["Days"] = "9" },
                    Reason = "试",
                }
            );
        var file = await App.Send(new ExportSettings { CourtId = own });
        var done = await App.As("sysadmin")
            .Send(
                new ImportSettings
                {
                    CourtId = other,
                    Json = file,
                    Reason = "统一",
                }
            );
        Assert.That(done.Changed, Is.EqualTo(new[] { "等待天数" }));
        Assert.That(App.Services.GetRequiredService<ISettings>().Current<SampleWait>(other).Days, Is.EqualTo(9));
        foreach (
            var (bad, says) in new[]
            {
                (file.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal), "升级"),
                (file.Replace("\"days\": 9", "\"days\": 8, \"hours\": 1", StringComparison.Ordinal), "hours"),
                ("[]", "规则文件"),
                ("{", "JSON"),
            }
        )
            await Assert.ThatAsync(
                () =>
                    App.Send(
                        new ImportSettings
                        {
                            CourtId = other,
                            Json = bad,
                            Reason = "统一",
                        }
                    ),
                Throws.TypeOf<RuleBroken>().With.Message.Contains(says)
            );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new ImportSettings
                    {
                        CourtId = other,
                        Json = file.Replace("\"reply\": 15", "\"reply\": 14", StringComparison.Ordinal),
                        Reason = "统一",
                    }
                ),
            Throws.TypeOf<ValidationException>().With.Message.Contains("第128条")
        );
    }

    [Test]
    public async Task A_table_goes_through_a_workbook_and_back()
    {
        var t = await App.In(s => Task.FromResult(s.GetRequiredService<Texts>()));
        foreach (var language in new[] { "zh-CN", "en" })
        {
            t.Language = language;
            var file = TableWorkbook.Write(SampleCapability.Table, SampleCapability.Table.Default, t);
            var back = TableForm.Read(SampleCapability.Table, TableWorkbook.Read(SampleCapability.Table, file, t), t);
            Assert.That(
                SampleCapability.Table.Write(back),
                Is.EqualTo(SampleCapability.Table.Write(SampleCapability.Table.Default))
                    .Or.EqualTo(
                        SampleCapability.Table.Write(
                            TableForm.Read(SampleCapability.Table, TableForm.Write(SampleCapability.Table, SampleCapability.Table.Default, t), t)
                        )
                    )
            );
            Assert.That(back.Rows.Select(r => SampleCapability.Table.Decide(new SampleFacts { Amount = 5_000_000 }, back).Rule), Is.All.EqualTo("1"));
        }
        Assert.That(() => TableWorkbook.Read(SampleCapability.Table, [1, 2, 3], t), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task The_api_has_the_same_commands()
    {
        var court = await Court("吉2424");
        var client = await App.WithKey("leader");
        var saved = await client.PostAsync(
            new Uri($"/api/v1/settings/{SampleCapability.NoReply}", UriKind.Relative),
            new StringContent($$"""{"courtId":"{{court}}","values":{"Days":"6"},"reason":"试","seen":0}""", System.Text.Encoding.UTF8, "application/json")
        );
        Assert.That((int)saved.StatusCode, Is.EqualTo(201), await saved.Content.ReadAsStringAsync());
        var shown = JsonNode.Parse(await client.GetStringAsync(new Uri($"/api/v1/settings/{SampleCapability.NoReply}", UriKind.Relative)))!;
        Assert.That(
            ((int)shown["value"]!["days"]!, (int)shown["normal"]!["days"]!, (string)shown["source"]!, shown["history"]!.AsArray().Count),
            Is.EqualTo((6, 3, $"{court}:1", 1))
        );
        var stale = await client.PostAsync(
            new Uri($"/api/v1/settings/{SampleCapability.NoReply}", UriKind.Relative),
            new StringContent($$"""{"courtId":"{{court}}","values":{"Days":"7"},"reason":"试","seen":0}""", System.Text.Encoding.UTF8, "application/json")
        );
        Assert.That((int)stale.StatusCode, Is.EqualTo(409));
    }

    private IReadOnlyList<TableRow> Rows(long court) => App.Services.GetRequiredService<ISettings>().Current<TableBody>(SampleCapability.Track, court).Rows;

    private async Task Confirm(int version, string person)
    {
        var id = await App.As(null).Value<long>("SELECT id FROM kernel_setting_version WHERE version = @version", new { version });
        await App.As(person).Send(new DecideSetting { Id = id, Confirm = true });
    }

    private async Task<long> Court(string code) => await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });

    private static async Task<string> Text(HttpClient browser, string page)
    {
        using var answer = await browser.GetAsync(new Uri(page, UriKind.Relative));
        Assert.That((int)answer.StatusCode, Is.EqualTo(200), page);
        return await Shown(answer);
    }

    private static async Task<string> Shown(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
}
