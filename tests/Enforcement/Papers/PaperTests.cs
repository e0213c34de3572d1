using CourtOps.Contracts;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Papers;

/// <summary>Papers are drafted from the records; what their service begins; a frozen deposit is taken.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PaperTests(Engine engine) : AppTests(engine)
{
    private async Task<(long Case, long Party)> CaseAsync()
    {
        var origin = await App.Case(1, new SampleParty("王某乙"));
        var made = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    JudgeId = await App.IdOf("judge"),
                    EffectiveOn = new(2026, 3, 2),
                    Amount = 1000m,
                }
            );
        return (made.CaseId, await App.PartyId(made.CaseId, "王某乙"));
    }

    private async Task<MeasureRow> FreezeAsync(long id, long party) =>
        await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = id,
                    PartyId = party,
                    Kind = "deposit",
                    Description = "工行尾号0001",
                    Amount = 600m,
                    Authority = "汪清测试银行",
                    Start = new DateOnly(2026, 3, 2),
                }
            );

    private async Task SendDraftAsync(long caseId, long paper)
    {
        var document = await App.As(null).Value<long>("SELECT document_id FROM enforcement_paper WHERE id = @paper", new { paper });
        await App.As("leader").Send(new Linkage.SaveAgency { Name = "汪清测试银行", Kind = "bank" });
        await App.As("judge")
            .Send(
                new Linkage.SendLinkage
                {
                    CaseId = caseId,
                    Agencies = ["汪清测试银行"],
                    Act = "release",
                    Words = "解除",
                    DocumentIds = [document],
                    Due = new DateOnly(2026, 3, 10),
                }
            );
    }

    [Test]
    public async Task Notice_and_report_order_go_out_together_and_their_service_begins_the_days()
    {
        var (id, party) = await CaseAsync();
        var made = await App.As("judge").Send(new DraftPaper { CaseId = id, Kind = "notice" });
        Assert.That(made, Has.Count.EqualTo(2));
        await Assert.ThatAsync(
            () => App.As("judge").Send(new DraftPaper { CaseId = id, Kind = "notice" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("there-already")
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(new DraftPaper { CaseId = id, Kind = "notice" }), Throws.TypeOf<NotFound>());
        await App.As(null).Change("UPDATE enforcement_paper SET made_at = '2026-03-02T01:00:00Z', document_id = id");
        foreach (var paper in made)
            await App.Hear(
                new DocumentServed
                {
                    CaseId = id,
                    DocumentId = paper,
                    PartyId = party,
                    EffectiveOn = new DateOnly(2026, 3, 2),
                }
            );
        Assert.That(
            await App.Value<DateOnly>("SELECT done_on FROM enforcement_node WHERE case_id = @id AND code = 'notice'", new { id }),
            Is.EqualTo(new DateOnly(2026, 3, 2))
        );
        var report = (await App.As("judge").Send(new ListDates { Kind = DateKinds.Report })).Rows.Single();
        Assert.That(report.DueOn, Is.EqualTo(new DateOnly(2026, 3, 12)));
        RecordReport answer = new()
        {
            CaseId = id,
            PartyId = party,
            Kind = "answer",
            Words = "有车一辆",
        };
        Assert.That((await App.As("judge").Send(answer)).Late, Is.False);
        Assert.That((await App.As("judge").Send(new ListDates { Kind = DateKinds.Report })).Rows, Is.Empty);
        Assert.That(
            await App.As(null).Value<DateOnly?>("SELECT done_on FROM enforcement_node WHERE case_id = @id AND code = 'report'", new { id }),
            Is.Not.Null
        );
        App.Advance(TimeSpan.FromDays(20));
        var change = await App.As("judge").Send(answer with { Kind = "change", ChangedOn = new DateOnly(2026, 3, 11) });
        Assert.That((change.DueOn, change.Late), Is.EqualTo((new DateOnly(2026, 3, 23), false)), "the tenth day is a Saturday");
        Assert.That((await App.As("judge").Send(answer with { Kind = "change", ChangedOn = new DateOnly(2026, 3, 10) })).Late, Is.True);
    }

    [Test]
    public async Task A_frozen_deposit_is_taken_in_parts_and_its_money_is_the_cases()
    {
        var (id, party) = await CaseAsync();
        var m = await FreezeAsync(id, party);
        Assert.That(
            await App.Send(
                new DraftPaper
                {
                    CaseId = id,
                    Kind = "deduct",
                    MeasureId = m.Id,
                    Amount = 100m,
                }
            ),
            Has.Count.EqualTo(1)
        );
        DeductDeposit deduct = new()
        {
            Id = m.Id,
            Amount = 600.01m,
            Reference = "K1",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(deduct), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("too-much"));
        var part = await App.As("judge").Send(deduct with { Amount = 100m, Version = m.Version });
        Assert.That((part.State, part.Amount), Is.EqualTo(("active", 50_000L)));
        await Assert.ThatAsync(() => App.As("judge").Send(deduct with { Amount = 1m, Version = m.Version, Reference = "K2" }), Throws.TypeOf<Conflict>());
        await Assert.ThatAsync(
            () => App.As("judge").Send(deduct with { Amount = 100m }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("repeated"),
            "the same money is not taken twice"
        );
        var rest = await App.As("judge").Send(deduct with { Amount = 500m, Reference = "K2" });
        Assert.That((rest.State, rest.EndedReason), Is.EqualTo(("released", "sold")));
        Assert.That((await App.As("judge").Send(new ShowCaseMoney { CaseId = id })).Held, Is.EqualTo(60_000L));
        await Assert.ThatAsync(() => App.As("judge2").Send(deduct), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task A_draft_is_printed_into_the_case_once()
    {
        var (id, party) = await CaseAsync();
        var m = await FreezeAsync(id, party);
        foreach (var kind in new[] { "renew", "release" })
            await App.As("judge")
                .Send(
                    new DraftPaper
                    {
                        CaseId = id,
                        Kind = kind,
                        MeasureId = m.Id,
                    }
                );
        var shown = await App.As("judge").Send(new ShowPapers { CaseId = id });
        Assert.That(shown.Papers.Select(p => p.Kind), Is.EquivalentTo(new[] { "renew", "release" }));
        Assert.That(shown.Papers.Single(p => p.Kind == "renew").Paragraphs, Does.Contain("2027年3月2日起算"));
        await App.DrainAsync();
        Assert.That((await App.As("judge").Send(new ShowPapers { CaseId = id })).Papers.All(p => p.DocumentId is not null), Is.True);
        Assert.That(App.Printer.Html, Has.Some.Contains("<p>解除对被执行人王某乙的工行尾号0001的冻结。</p>"));
        await Assert.ThatAsync(
            () => SendDraftAsync(id, shown.Papers[0].Id),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("draft"),
            "a draft is not sent to an agency"
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowPapers { CaseId = id }), Throws.TypeOf<NotFound>());
    }
}

/// <summary>What the papers say.</summary>
public sealed class PaperTextTests
{
    private static readonly PaperCase Case = new(
        "汪清县人民法院",
        "（2026）吉2424执1号",
        "张某甲",
        "王某乙",
        "（2026）吉2424民初1号",
        123_456,
        5_000,
        new(2026, 3, 2)
    );

    [Test]
    public void Every_means_has_its_paper()
    {
        foreach (var kind in Persuade.SanctionRules.Kinds.Keys.Where(k => k != "report"))
        {
            var text = PaperTexts.OfSanction(
                Case,
                new Persuade.SanctionRow
                {
                    Kind = kind,
                    Ground = "evade",
                    PartyName = "王某乙",
                    Words = "转移存款",
                    Amount = 100_000,
                    Days = 7,
                    UntilOn = new(2028, 3, 1),
                }
            );
            Assert.That(string.Concat(text.Paragraphs), Does.Contain("王某乙").And.Not.Contain("{"), kind);
            Assert.That(text.Title, Is.EqualTo(PaperTexts.Labels[kind]));
        }
        Assert.That(
            string.Concat(
                PaperTexts
                    .OfSanction(
                        Case,
                        new Persuade.SanctionRow
                        {
                            Kind = "fine",
                            Ground = "report",
                            Amount = 100_000,
                        }
                    )
                    .Paragraphs
            ),
            Does.Contain("罚款 1000.00 元")
        );
    }

    [Test]
    public void The_notice_names_what_is_owed_and_a_criminal_case_has_no_applicant()
    {
        Assert.That(string.Concat(PaperTexts.OfNotice(Case, "王某乙").Paragraphs), Does.Contain("尚欠 1234.56 元").And.Contain("申请执行费 50.00 元"));
        Assert.That(string.Concat(PaperTexts.OfNotice(Case with { Creditors = "" }, "王某乙").Paragraphs), Does.Contain("依职权移送执行"));
        Assert.That(string.Concat(PaperTexts.OfRoundEnd(Case, "没有财产", 100).Paragraphs), Does.Contain("已执行到位 1.00 元").And.Contain("尚有 1234.56 元"));
    }

    [TestCase("movable", "active", 1, "enforcement", "not-deposit")]
    [TestCase("deposit", "waiting", 2, "enforcement", "state")]
    [TestCase("deposit", "active", 1, "preservation", "preservation")]
    [TestCase("deposit", "active", 1, "enforcement", null)]
    public void Only_a_first_freeze_in_enforcement_is_taken(string kind, string state, int place, string basis, string? code)
    {
        MeasureRow m = new()
        {
            Kind = kind,
            State = state,
            Place = place,
            Basis = basis,
            Amount = 100,
        };
        if (code is null)
            Assert.DoesNotThrow(() => DeductRules.Check(m, 100));
        else
            Assert.That(Assert.Throws<RuleBroken>(() => DeductRules.Check(m, 100))!.Code, Is.EqualTo(code));
    }
}
