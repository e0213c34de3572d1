using CourtOps.Contracts;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Persuade;

/// <summary>Means against debtors, settlements, and the end of a round, with the dates they set.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PersuadeTests(Engine engine) : AppTests(engine)
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

    [Test]
    public async Task A_means_needs_the_notice_and_another_persons_word_and_is_lifted_after_performance()
    {
        var (id, party) = await CaseAsync();
        AskSanction ask = new()
        {
            CaseId = id,
            PartyId = party,
            Kind = "consumption",
            Words = "没有履行",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(ask), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-notice"));
        await App.As("judge").Send(new MarkNode { CaseId = id, Code = "notice" });
        var sanction = await App.As("judge").Send(ask);
        await Assert.ThatAsync(() => App.As("judge").Send(ask), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("there-already"));
        await Assert.ThatAsync(() => App.As("judge").Send(new DecideSanction { Id = sanction, Granted = true }), Throws.TypeOf<Forbidden>());
        var granted = await App.As("leader").Send(new DecideSanction { Id = sanction, Granted = true });
        Assert.That((granted.State, granted.UntilOn), Is.EqualTo(("active", (DateOnly?)null)));
        await Assert.ThatAsync(() => App.As("leader").Send(new DecideSanction { Id = sanction, Granted = true }), Throws.TypeOf<RuleBroken>());
        await App.Hear(
            new CaseClosed
            {
                CaseId = id,
                On = new DateOnly(2026, 3, 2),
                How = "performed",
            }
        );
        var date = (await App.As("judge").Send(new ListDates { Kind = DateKinds.Sanction })).Rows.Single();
        Assert.That(date.DueOn, Is.EqualTo(new DateOnly(2026, 3, 5)), "three working days");
        await App.As("judge").Send(new EndSanction { Id = sanction, Why = "performed" });
        Assert.That((await App.As("judge").Send(new ListDates { Kind = DateKinds.Sanction })).Rows, Is.Empty);
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowPersuade { CaseId = id }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task A_settlement_waits_for_each_instalment_and_ends_with_the_last()
    {
        var (id, _) = await CaseAsync();
        var settlement = await App.As("judge")
            .Send(
                new RecordSettlement
                {
                    CaseId = id,
                    SignedOn = new(2026, 3, 2),
                    Words = "分两期",
                    Parts = InstalmentLines.Read("2026-04-30，400\n2026/5/31 600"),
                }
            );
        Assert.That(
            (await App.As("judge").Send(new ListDates())).Rows.Select(d => d.DueOn),
            Is.EqualTo(new[] { new DateOnly(2026, 4, 30), new DateOnly(2026, 5, 31) })
        );
        App.Advance(TimeSpan.FromDays(70));
        await App.As("judge")
            .Send(
                new StepSettlement
                {
                    Id = settlement,
                    Step = "pay",
                    N = 1,
                }
            );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new StepSettlement
                        {
                            Id = settlement,
                            Step = "pay",
                            N = 1,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        var done = await App.As("judge")
            .Send(
                new StepSettlement
                {
                    Id = settlement,
                    Step = "pay",
                    N = 2,
                }
            );
        Assert.That((done.State, done.Total), Is.EqualTo(("performed", 100000L)));
        Assert.That((await App.As("judge").Send(new ListDates())).Rows, Is.Empty);
        await Assert.ThatAsync(() => Task.FromResult(InstalmentLines.Read("下个月 五百")), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task A_round_ends_only_when_everything_is_met_and_its_debtors_are_asked_about_every_six_months()
    {
        var (id, party) = await CaseAsync();
        await App.As("judge").Send(new MarkNode { CaseId = id, Code = "notice" });
        await Assert.ThatAsync(
            () => App.As("judge").Send(new AskRoundEnd { CaseId = id, Words = "没有财产" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-met")
        );
        var sanction = await App.As("judge")
            .Send(
                new AskSanction
                {
                    CaseId = id,
                    PartyId = party,
                    Kind = "consumption",
                    Words = "没有履行",
                }
            );
        await App.As("leader").Send(new DecideSanction { Id = sanction, Granted = true });
        App.Advance(TimeSpan.FromDays(95));
        App.As("judge");
        foreach (var node in new[] { "network", "report", "investigate", "assign" })
            await App.Send(new MarkNode { CaseId = id, Code = node });
        await App.Send(
            new RecordInquiry
            {
                CaseId = id,
                PartyId = party,
                Categories = [.. Property.Asked.Keys],
            }
        );
        await App.Send(
            new RecordInquiry
            {
                CaseId = id,
                PartyId = party,
                Categories = ["vehicle"],
                Way = "offline",
            }
        );
        await App.Send(
            new NoteTalk
            {
                CaseId = id,
                Kind = "creditor",
                With = "张某甲",
                Agrees = true,
                Words = "同意终本",
            }
        );
        Papers.RecordReport report = new()
        {
            CaseId = id,
            PartyId = party,
            Kind = "answer",
            Words = "没有财产",
        };
        await Assert.ThatAsync(() => App.Send(report), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-order"));
        await App.Send(report with { Kind = "order", On = new DateOnly(2026, 3, 10) });
        Assert.That((await App.Send(report)).Late, Is.True);
        AskRoundEnd ask = new() { CaseId = id, Words = "查询五类以上，没有财产" };
        await Assert.ThatAsync(() => App.Send(ask), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-met"), "a person confirms the rest");
        var round = await App.Send(ask with { Confirmed = ["dishonest", "missing"] });
        await App.As("leader").Send(new DecideRoundEnd { Id = round, Granted = true });
        Assert.That(
            await App.As(null).Rows<string>("SELECT kind FROM enforcement_paper WHERE case_id = @id ORDER BY id", new { id }),
            Is.EqualTo(new[] { "consumption", "round-end" }),
            "the order and the ruling are drafted by the decisions"
        );
        Assert.That(await App.As(null).Value<string>("SELECT closed_how FROM workzone_case WHERE id = @id", new { id }), Is.EqualTo("terminated"));
        var poll = (await App.As("judge").Send(new ListDates { Kind = DateKinds.Poll })).Rows.Single();
        Assert.That(poll.DueOn, Is.EqualTo(new DateOnly(2026, 12, 5)));
        App.Advance(TimeSpan.FromDays(180));
        await App.RunJob<Jobs.Sweep>();
        Assert.That(
            await App.As(null).Value<int>("SELECT items FROM enforcement_batch"),
            Is.EqualTo(Property.Asked.Count),
            "the inquiry goes out by itself before its day"
        );
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_order WHERE order_type = 'enforcement.date'"), Is.Zero, "nobody is asked yet");
        await App.As("judge")
            .Send(
                new RecordInquiry
                {
                    CaseId = id,
                    PartyId = party,
                    Categories = ["bank"],
                }
            );
        Assert.That(
            (await App.As("judge").Send(new ListDates { Kind = DateKinds.Poll })).Rows.Single().DueOn,
            Is.EqualTo(new DateOnly(2026, 12, 5)),
            "one kind of property is not the inquiry"
        );
        await App.As("judge")
            .Send(
                new RecordInquiry
                {
                    CaseId = id,
                    PartyId = party,
                    Categories = [.. Property.Asked.Keys],
                }
            );
        Assert.That((await App.As("judge").Send(new ListDates { Kind = DateKinds.Poll })).Rows.Single().DueOn, Is.EqualTo(new DateOnly(2027, 6, 2)));
    }
}

/// <summary>What the law says of each means.</summary>
public sealed class SanctionRulesTests
{
    [TestCase("consumption", "unperformed", true, true, false, null, null, null)]
    [TestCase("consumption", "unperformed", true, false, false, null, null, "no-notice")]
    [TestCase("report", "unperformed", true, false, false, null, null, null)]
    [TestCase("dishonest", "unperformed", true, true, false, null, null, "ground")]
    [TestCase("dishonest", "evade", true, true, false, null, null, null)]
    [TestCase("dishonest", "evade", true, true, true, null, null, "minor")]
    [TestCase("detention", "obstruct", true, true, false, null, 15, null)]
    [TestCase("detention", "obstruct", true, true, false, null, 16, "days")]
    [TestCase("detention", "obstruct", false, true, false, null, 5, "unit")]
    [TestCase("fine", "report", true, true, false, 10_000_000L, null, null)]
    [TestCase("fine", "report", true, true, false, 10_000_001L, null, "amount")]
    [TestCase("fine", "report", false, true, false, 4_999_999L, null, "amount")]
    [TestCase("fine", "report", false, true, false, 5_000_000L, null, null)]
    [TestCase("fine", "report", false, true, false, null, null, "amount")]
    public void Limits_hold(string kind, string ground, bool natural, bool noticed, bool minor, long? cents, int? days, string? code) =>
        Assert.That(SanctionRules.Judge(kind, ground, natural, noticed, minor, cents, days)?.Code, Is.EqualTo(code));

    [TestCase("dishonest", "evade", "2028-03-01")]
    [TestCase("dishonest", "able", "")]
    [TestCase("consumption", "unperformed", "")]
    [TestCase("detention", "obstruct", "2026-03-11")]
    public void Terms_end(string kind, string ground, string until) =>
        Assert.That(SanctionRules.Until(kind, ground, new DateOnly(2026, 3, 1), 10) is { } day ? Kernel.Web.Times.Iso(day) : "", Is.EqualTo(until));
}
