using System.Net;
using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Fees;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Split;
using FluentValidation;

namespace CourtOps.Triage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SplitTests(Engine engine) : AppTests(engine)
{
    private async Task<(long CaseId, string Judge)> UnderwayAsync(TakeFiling? filing = null)
    {
        var registered = await App.Registered(filing ?? TriageSamples.Loan());
        var drawn = await App.Send(new AllotCase { FilingId = registered.Filing });
        await App.DrainAsync();
        return (registered.Case.CaseId, (await App.As(null).Value<string>("SELECT login FROM workzone_person WHERE id = @JudgeId", new { drawn.JudgeId }))!);
    }

    [Test]
    public async Task A_later_fact_brings_a_proposal_and_its_acceptance_moves_clock_fee_and_everybody()
    {
        var (caseId, judge) = await UnderwayAsync();
        await App.Hear(
            new ExpertEntrusted
            {
                CaseId = caseId,
                OpinionId = 1,
                On = new DateOnly(2026, 3, 2),
            },
            "e1"
        );
        await App.Hear(
            new ExpertEntrusted
            {
                CaseId = caseId,
                OpinionId = 1,
                On = new DateOnly(2026, 3, 2),
            },
            "e2"
        );
        var p = (await App.As(judge).Send(new ListProposals())).Rows.Single();
        Assert.That((p.Fact, p.FromProcedure, p.ToProcedure, p.ClockThen), Is.EqualTo(("expert", "MC-SML", "MC-SUM", (DateOnly?)new DateOnly(2026, 6, 2))));
        Assert.That(p.WhyList[0], Does.Contain("民诉法 166"));
        var other = judge == "judge" ? "judge2" : "judge";
        Assert.That((await App.As(other).Send(new ListProposals())).Rows, Is.Empty);
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new DecideProposal
                    {
                        Id = p.Id,
                        Version = p.Version,
                        Take = true,
                    }
                ),
            Throws.TypeOf<NotFound>()
        );
        await Assert.ThatAsync(() => App.As(judge).Send(new DecideProposal { Id = p.Id, Version = p.Version }), Throws.TypeOf<ValidationException>());
        await App.Send(
            new DecideProposal
            {
                Id = p.Id,
                Version = p.Version,
                Take = true,
            }
        );
        await App.DrainAsync();
        Assert.That(await App.Value<string>("SELECT procedure_code FROM workzone_case WHERE id = @caseId", new { caseId }), Is.EqualTo("MC-SUM"));
        Assert.That((await App.Published<TrackChanged>()).Single() is { FromProcedure: "MC-SML", ToProcedure: "MC-SUM" });
        Assert.That((await App.As("registrar").Send(new ListBills())).Rows, Has.Count.EqualTo(1), "both are halved: no supplement");
        await Assert.ThatAsync(
            () =>
                App.As(judge)
                    .Send(
                        new DecideProposal
                        {
                            Id = p.Id,
                            Version = p.Version + 1,
                            Take = true,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
    }

    [Test]
    public async Task Announcement_leads_to_ordinary_procedure_and_the_rest_of_the_fee()
    {
        var (caseId, judge) = await UnderwayAsync();
        await App.Hear(
            new DocumentServed
            {
                CaseId = caseId,
                DocumentId = 1,
                PartyId = 1,
                Method = "announcement",
                EffectiveOn = new DateOnly(2026, 3, 2),
            }
        );
        var p = (await App.As(judge).Send(new ListProposals())).Rows.Single();
        Assert.That((p.ToProcedure, p.ClockThen), Is.EqualTo(("MC-ORD", (DateOnly?)new DateOnly(2026, 9, 2))));
        var http = await App.SignedIn(judge);
        Assert.That(await http.GetStringAsync("/triage/split"), Does.Contain("公告送达").And.Contain("2026-09-02"));
        Assert.That(await http.GetStringAsync($"/triage/cases/{caseId}/panel"), Does.Contain("建议转换").And.Contain("改分繁简"));
        Assert.That(
            (await TestApp.PostForm(http, "/triage/split", "/triage/split", ("ProposalId", $"{p.Id}"), ("Version", "1"), ("Take", "true"))).StatusCode,
            Is.EqualTo(HttpStatusCode.Redirect)
        );
        await App.DrainAsync();
        Assert.That((await App.As("registrar").Send(new ListBills())).Rows.Single(b => b.Kind == "supplement").Amount, Is.EqualTo(27_500));
    }

    [Test]
    public async Task A_judge_who_decides_otherwise_feeds_the_report()
    {
        var (caseId, judge) = await UnderwayAsync();
        await Assert.ThatAsync(() => App.As(judge).Send(new OverrideBand { CaseId = caseId, Band = "complex" }), Throws.TypeOf<ValidationException>());
        await App.Send(
            new OverrideBand
            {
                CaseId = caseId,
                Band = "complex",
                Reason = "涉及多笔往来账目",
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new OverrideBand
                    {
                        CaseId = caseId,
                        Band = "complex",
                        Reason = "再",
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        var report = await App.As("registrar").Send(new ReportOnSplit());
        Assert.That(
            (report.Cases, report.Overrides, report.Share, report.ByCause.Single().Heavier, report.Reasons.Single()),
            Is.EqualTo((1, 1, 100.0m, 1, "涉及多笔往来账目"))
        );
        var http = await App.SignedIn("registrar");
        Assert.That(await http.GetStringAsync("/triage/split"), Does.Contain("涉及多笔往来账目"));
    }

    [TestCase("MC-SML", "counterclaim", "MC-SUM")]
    [TestCase("MC-SML", "expert", "MC-SUM")]
    [TestCase("MC-SML", "announcement", "MC-ORD")]
    [TestCase("MC-SUM", "announcement", "MC-ORD")]
    [TestCase("MC-SUM", "expert", null)]
    [TestCase("MC-ORD", "announcement", null)]
    [TestCase("AD-S", "expert", null)]
    public void A_fact_bars_a_procedure(string procedure, string fact, string? to) => Assert.That(ProcedureBars.Of(procedure, fact)?.To, Is.EqualTo(to));

    [TestCase(0, "fast")]
    [TestCase(3, "fast")]
    [TestCase(4, "summary")]
    [TestCase(7, "ordinary")]
    [TestCase(11, "complex")]
    public void Bands_follow_the_score(int score, string band) =>
        Assert.That(SplitRules.Of(new SplitFacts { CausePoints = score }, new SplitPoints()).Band, Is.EqualTo(band));
}
