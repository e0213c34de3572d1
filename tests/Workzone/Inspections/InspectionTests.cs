using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Settings;
using CourtOps.Workzone.Supervision;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Inspections;

/// <summary>From a change of the record over a finding and its order to the correction.</summary>
public sealed class InspectionTests() : AppTests(Engine.Sqlite)
{
    private const string Wrong = "990101198001010011";

    [Test]
    public async Task What_is_found_opens_one_order_and_its_correction_ends_it()
    {
        var id = await App.Case(1, new SampleParty("王某乙") { IdNumber = Wrong, Phone = "13800000002" });
        await App.DrainAsync();
        var shown = await App.As("judge").Send(new ShowCaseInspection { CaseId = id });
        var finding = shown.Findings.Single(f => f.Code == "id-wrong");
        var party = await App.PartyId(id, "王某乙");
        Assert.That((finding.Href, finding.OrderNumber), Is.EqualTo(($"/parties/{party}/address", finding.OrderNumber)));
        Assert.That(finding.OrderNumber, Is.Not.Null);
        Assert.That(shown.Look!.Complete, Is.LessThan(100));
        await App.As("judge")
            .Send(
                new RecordCaseEvent
                {
                    CaseId = id,
                    Event = "panel-formed",
                    On = new DateOnly(2026, 2, 10),
                }
            );
        await App.DrainAsync();
        Assert.That(await OrdersAsync(id), Has.Count.EqualTo(1), "the same finding opens no second order");
        await App.As("judge").Send(new SaveContact { PartyId = party, IdNumber = Seeding.DemoId.Of(2) });
        shown = await App.As("judge").Send(new ShowCaseInspection { CaseId = id });
        Assert.That(shown.Findings.Select(f => f.Code), Does.Not.Contain("id-wrong"));
        Assert.That(shown.Mended.Single(m => m.Code == "id-wrong").MendedBy, Is.EqualTo("李测试"));
        Assert.That(await OrdersAsync(id), Is.EqualTo(new[] { OrderState.Cancelled }), "nobody had begun");
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_decision WHERE name = 'workzone.inspection' AND case_id = @id", new { id }),
            Is.GreaterThan(0),
            "a dry run has real ones to try"
        );
    }

    [Test]
    public async Task An_order_in_hand_is_closed_when_everything_is_corrected()
    {
        var id = await App.Case(2, new SampleParty("王某乙") { IdNumber = Wrong, Phone = "13800000002" });
        await App.DrainAsync();
        var order = await App.As(null).Value<long>("SELECT order_id FROM workzone_inspection WHERE case_id = @id AND code = 'id-wrong'", new { id });
        await App.As("registrar").Send(new TakeStep { Id = order, Step = OrderStep.Accept });
        await App.As("judge").Send(new SaveContact { PartyId = await App.PartyId(id, "王某乙"), IdNumber = Seeding.DemoId.Of(2) });
        Assert.That(await OrdersAsync(id), Is.EqualTo(new[] { OrderState.Closed }));
        Assert.That(await App.Verify("order-chains"), Is.Empty);
    }

    [Test]
    public async Task A_case_is_corrected_with_a_reason_and_what_cannot_be_is_refused_beside_its_field()
    {
        var id = await CaseAsync(3);
        Task Correct(CorrectCase c) => App.As("judge").Send(c with { CaseId = id });
        Assert.That(
            () => Correct(new CorrectCase { Cause = "买卖合同纠纷" }),
            Throws.TypeOf<FluentValidation.ValidationException>().With.Message.Contains("更正的理由")
        );
        Assert.That(() => Correct(new CorrectCase { Reason = "核对" }), Throws.TypeOf<RuleBroken>().With.Message.Contains("没有任何更正"));
        Assert.That(
            () => Correct(new CorrectCase { Reason = "核对", AllottedOn = new DateOnly(2026, 1, 2) }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("早于立案日期")
        );
        Assert.That(
            () => Correct(new CorrectCase { Reason = "核对", CustodyUntil = new DateOnly(2026, 12, 2) }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("只有刑事案件")
        );
        Assert.That(
            () => Correct(new CorrectCase { Reason = "核对", ClosedOn = new DateOnly(2026, 2, 20) }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("还没有结案")
        );
        Assert.That(
            () =>
                Correct(
                    new CorrectCase
                    {
                        Reason = "核对",
                        Cause = "买卖合同纠纷",
                        Version = 77,
                    }
                ),
            Throws.TypeOf<Conflict>()
        );
        var end = await App.As(null).Value<DateOnly>("SELECT clock_end FROM workzone_case WHERE id = @id", new { id });
        await Correct(
            new CorrectCase
            {
                Reason = "核对起诉状",
                FiledOn = new DateOnly(2026, 2, 1),
                Amount = 1234.56m,
                Cause = "买卖合同纠纷",
            }
        );
        var row = (await App.As(null).Rows<Stored>("SELECT cause, amount, clock_end FROM workzone_case WHERE id = @id", new { id })).Single();
        Assert.That((row.Cause, row.Amount), Is.EqualTo(("买卖合同纠纷", 123456L)));
        Assert.That(row.ClockEnd, Is.LessThan(end), "the clock follows the day of filing");
        Assert.That(
            () =>
                App.As("judge2")
                    .Send(
                        new CorrectCase
                        {
                            CaseId = id,
                            Reason = "无关",
                            Cause = "其他",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        Assert.That(
            () =>
                App.As("leader")
                    .Send(
                        new CorrectCase
                        {
                            CaseId = id,
                            Reason = "无关",
                            Cause = "其他",
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE action = 'workzone.case.correct' AND object_id = @id", new { id = $"{id}" }),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task A_wrong_event_is_taken_back_and_the_right_one_recorded()
    {
        var id = await CaseAsync(4);
        App.At(TestClock.Shanghai(2026, 3, 20, 9, 0));
        await App.As("judge")
            .Send(
                new RecordCaseEvent
                {
                    CaseId = id,
                    Event = "hearing-held",
                    On = new DateOnly(2026, 3, 10),
                }
            );
        await App.As("judge")
            .Send(
                new RecordCaseEvent
                {
                    CaseId = id,
                    Event = "document-issued",
                    On = new DateOnly(2026, 3, 5),
                    Detail = "judgment",
                }
            );
        await App.DrainAsync();
        Assert.That(await CodesAsync(id), Does.Contain("judgment-before-hearing"));
        var wrong = await App.As(null).Value<long>("SELECT id FROM workzone_case_event WHERE case_id = @id AND event = 'document-issued'", new { id });
        await App.As("judge")
            .Send(
                new UndoEvent
                {
                    CaseId = id,
                    EventId = wrong,
                    Reason = "日期写错",
                }
            );
        Assert.That(await CodesAsync(id), Does.Not.Contain("judgment-before-hearing"));
        Assert.That(
            () =>
                App.As("judge")
                    .Send(
                        new UndoEvent
                        {
                            CaseId = id,
                            EventId = wrong,
                            Reason = "再撤",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        Assert.That(
            (
                await App.As("judge")
                    .Send(
                        new RecordCaseEvent
                        {
                            CaseId = id,
                            Event = "document-issued",
                            On = new DateOnly(2026, 3, 15),
                            Detail = "judgment",
                        }
                    )
            ).Recorded,
            Is.True
        );
    }

    [Test]
    public async Task What_is_right_as_it_stands_is_kept_with_a_reason_and_not_found_again()
    {
        var id = await App.Case(5, new SampleParty("王某乙") { IdNumber = "", Phone = "13800000002" });
        await App.DrainAsync();
        var finding = (await App.As("judge").Send(new ShowCaseInspection { CaseId = id })).Findings.First(f => f.Code == "id-missing").Id;
        Assert.That(() => App.As("judge2").Send(new WaiveFinding { Id = finding, Reason = "无关" }), Throws.TypeOf<NotFound>());
        Assert.That(() => App.As("judge").Send(new WaiveFinding { Id = finding }), Throws.TypeOf<FluentValidation.ValidationException>());
        await App.As("judge").Send(new WaiveFinding { Id = finding, Reason = "外国人，没有证件号码" });
        await App.As("judge").Send(new InspectCase { CaseId = id });
        var shown = await App.As("judge").Send(new ShowCaseInspection { CaseId = id });
        Assert.That(shown.Findings.Where(f => f.Code == "id-missing" && f.Args == "王某乙"), Is.Empty);
        Assert.That(shown.Waivers.Single().Reason, Does.Contain("外国人"));
    }

    [Test]
    public async Task Parties_and_agents_are_corrected()
    {
        var id = await CaseAsync(6);
        var party = await App.PartyId(id, "王某乙");
        await App.As("judge")
            .Send(
                new SaveAgent
                {
                    PartyId = party,
                    Name = "冯某",
                    Type = "律师",
                    Phone = "13900000007",
                }
            );
        await App.As("judge")
            .Send(
                new SaveAgent
                {
                    PartyId = party,
                    Name = "冯某",
                    Type = "近亲属",
                }
            );
        Assert.That(
            (await App.As(null).Rows<Agent>("SELECT agent_type, phone_tail FROM workzone_agent WHERE party_id = @party", new { party })).Select(a =>
                (a.AgentType, a.PhoneTail)
            ),
            Is.EqualTo(new[] { ("近亲属", "0007") })
        );
        await App.As("judge")
            .Send(
                new SaveAgent
                {
                    PartyId = party,
                    Name = "冯某",
                    Ended = true,
                }
            );
        Assert.That(
            () =>
                App.As("judge")
                    .Send(
                        new SaveAgent
                        {
                            PartyId = party,
                            Name = "冯某",
                            Ended = true,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        await App.As("judge")
            .Send(
                new CorrectParty
                {
                    PartyId = party,
                    Role = "第三人",
                    PartyType = "natural",
                }
            );
        Assert.That(await CodesAsync(id), Does.Contain("no-respondent"));
        Assert.That(await App.As(null).Value<string>("SELECT parties_text FROM workzone_case WHERE id = @id", new { id }), Does.Contain("王某乙"));
        Assert.That(
            () =>
                App.As("judge2")
                    .Send(
                        new CorrectParty
                        {
                            PartyId = party,
                            Role = "被告",
                            PartyType = "natural",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
    }

    [Test]
    public async Task An_ignored_order_is_urged_once()
    {
        var id = await App.Case(7, new SampleParty("王某乙") { IdNumber = Wrong, Phone = "13800000002" });
        await App.DrainAsync();
        App.At(TestClock.Monday.AddDays(10));
        await App.RunJob<RaiseSlips>();
        await App.RunJob<RaiseSlips>();
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_slip WHERE case_id = @id AND cause_key LIKE 'inspection:%'", new { id }),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task The_table_of_a_court_and_the_nightly_sample_count()
    {
        var id = await App.Case(8, new SampleParty("王某乙") { IdNumber = Wrong, Phone = "13800000002" });
        var court = await App.As(null).Value<long>("SELECT court_id FROM workzone_case WHERE id = @id", new { id });
        await App.RunJob<SampleInspections>();
        Assert.That(await CodesAsync(id), Does.Contain("id-wrong"));
        var off = InspectionTable.Table.Default.Rows.Select(r =>
            r.When["Rule"].Values[0] == "id-wrong" ? r with { Then = new Dictionary<string, string>(r.Then) { ["Severity"] = "off" } } : r
        );
        await App.As("leader")
            .Send(
                new SaveSetting
                {
                    Key = InspectionTable.Key,
                    CourtId = court,
                    Reason = "本院另行核对",
                    Table = new TableBody { Rows = [.. off] },
                }
            );
        await App.RunJob<SampleInspections>();
        Assert.That(await CodesAsync(id), Does.Not.Contain("id-wrong"));
    }

    [Test]
    public async Task The_pages_show_rates_and_correct_by_their_forms()
    {
        var id = await App.Case(9, new SampleParty("王某乙") { IdNumber = "", Phone = "13800000002" });
        await App.DrainAsync();
        var judge = await App.SignedIn("judge");
        var list = WebUtility.HtmlDecode(await judge.GetStringAsync(new Uri("/inspection?severity=warning", UriKind.Relative)));
        Assert.That(list, Does.Contain("李测试团队").And.Contain("王某乙缺证件号码"));
        var path = $"/cases/{id}/inspection";
        var page = WebUtility.HtmlDecode(await judge.GetStringAsync(new Uri(path, UriKind.Relative)));
        Assert.That(page, Does.Contain("去更正").And.Contain("更正案件信息"));
        var refused = await TestApp.PostForm(judge, path, path + "?handler=Case", ("Data.Cause", "买卖合同纠纷"));
        Assert.That(WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()), Does.Contain("请写明更正的理由").And.Contain("买卖合同纠纷"));
        var done = await TestApp.PostForm(judge, path, path + "?handler=Case", ("Data.Cause", "买卖合同纠纷"), ("Data.Reason", "核对起诉状"));
        Assert.That(done.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await done.Content.ReadAsStringAsync());
        Assert.That(WebUtility.HtmlDecode(await judge.GetStringAsync(new Uri($"/cases/{id}", UriKind.Relative))), Does.Contain("完整率"));
    }

    private Task<long> CaseAsync(int serial) => App.Case(serial, new SampleParty("王某乙") { IdNumber = Seeding.DemoId.Of(2), Phone = "13800000002" });

    private Task<IReadOnlyList<string>> OrdersAsync(long id) =>
        App.As(null).Rows<string>("SELECT state FROM workzone_order WHERE case_id = @id AND order_type = 'affair.correct-data' ORDER BY id", new { id });

    private Task<IReadOnlyList<string>> CodesAsync(long id) =>
        App.As(null).Rows<string>("SELECT code FROM workzone_inspection WHERE case_id = @id", new { id });

    private sealed record Stored
    {
        public string Cause { get; init; } = "";
        public long? Amount { get; init; }
        public DateOnly? ClockEnd { get; init; }
    }

    private sealed record Agent
    {
        public string AgentType { get; init; } = "";
        public string? PhoneTail { get; init; }
    }
}
