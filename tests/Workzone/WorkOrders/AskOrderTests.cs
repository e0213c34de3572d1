using System.Net;
using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>What a field takes, by tables: one field of each kind, today is 2026-11-26.</summary>
public sealed class OrderFormTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    private static readonly OrderForm.Offer Offer = new(
        new Dictionary<string, string> { ["7"] = "王某乙（被告）", ["8"] = "张某甲（原告）" },
        new Dictionary<string, string> { ["9"] = "《起诉状》" }
    );

    private static readonly OrderField[] Fields =
    [
        new()
        {
            Name = "text",
            Label = "文",
            Most = 5,
        },
        new()
        {
            Name = "long",
            Label = "长",
            Kind = FieldKind.LongText,
            Most = 10,
        },
        new()
        {
            Name = "date",
            Label = "日",
            Kind = FieldKind.Date,
            Least = 1,
            Most = 30,
        },
        new()
        {
            Name = "since",
            Label = "起",
            Kind = FieldKind.Date,
            Most = 0,
        },
        new()
        {
            Name = "number",
            Label = "数",
            Kind = FieldKind.Number,
            Least = 1,
            Most = 500,
        },
        new()
        {
            Name = "one",
            Label = "一",
            Kind = FieldKind.Choice,
            Choices = ["甲", "乙"],
        },
        new()
        {
            Name = "some",
            Label = "多",
            Kind = FieldKind.Choice,
            Choices = ["甲", "乙", "丙"],
            Most = 2,
        },
        new()
        {
            Name = "parties",
            Label = "人",
            Kind = FieldKind.Parties,
        },
        new()
        {
            Name = "documents",
            Label = "书",
            Kind = FieldKind.Documents,
        },
    ];

    [TestCase("text", "五个字以内", "五个字以内")]
    [TestCase("text", " 前后空白 ", "前后空白")]
    [TestCase("text", "超过五个字", "超过五个字")]
    [TestCase("text", "超过了五个字", null)]
    [TestCase("text", "两\n行", null)]
    [TestCase("text", "a\u202Eb", null)]
    [TestCase("long", "两\r\n行", "两\n行")]
    [TestCase("long", "12345678901", null)]
    [TestCase("date", "2026-11-27", "2026-11-27")]
    [TestCase("date", "2026-12-26", "2026-12-26")]
    [TestCase("date", "2026-11-26", null)]
    [TestCase("date", "2026-12-27", null)]
    [TestCase("date", "27/11/2026", null)]
    [TestCase("date", "2026-02-30", null)]
    [TestCase("since", "1999-01-01", "1999-01-01")]
    [TestCase("since", "2026-11-27", null)]
    [TestCase("number", "500", "500")]
    [TestCase("number", "0", null)]
    [TestCase("number", "501", null)]
    [TestCase("number", "12.5", null)]
    [TestCase("number", "99999999999999999999", null)]
    [TestCase("one", "乙", "乙")]
    [TestCase("one", "丁", null)]
    [TestCase("one", "甲|乙", null)]
    [TestCase("some", "甲|丙", "甲、丙")]
    [TestCase("some", "甲|乙|丙", null)]
    [TestCase("parties", "7|8", "王某乙（被告）、张某甲（原告）")]
    [TestCase("parties", "9", null)]
    [TestCase("documents", "9", "《起诉状》")]
    [TestCase("documents", "7", null)]
    [TestCase("unknown", "x", null)]
    public void A_field_takes_what_it_declares_and_names_itself_otherwise(string field, string typed, string? words)
    {
        var filled = Read(Fields, (field, typed));
        if (words is null)
            Assert.That(filled.Faults.Single().PropertyName, Is.EqualTo("Form." + field));
        else
            Assert.That((filled.Faults.Count, filled.Words.Single().Value), Is.EqualTo((0, words)));
    }

    [TestCase("")]
    [TestCase("   ")]
    public void A_required_field_is_missed_and_all_faults_come_at_once(string blank)
    {
        var fields = Fields.Select(f => f with { Required = true }).ToList();
        Assert.That(Read(fields, ("text", blank)).Faults.Select(f => f.PropertyName), Is.EqualTo(fields.Select(f => "Form." + f.Name)));
    }

    private static OrderForm.Filled Read(IReadOnlyList<OrderField> fields, params (string Name, string Value)[] typed) =>
        OrderForm.Read(
            fields,
            typed.ToDictionary(f => f.Name, f => (IReadOnlyList<string>)f.Value.Split('|')),
            Offer,
            Today,
            new Kernel.Web.Texts(new TextCatalogue(new Kernel.Modules.ModuleList([])))
        );
}

