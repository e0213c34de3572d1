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

    [Test]
    public void The_catalogue_has_no_code_twice() => Assert.That(TrialAffairs.All.Select(a => a.Code), Is.Unique);

    private static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
