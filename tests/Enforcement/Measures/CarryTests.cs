using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Persuade;

namespace CourtOps.Enforcement.Measures;

/// <summary>What was preserved in the suit and by 执保 is enforcement's when 执 is registered, with its dates.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CarryTests(Engine engine) : AppTests(engine)
{
    private async Task<MeasureRow> Row(long id) => (await App.As(null).Rows<MeasureRow>(MeasureRow.Columns + " WHERE m.id = @id", new { id })).Single();

    [Test]
    public async Task Preservation_goes_over_with_its_dates_and_waits_for_nobody_in_the_old_case()
    {
        var origin = await App.Case(1, new SampleParty("王某乙"), new SampleParty("李某丙", "第三人") { IdNumber = "990101198001020036" });
        var judge = await App.IdOf("judge");
        var kept = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    Type = "执保",
                    JudgeId = judge,
                }
            );
        var house = await TakeAsync(kept.CaseId, "王某乙", "汪清房字第1号");
        Assert.That((house.Basis, house.LastRenewal), Is.EqualTo(("preservation", house.EndOn!.Value.AddDays(-7))), "what the case is for");
        var car = await TakeAsync(origin, "王某乙", "汪清房字第2号");
        var others = await TakeAsync(origin, "李某丙", "汪清房字第3号");
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Value<DateOnly?>("SELECT done_on FROM enforcement_node WHERE case_id = @CaseId AND code = 'begin'", new { kept.CaseId }),
            Is.EqualTo(new DateOnly(2026, 3, 2)),
            "the preservation was begun by its first measure"
        );
        var made = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    JudgeId = judge,
                    EffectiveOn = new(2026, 3, 2),
                }
            );
        Assert.That(made.Carried, Is.EqualTo(2));
        var debtor = await App.As(null).PartyId(made.CaseId, "王某乙");
        foreach (var before in new[] { house, car })
        {
            var m = await Row(before.Id);
            Assert.That(
                (m.CaseId, m.PartyId, m.Basis, m.State, m.StartOn, m.EndOn, m.LastRenewal),
                Is.EqualTo((made.CaseId, debtor, "enforcement", "active", before.StartOn, before.EndOn, before.EndOn))
            );
            Assert.That(
                await App.Value<int>("SELECT COUNT(*) FROM enforcement_event WHERE measure_id = @Id AND kind = 'carried'", new { m.Id }),
                Is.EqualTo(1)
            );
        }
        Assert.That((await Row(others.Id)).CaseId, Is.EqualTo(origin), "not a debtor's");
        await App.DrainAsync();
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_event WHERE kind = 'carried'"), Is.EqualTo(2), "once");
    }

    [Test]
    public async Task A_resumed_case_has_what_the_round_before_held()
    {
        var origin = await App.Case(1, new SampleParty("王某乙"));
        var judge = await App.IdOf("judge");
        var first = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    JudgeId = judge,
                    EffectiveOn = new(2026, 3, 2),
                }
            );
        var house = await TakeAsync(first.CaseId, "王某乙", "汪清房字第1号");
        var again = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = first.CaseId,
                    Type = "执恢",
                    JudgeId = judge,
                }
            );
        Assert.That((again.Carried, (await Row(house.Id)).CaseId), Is.EqualTo((1, again.CaseId)));
    }

    private async Task<MeasureRow> TakeAsync(long caseId, string who, string thing)
    {
        var party = await App.PartyId(caseId, who);
        return await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = caseId,
                    PartyId = party,
                    Kind = "immovable",
                    Description = thing,
                    Basis = "",
                    Start = new DateOnly(2026, 3, 2),
                }
            );
    }
}

/// <summary>Length of a term, what serves what, sides of parties.</summary>
public sealed class PropertyRuleTests
{
    [TestCase("trademark", null, "一年")]
    [TestCase("patent", null, "六个月")]
    [TestCase("deposit", null, "一年")]
    [TestCase("movable", 1, "一年")]
    [TestCase("immovable", 2, "二年")]
    [TestCase("other", null, "三年")]
    public void A_term_is_written_as_it_was_ruled(string kind, int? years, string words) =>
        Assert.That(Terms.Words(kind, years, new DateOnly(2026, 3, 2)), Is.EqualTo(words));

    [TestCase("enforcement", "（2026）吉2424执保1号", "preservation")]
    [TestCase("enforcement", "（2026）吉2424执1号", "enforcement")]
    [TestCase("enforcement", "（2026）吉2424执恢1号", "enforcement")]
    [TestCase("civil", "（2026）吉2424民初1号", "preservation")]
    public void A_measure_serves_what_the_case_is_for(string kind, string number, string basis) =>
        Assert.That(Property.BasisOf(kind, number), Is.EqualTo(basis));

    [TestCase("原告", true, false, false)]
    [TestCase("被告", false, true, true)]
    [TestCase("上诉人", false, false, true)]
    [TestCase("再审申请人", false, false, true)]
    [TestCase("第三人", false, false, true)]
    [TestCase("自诉人", true, false, false)]
    [TestCase("赔偿请求人", true, false, false)]
    [TestCase("公诉机关", false, false, false)]
    [TestCase("被保全人", false, true, true)]
    public void A_role_says_who_claims_and_who_owes(string role, bool claims, bool owes, bool may) =>
        Assert.That((PartySide.Claims(role), PartySide.Owes(role), MeasureWork.MayOwe(role)), Is.EqualTo((claims, owes, may)));

    [TestCase("gone", false, null, null, 5L, "return")]
    [TestCase("gone", true, null, null, null, "doubt")]
    [TestCase("clue", false, null, null, null, "verify")]
    [TestCase("clue", true, null, null, null, null)]
    [TestCase("excused", false, null, 5L, 5L, null)]
    [TestCase("excused", false, null, 5L, 6L, "return")]
    [TestCase("released", false, "performed", 5L, 5L, "return")]
    [TestCase("released", false, "third-party", 5L, 5L, null)]
    [TestCase("released", false, "over", 5L, 6L, "return")]
    [TestCase("controlled", false, null, 5L, 6L, null)]
    public void What_had_ended_comes_back_by_its_reason(string state, bool clue, string? lifted, long? was, long? now, string? step) =>
        Assert.That(AssetRules.Again(state, clue, lifted, was, now), Is.EqualTo(step));

    [TestCase("sold", "immovable", true)]
    [TestCase("sold", "deposit", false)]
    [TestCase("performed", "immovable", false)]
    public void A_sale_ends_what_waits_for_the_whole_thing(string why, string kind, bool ends) =>
        Assert.That(AssetRules.EndsWhatWaits(why, kind), Is.EqualTo(ends));
}

/// <summary>When a turn of the inquiries after a round is done.</summary>
public sealed class TurnTests
{
    [TestCase(0, true)]
    [TestCase(90, true)]
    [TestCase(91, false)]
    public void Each_kind_counts_within_its_window(int age, bool done)
    {
        var on = new DateOnly(2026, 12, 5);
        var asked = Property
            .Asked.Keys.Select(
                (k, i) =>
                    new TurnRules.Asked
                    {
                        PartyId = 7,
                        Category = k,
                        AskedOn = i == 0 ? on.AddDays(-age) : on,
                    }
            )
            .ToList();
        Assert.That(TurnRules.IsDone([7], asked, on, on, 90), Is.EqualTo(done));
        Assert.That(TurnRules.IsDone([7, 8], asked, on, on, 90), Is.False, "another debtor was not asked about");
        Assert.That(TurnRules.IsDone([7], asked, on.AddMonths(7), on, 90), Is.False, "of the turn before");
    }
}