/// <summary>Generic orders asked for by the form of their type, on the page and by the API.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class AskOrderTests(Engine engine) : AppTests(engine)
{
    private const string Type = "trial.schedule";

    private int version = 1;

    private long caseId;
    private long party;

    protected override void Prepare(TestAppOptions options)
    {
        OrderCrew.Declare(options);
        options.Services.Add(s =>
        {
            s.AddSingleton(
                new OrderType
                {
                    Code = "trial.judge",
                    Centre = Centres.Trial,
                    Label = "评议案件",
                    Duty = Duty.Judge,
                    TargetHours = 7,
                }
            );
            s.AddSingleton(
                new OrderType
                {
                    Code = "trial.assist",
                    Centre = Centres.Trial,
                    Label = "阅卷笔录",
                    Duty = Duty.Assistant,
                    TargetHours = 7,
                }
            );
            s.AddSingleton(
                new OrderType
                {
                    Code = "trial.guided",
                    Centre = Centres.Trial,
                    Label = "有说明",
                    TargetHours = 7,
                }
            );
            // a later program declares a later version
            s.AddTransient(p => new OrderTypes(
                p.GetServices<OrderType>()
                    .Select(t => t.Code == "trial.guided" ? t with { GuideVersion = version, Guide = $"说明之{version}", Checklist = [$"核对之{version}"] } : t)
            ));
        });
    }

    [SetUp]
    public async Task CaseAsync()
    {
        caseId = await App.Case(1, SampleParty.Provided);
        party = await App.PartyId(caseId, "王某乙");
    }

    [Test]
    public async Task A_form_that_is_right_opens_an_order_that_shows_it_and_goes_through_the_generic_steps()
    {
        var order = (await Ask()).Order;
        Assert.That(
            (order.Centre, order.State, order.Title, order.Subject, order.AskedByName),
            Is.EqualTo(("trial", "queued", "排期与开庭通知协助", "王某乙（被告）", "李测试"))
        );
        Assert.That(order.DueAt, Is.GreaterThan(order.AskedAt));
        var page = await (await App.SignedIn("judge")).GetStringAsync(Url($"/orders/{order.Id}"));
        Assert.That(
            page,
            Does.Contain("王某乙（被告）")
                .And.Contain("希望的日期")
                .And.Contain("说明与核对项")
                .And.Contain("审判组织成员和法庭当日不冲突")
                .And.Contain("请当面通知")
        );
        Assert.That((await App.As("scheduler").Send(new TakeStep { Id = order.Id, Step = OrderStep.Accept })).AssigneeName, Is.EqualTo("韩样张"));
        await App.Send(
            new TakeStep
            {
                Id = order.Id,
                Step = OrderStep.Feedback,
                Words = "定于 9 点",
            }
        );
        Assert.That((await App.As("judge").Send(new TakeStep { Id = order.Id, Step = OrderStep.Close })).State, Is.EqualTo("closed"));
        Assert.That(await App.Verify("chains"), Is.Empty);
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE action = 'workzone.order.ask'"), Is.EqualTo(1));
    }

    [Test]
    public async Task The_same_asked_twice_gets_the_first_and_after_its_end_the_next_round()
    {
        var first = await Ask();
        var second = await Ask(person: "assistant");
        Assert.That((second.Order.Id, first.Existed, second.Existed), Is.EqualTo((first.Order.Id, false, true)));
        Assert.That((await Ask(minutes: "61")).Existed, Is.False, "other content is another order");
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = first.Order.Id,
                    Step = OrderStep.Cancel,
                    Words = "不用了",
                }
            );
        var again = await Ask();
        Assert.That((again.Existed, again.Order.Round, again.Order.ReopensId), Is.EqualTo((false, 2, (long?)first.Order.Id)));
        Assert.That((await Ask()).Order.Id, Is.EqualTo(again.Order.Id));
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task Whoever_has_an_order_in_hand_adds_a_part_and_the_order_waits_for_it()
    {
        var order = (await Ask()).Order;
        var part = new AskOrder
        {
            CaseId = caseId,
            Type = "trial.guided",
            ParentId = order.Id,
        };
        await Assert.ThatAsync(() => App.As("scheduler").Send(part), Throws.TypeOf<NotFound>(), "the case is seen with the order, not before");
        await App.Send(new TakeStep { Id = order.Id, Step = OrderStep.Accept });
        await Assert.ThatAsync(
            () => App.Send(part with { ParentId = null }),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("parent")
        );
        var child = (await App.Send(part)).Order;
        Assert.That((child.ParentId, child.AskedByName), Is.EqualTo(((long?)order.Id, "韩样张")));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new TakeStep
                    {
                        Id = order.Id,
                        Step = OrderStep.Feedback,
                        Words = "好",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("children")
        );
        var page = await (await App.SignedIn("scheduler")).GetStringAsync(Url($"/orders/{order.Id}"));
        Assert.That(page, Does.Contain($"/orders/{child.Id}").And.Contain($"/cases/{caseId}/orders/new?parent={order.Id}"));
        foreach (var (step, person) in new[] { (OrderStep.Accept, "scheduler"), (OrderStep.Feedback, "scheduler"), (OrderStep.Close, "scheduler") })
            await App.As(person)
                .Send(
                    new TakeStep
                    {
                        Id = child.Id,
                        Step = step,
                        Words = "好",
                    }
                );
        Assert.That(
            (
                await App.Send(
                    new TakeStep
                    {
                        Id = order.Id,
                        Step = OrderStep.Feedback,
                        Words = "好",
                    }
                )
            ).State,
            Is.EqualTo("feedback")
        );
        await App.As("judge").Send(new TakeStep { Id = order.Id, Step = OrderStep.Close });
        await Assert.ThatAsync(
            () => App.Send(part with { Note = "再来" }),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("parent"),
            "it has ended"
        );
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task A_part_belongs_to_the_case_of_its_order_and_to_who_has_to_do_with_it()
    {
        var order = (await Ask()).Order;
        var other = await App.Case(2, SampleParty.Provided);
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new AskOrder
                        {
                            CaseId = other,
                            Type = "trial.guided",
                            ParentId = order.Id,
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("parent")
        );
        await Assert.ThatAsync(
            () =>
                App.As("assistant")
                    .Send(
                        new AskOrder
                        {
                            CaseId = caseId,
                            Type = "trial.guided",
                            ParentId = order.Id,
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new AskOrder
                        {
                            CaseId = caseId,
                            Type = "trial.guided",
                            ParentId = 77,
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        var scheduler = await App.SignedIn("scheduler");
        Assert.That((await scheduler.GetAsync(Url($"/cases/{caseId}/orders/new?parent={order.Id}"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        await App.As("scheduler").Send(new TakeStep { Id = order.Id, Step = OrderStep.Accept });
        Assert.That(
            await scheduler.GetStringAsync(Url($"/cases/{caseId}/orders/new?parent={order.Id}")),
            Does.Contain(order.Number).And.Contain($"&amp;parent={order.Id}")
        );
        Assert.That(await scheduler.GetStringAsync(Url($"/cases/{caseId}/orders/new")), Does.Contain("加子单").And.Not.Contain("?type="));
        var answer = await TestApp.PostForm(
            scheduler,
            $"/cases/{caseId}/orders/new?type=trial.guided&parent={order.Id}",
            $"/cases/{caseId}/orders/new?type=trial.guided&parent={order.Id}",
            ("Note", "请配合")
        );
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order WHERE parent_id = @Id", new { order.Id }), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_at_once_open_one()
    {
        await App.As("judge").In(_ => Task.CompletedTask);
        var both = await Task.WhenAll(Ask(), Ask());
        Assert.That(both.Select(r => r.Order.Id).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order"), Is.EqualTo(1));
    }

    [TestCase("trial.judge", "duty", "/orders/duties")]
    [TestCase("trial.assist", "duty", "/orders/duties")]
    [TestCase("service.serve", "driven", "/service/request?caseId={0}")]
    [TestCase("nothing", "type", "/cases/{0}/orders/new")]
    public async Task A_type_that_is_not_asked_for_here_is_refused_with_the_way_out(string type, string code, string wayOut)
    {
        wayOut = string.Format(System.Globalization.CultureInfo.InvariantCulture, wayOut, caseId);
        await Assert.ThatAsync(
            () => App.As("judge").Send(new AskOrder { CaseId = caseId, Type = type }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo(code).And.Property("WayOut").EqualTo(wayOut)
        );
        var page = await (await App.SignedIn("judge")).GetStringAsync(Url($"/cases/{caseId}/orders/new?type={type}"));
        Assert.That(page, Does.Contain($"href=\"{wayOut}\">去那里").And.Contain("随案扫描编目"));
    }

    [TestCase("clerk", typeof(NotFound))]
    [TestCase("lead", typeof(NotFound))]
    [TestCase("judge-yanji", typeof(NotFound))]
    [TestCase("judge2", typeof(NotFound))]
    public async Task Only_who_asks_for_work_and_sees_the_case(string person, Type refusal) =>
        await Assert.ThatAsync(() => Ask(person), Throws.TypeOf(refusal));

    [Test]
    public async Task The_page_refuses_field_by_field_and_keeps_what_was_typed()
    {
        var browser = await App.SignedIn("judge");
        Assert.That(await browser.GetStringAsync(Url($"/cases/{caseId}")), Does.Contain($"href=\"/cases/{caseId}/orders/new\""));
        Assert.That(
            await browser.GetStringAsync(Url($"/cases/{caseId}/orders/new")),
            Does.Contain("财产查控协助").And.Contain($"/service/request?caseId={caseId}").And.Not.Contain("评议案件")
        );
        var path = $"/cases/{caseId}/orders/new?type={Type}";
        var wrong = await TestApp.PostForm(
            browser,
            path,
            path,
            ("f.session", "开庭审理"),
            ("f.date", "2020-01-01"),
            ("f.minutes", "很久"),
            ("f.mode", "线下"),
            ("f.alternatives", "<b>周五</b>"),
            ("Note", "请当面通知")
        );
        var html = System.Net.WebUtility.HtmlDecode(await wrong.Content.ReadAsStringAsync());
        Assert.That((int)wrong.StatusCode, Is.EqualTo(422));
        Assert.That(
            html,
            Does.Contain("“希望的日期”应在")
                .And.Contain("“预计时长（分钟）”应是 10 到 960 的整数")
                .And.Contain("请选择“通知的人”")
                .And.Contain("href=\"#Form.date\"")
        );
        Assert.That(
            html,
            Does.Contain("value=\"2020-01-01\"")
                .And.Contain("value=\"很久\"")
                .And.Contain("value=\"开庭审理\" selected")
                .And.Contain("请当面通知</textarea>")
                .And.Contain("value=\"<b>周五</b>\"")
        );
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order"), Is.Zero);
        var right = await TestApp.PostForm(browser, path, path, [.. Form().SelectMany(f => f.Value.Select(v => ("f." + f.Key, v)))]);
        Assert.That(right.Headers.Location!.ToString(), Does.StartWith("/orders/"));
    }

    [Test]
    public async Task The_api_opens_by_the_same_rules()
    {
        var key = await App.WithKey("judge");
        async Task<(int Status, string Body)> PostAsync(string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await key.PostAsync(Url("/api/v1/work-orders"), content);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        var date = Times.Iso(Times.Day(App.Clock.GetUtcNow()).AddDays(7));
        var right =
            $$$"""{"caseId":"{{{caseId}}}","type":"{{{Type}}}","note":"请当面通知","form":{"session":"开庭审理","date":"{{{date}}}","minutes":60,"mode":"线下","parties":["{{{party}}}"]}}""";
        var wrong = await PostAsync(right.Replace(":60", ":6000", StringComparison.Ordinal).Replace("线下", "月球", StringComparison.Ordinal));
        Assert.That((wrong.Status, wrong.Body), Is.EqualTo((422, wrong.Body)));
        Assert.That(wrong.Body, Does.Contain("form.minutes").And.Contain("form.mode").And.Not.Contain("form.date"));
        var first = await PostAsync(right);
        var second = await PostAsync(right);
        Assert.That((first.Status, second.Status), Is.EqualTo((201, 200)), first.Body);
        Assert.That(first.Body, Does.Contain("\"existed\":false"));
        Assert.That(second.Body, Does.Contain("\"existed\":true"));
        Assert.That((await PostAsync("{\"caseId\":\"1\",\"type\":\"x\"}")).Status, Is.EqualTo(404));
        Assert.That(
            await key.GetStringAsync(Url("/api/v1/order-types")),
            Does.Contain("\"code\":\"enforcement.property\"").And.Contain("\"kind\":\"parties\"")
        );
        Assert.That(
            await key.GetStringAsync(Url("/openapi/v1.json")),
            Does.Contain("/api/v1/order-types").And.Contain("Opens a generic order by the form of its type")
        );
    }

    [Test]
    public async Task An_order_keeps_the_guide_and_checklist_it_was_opened_under()
    {
        async Task<OrderCard> OpenAsync(string note) =>
            (
                await App.As("judge")
                    .Send(
                        new AskOrder
                        {
                            CaseId = caseId,
                            Type = "trial.guided",
                            Note = note,
                        }
                    )
            ).Order;
        var old = await OpenAsync("一");
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = old.Id,
                    Step = OrderStep.Cancel,
                    Words = "不用了",
                }
            );
        version = 3;
        var young = await OpenAsync("二");
        var browser = await App.SignedIn("judge");
        Assert.That(
            await browser.GetStringAsync(Url($"/orders/{old.Id}")),
            Does.Contain("说明之1").And.Contain("核对之1").And.Contain("发起时的版本，现行第 3 版").And.Not.Contain("说明之3")
        );
        Assert.That(await browser.GetStringAsync(Url($"/orders/{young.Id}")), Does.Contain("说明之3").And.Not.Contain("发起时的版本"));
        Assert.That(
            await (await App.WithKey("judge")).GetStringAsync(Url($"/api/v1/work-orders/{old.Id}")),
            Does.Contain("\"guide\":{\"version\":1,\"text\":\"说明之1\"")
        );
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_guide WHERE order_type = 'trial.guided'"), Is.EqualTo(2));
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task A_form_that_was_changed_behind_the_chain_is_found()
    {
        var order = (await Ask()).Order;
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync();
                await db.ExecuteAsync("UPDATE workzone_order SET form = '{}' WHERE id = @Id", new { order.Id });
                await db.CommitAsync();
            });
        Assert.That((await App.Verify("chains")).Single().What, Does.Contain("form differs"));
        Assert.That((await App.As("judge").Send(new ShowOrder { Id = order.Id })).BrokenAt, Is.EqualTo(1));
    }

    private Task<AskOrder.Result> Ask(string person = "judge", string minutes = "60") =>
        App.As(person)
            .Send(
                new AskOrder
                {
                    CaseId = caseId,
                    Type = Type,
                    Form = Form(minutes),
                    Note = "请当面通知",
                }
            );

    private Dictionary<string, IReadOnlyList<string>> Form(string minutes = "60") =>
        new()
        {
            ["session"] = ["开庭审理"],
            ["date"] = [Times.Iso(Times.Day(App.Clock.GetUtcNow()).AddDays(7))],
            ["minutes"] = [minutes],
            ["mode"] = ["线下"],
            ["parties"] = [$"{party}"],
        };

    private static Uri Url(string path) => new(path, UriKind.Relative);
}
