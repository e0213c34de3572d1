using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Affairs;
using CourtOps.TrialSupport.Appeals;
using CourtOps.TrialSupport.Closing;
using CourtOps.TrialSupport.Investigations;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.AfterTrial;

/// <summary>Investigation orders, appeals on their way up, and what keeps a case from being closed.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class AfterTrialTests(Engine engine) : AppTests(engine)
{
    [TestCase("", "copies:03-07 fee:03-09 reply:- reply-copy:- file:-")]
    [TestCase("copies=2026-03-04", "copies:03-07 fee:03-09 reply:03-19 reply-copy:- file:-")]
    [TestCase("copies=2026-03-04 reply=2026-03-10", "copies:03-07 fee:03-09 reply:03-19 reply-copy:03-15 file:03-15")]
    public void The_clock_of_an_appeal_runs_from_what_was_done(string done, string due)
    {
        var run = AppealRules.Run(new(2026, 3, 2), new Appeal { Steps = done }.Done);
        Assert.That(
            string.Join(
                ' ',
                run.Select(s => $"{s.Step.Code}:{(s.Due is { } d ? d.ToString("MM-dd", System.Globalization.CultureInfo.InvariantCulture) : "-")}")
            ),
            Is.EqualTo(due)
        );
    }

    [TestCase("asked", "2026-03-01", null, true)]
    [TestCase("asked", "2026-03-02", null, false)]
    [TestCase("granted", "2026-03-01", "2026-03-02", false)]
    [TestCase("granted", "2026-03-01", "2026-03-01", true)]
    [TestCase("returned", "2026-03-01", "2026-03-01", false)]
    public void An_order_is_late(string state, string decideBy, string? validUntil, bool late) =>
        Assert.That(
            new Investigation
            {
                State = state,
                DecideBy = Day(decideBy),
                ValidUntil = validUntil is null ? null : Day(validUntil),
            }.IsLate(new(2026, 3, 2)),
            Is.EqualTo(late)
        );

    [Test]
    public async Task An_order_is_asked_signed_answered_and_keeps_the_case_open_meanwhile()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var party = await App.PartyId(caseId, "张某甲");
        AskInvestigation ask = new()
        {
            CaseId = caseId,
            PartyId = party,
            Lawyer = "律师甲",
            Licence = "1220",
            Unit = "某银行",
            Evidence = "转账流水",
            Reason = "银行不予查询",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(ask with { Licence = "" }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(() => App.As("judge").Send(ask with { PartyId = 7 }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge2").Send(ask), Throws.TypeOf<NotFound>());
        var id = await App.As("assistant").Send(ask);
        Assert.That(await App.As(null).In(s => s.GetRequiredService<ClosingBook>().MissingAsync(caseId, default)), Has.Some.Contains("调查令"));
        await Assert.ThatAsync(
            () =>
                App.As("assistant")
                    .Send(
                        new DecideInvestigation
                        {
                            CaseId = caseId,
                            Id = id,
                            Grant = true,
                            Number = "1",
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new DecideInvestigation
                        {
                            CaseId = caseId,
                            Id = id,
                            Grant = true,
                            Number = "1",
                            Touches = ["privacy"],
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("barred")
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new DecideInvestigation
                        {
                            CaseId = caseId,
                            Id = id,
                            Grant = true,
                            Number = "1",
                            Days = 31,
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.As("judge")
            .Send(
                new DecideInvestigation
                {
                    CaseId = caseId,
                    Id = id,
                    Version = 1,
                    Grant = true,
                    Number = "（2026）吉2424调1号",
                }
            );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new DecideInvestigation
                        {
                            CaseId = caseId,
                            Id = id,
                            Version = 1,
                            Grant = false,
                            Words = "x",
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("assistant")
                    .Send(
                        new ReturnInvestigation
                        {
                            CaseId = caseId,
                            Id = id,
                            Outcome = "expired",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("valid")
        );
        await App.As("assistant")
            .Send(
                new ReturnInvestigation
                {
                    CaseId = caseId,
                    Id = id,
                    Outcome = "given",
                }
            );
        var row = (await App.As("judge").Send(new ListInvestigations { CaseId = caseId })).Rows.Single();
        Assert.That((row.State, row.ValidUntil, row.DecideBy), Is.EqualTo(("returned", (DateOnly?)new DateOnly(2026, 3, 17), new DateOnly(2026, 3, 7))));
        Assert.That(await App.As(null).In(s => s.GetRequiredService<ClosingBook>().MissingAsync(caseId, default)), Has.None.Contains("调查令"));
    }

    [Test]
    public async Task An_appeal_goes_up_when_its_parcel_is_whole_and_the_zone_hears_of_it()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var party = await App.PartyId(caseId, "张某甲");
        RegisterAppeal register = new()
        {
            CaseId = caseId,
            PartyId = party,
            ReceivedOn = new(2026, 3, 2),
            UpperCourt = "延边中级人民法院",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(register with { ReceivedOn = new(2026, 4, 1) }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(() => App.As("judge2").Send(register), Throws.TypeOf<NotFound>());
        var id = await App.As("judge").Send(register);
        await Assert.ThatAsync(() => App.As("judge").Send(register), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("twice"));
        Assert.That((await App.Published<CaseEventRecorded>()).Select(e => e.Event), Has.Member("appealed"));
        App.Advance(TimeSpan.FromDays(20));
        TransferAppeal transfer = new()
        {
            CaseId = caseId,
            Id = id,
            On = new(2026, 3, 22),
            Volumes = 2,
            HandedTo = "收发室某人",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(transfer), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("missing"));
        await App.As("judge")
            .Send(
                new StepAppeal
                {
                    CaseId = caseId,
                    Id = id,
                    Items = [.. AppealRules.Items.Keys],
                }
            );
        await Assert.ThatAsync(() => App.As("judge").Send(transfer), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("open"));
        await App.As("judge")
            .Send(
                new StepAppeal
                {
                    CaseId = caseId,
                    Id = id,
                    Step = "copies",
                    On = new(2026, 3, 10),
                }
            );
        await App.As("judge")
            .Send(
                new StepAppeal
                {
                    CaseId = caseId,
                    Id = id,
                    Step = "reply",
                    On = new(2026, 3, 20),
                }
            );
        await App.As("judge").Send(transfer);
        var shown = (await App.As("judge").Send(new ListAppeals { CaseId = caseId })).Rows.Single();
        Assert.That(
            (shown.Row.State, shown.Missing.Count, shown.Steps.Single(s => s.Step.Code == "file").Done),
            Is.EqualTo(("transferred", 0, (DateOnly?)new DateOnly(2026, 3, 22)))
        );
        Assert.That((await App.Published<CaseEventRecorded>()).Select(e => e.Event), Has.Member("transferred"));
        await Assert.ThatAsync(() => App.As("judge").Send(transfer), Throws.TypeOf<RuleBroken>());
        var http = await App.SignedIn("judge");
        foreach (var path in new[] { "appeals", "investigations", "closing" })
            Assert.That((await http.GetAsync($"/trial/cases/{caseId}/{path}")).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.OK), path);
    }

    [TestCase("", "", 0, "copies reply volumes appeal")]
    [TestCase("copies=2026-03-10 reply=2026-03-20", "volumes appeal reply judgment proofs fee evidence letter", 0, "")]
    [TestCase("copies=2026-03-10 reply=2026-03-20", "volumes appeal reply judgment proofs fee evidence letter", 1, "asked")]
    public void The_checklist_names_what_keeps_an_appeal_from_going_up(string done, string items, int asked, string first)
    {
        var list = AppealRules.Checklist(
            new Appeal { Steps = done }.Done,
            items.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            [.. Enumerable.Range(0, asked).Select(_ => new AppealNeed { Kind = "papers" })]
        );
        var open = list.Where(x => !x.Done).Select(x => x.Label).ToList();
        if (first.Length == 0)
            Assert.That(open, Is.Empty);
        else if (first == "asked")
            Assert.That(open, Is.EqualTo(new[] { AppealRules.Needs["papers"].Label }));
        else
            Assert.That(open, Has.Count.EqualTo(2 + AppealRules.Items.Count));
    }

    [Test]
    public async Task What_an_appeal_lacks_is_asked_for_urged_and_received_and_the_upper_court_answers()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var id = await App.As("judge")
            .Send(
                new RegisterAppeal
                {
                    CaseId = caseId,
                    PartyId = await App.PartyId(caseId, "张某甲"),
                    ReceivedOn = new(2026, 3, 2),
                    UpperCourt = "延边中级人民法院",
                }
            );
        AskAppeal ask = new()
        {
            CaseId = caseId,
            Id = id,
            Kind = "fee",
            Words = "上诉费 100 元",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(ask with { Kind = "gift" }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(() => App.As("judge").Send(ask with { Days = 31 }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(() => App.As("judge").Send(ask with { UpperAsks = true }), Throws.TypeOf<RuleBroken>(), "it is still here");
        await Assert.ThatAsync(() => App.As("judge2").Send(ask), Throws.TypeOf<NotFound>());
        var fee = await App.As("judge").Send(ask);
        await Assert.ThatAsync(() => App.As("judge").Send(ask), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("twice"));
        var papers = await App.As("judge").Send(ask with { Kind = "papers", Words = "上诉状副本二份" });
        var shown = await ShowAsync(caseId);
        Assert.That(shown.Needs.Select(n => n.DueOn), Is.EqualTo(new[] { new DateOnly(2026, 3, 9), new DateOnly(2026, 3, 7) }));
        Assert.That(shown.Row.Done["fee"], Is.EqualTo(new DateOnly(2026, 3, 2)), "its notice is the step of the clock");
        SettleNeed settle = new()
        {
            CaseId = caseId,
            Id = id,
            NeedId = papers,
            Act = "urge",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(settle), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-due"));
        App.Advance(TimeSpan.FromDays(20));
        await App.As("judge").Send(settle);
        await Assert.ThatAsync(() => App.As("judge").Send(settle), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("today"));
        await App.As("judge")
            .Send(
                new StepAppeal
                {
                    CaseId = caseId,
                    Id = id,
                    Step = "copies",
                    On = new(2026, 3, 10),
                    Items = [.. AppealRules.Items.Keys.Where(i => i != "fee")],
                }
            );
        await App.As("judge")
            .Send(
                new StepAppeal
                {
                    CaseId = caseId,
                    Id = id,
                    Step = "reply",
                    On = new(2026, 3, 20),
                }
            );
        TransferAppeal transfer = new()
        {
            CaseId = caseId,
            Id = id,
            On = new(2026, 3, 22),
            Volumes = 2,
            HandedTo = "收发室某人",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(transfer), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("asked"));
        await App.As("judge").Send(settle with { NeedId = fee, Act = "receive" });
        Assert.That((await ShowAsync(caseId)).Row.ItemSet, Has.Member("fee"), "the receipt is in the parcel");
        await Assert.ThatAsync(() => App.As("judge").Send(settle with { Act = "drop" }), Throws.TypeOf<FluentValidation.ValidationException>(), "why?");
        await App.As("judge").Send(settle with { Act = "drop", Words = "原件已在卷" });
        RecordUpper upper = new()
        {
            CaseId = caseId,
            Id = id,
            Act = "accept",
            On = new(2026, 3, 22),
            Number = "(2026)吉24民终100号",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(upper), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("state"));
        await App.As("judge").Send(transfer);
        await App.As("judge").Send(ask with { Kind = "service", Words = "被上诉人地址", UpperAsks = true });
        await Assert.ThatAsync(() => App.As("judge").Send(upper with { Number = "民终" }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(() => App.As("judge").Send(upper with { On = new(2026, 3, 1) }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(
            () => App.As("judge").Send(upper with { Number = Sample.Number(1) }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("own")
        );
        Assert.That((await App.As("judge").Send(upper)).UpperNumber, Is.EqualTo("（2026）吉24民终100号"));
        App.Advance(TimeSpan.FromDays(60));
        await Assert.ThatAsync(() => App.As("judge").Send(upper with { Act = "return" }), Throws.TypeOf<RuleBroken>(), "not decided yet");
        var decided = await App.As("judge").Send(upper with { Act = "decide", On = new(2026, 5, 10), Number = "", Result = "upheld" });
        Assert.That((decided.State, decided.Result, decided.UpperNumber), Is.EqualTo(("decided", "upheld", "（2026）吉24民终100号")));
        await App.As("judge").Send(upper with { Act = "return", On = new(2026, 5, 20), Number = "" });
        var page = System.Net.WebUtility.HtmlDecode(await (await App.SignedIn("judge")).GetStringAsync($"/trial/cases/{caseId}/appeals"));
        Assert.That(page, Does.Contain("（2026）吉24民终100号").And.Contain("维持原判").And.Contain("被上诉人地址"));
    }

    private async Task<ListAppeals.Running> ShowAsync(long caseId) => (await App.As("judge").Send(new ListAppeals { CaseId = caseId })).Rows.Single();

    [Test]
    public void The_catalogue_has_no_code_twice() => Assert.That(TrialAffairs.All.Select(a => a.Code), Is.Unique);

    private static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
