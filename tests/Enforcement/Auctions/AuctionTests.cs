using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Auctions;

/// <summary>A sale from the price to the hand-over, with the dates of D-08.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class AuctionTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_house_fails_once_is_sold_the_second_time_and_its_price_is_money_of_the_case()
    {
        var id = await App.Case(1, new SampleParty("王某乙"));
        var party = await App.PartyId(id, "王某乙");
        var taken = await App.As("judge").Send(new TakeMeasure { CaseId = id, PartyId = party, Kind = "immovable", Description = "不动产1号", Start = new(2026, 3, 2) });
        var a = await App.Send(new PriceAsset { AssetId = taken.AssetId, Way = "valued", Valuation = 1_000_000m, ValuedOn = new(2026, 3, 2) });
        await Assert.ThatAsync(() => App.Send(new PriceAsset { AssetId = taken.AssetId, Way = "valued", Valuation = 1m, ValuedOn = new(2026, 3, 2) }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("running"));
        App.Advance(TimeSpan.FromDays(8));
        PublishAuction first = new() { Id = a.Id, StartPrice = 700_000m, Deposit = 70_000m, ToldOn = new(2026, 3, 5), NoticeOn = new(2026, 3, 10), OpensOn = new(2026, 4, 9) };
        await Assert.ThatAsync(() => App.Send(first with { StartPrice = 699_999.99m }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("price-low"));
        await Assert.ThatAsync(() => App.Send(first with { OpensOn = new(2026, 4, 8) }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("notice-short"));
        await Assert.ThatAsync(() => App.Send(first with { ToldOn = new(2026, 3, 8) }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("told-late"));
        await App.Send(first);
        App.Advance(TimeSpan.FromDays(31));
        await App.Send(new StepAuction { Id = a.Id, Step = "fail", On = new(2026, 4, 10) });
        Assert.That((await App.Send(new ListDates { Kind = DateKinds.Auction })).Rows.Single().DueOn, Is.EqualTo(new DateOnly(2026, 5, 10)));
        await Assert.ThatAsync(() => App.Send(new StepAuction { Id = a.Id, Step = "take", Buyer = "张某甲" }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("too-early"));
        PublishAuction second = new() { Id = a.Id, StartPrice = 560_000m, Deposit = 56_000m, ToldOn = new(2026, 4, 6), NoticeOn = new(2026, 4, 10), OpensOn = new(2026, 5, 10) };
        await Assert.ThatAsync(() => App.Send(second with { OpensOn = new(2026, 5, 11) }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("too-late"));
        await App.Send(second);
        App.Advance(TimeSpan.FromDays(35));
        await Assert.ThatAsync(() => App.Send(new StepAuction { Id = a.Id, Step = "sell", Price = 559_999m, Buyer = "李某丙" }), Throws.TypeOf<RuleBroken>());
        await App.Send(new StepAuction { Id = a.Id, Step = "sell", Price = 600_000m, Buyer = "李某丙", On = new(2026, 5, 11) });
        var other = await App.Case(2, new SampleParty("王某丁"));
        await App.As("judge").Send(new ReceiveMoney { CaseId = other, Amount = 600_000m, Payer = "李某丙", Reference = "PM0" });
        await Assert.ThatAsync(() => App.Send(new StepAuction { Id = a.Id, Step = "pay", Reference = "PM0" }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("other-case"), "money of another case pays nothing here");
        var line = (await App.Send(new ImportStatement { Text = "PM1,600000,2026-05-12,李某丙,货款" })).Single();
        Assert.That(line.Outcome, Is.EqualTo("suspense"));
        await App.Send(new StepAuction { Id = a.Id, Step = "pay", Reference = "PM1" });
        Assert.That((await App.Send(new ShowCaseMoney { CaseId = id })).Held, Is.EqualTo(60_000_000L));
        await App.Send(new StepAuction { Id = a.Id, Step = "rule" });
        var over = await App.Send(new StepAuction { Id = a.Id, Step = "hand" });
        Assert.That((over.State, over.Sale), Is.EqualTo(("handed", 2)));
        Assert.That((await App.Send(new ListDates { Kind = DateKinds.Auction })).Rows, Is.Empty);
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowAuction { Id = a.Id }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task What_is_not_first_under_control_is_not_sold()
    {
        var id = await App.Case(1, new SampleParty("王某乙"));
        var party = await App.PartyId(id, "王某乙");
        var waiting = await App.As("judge").Send(new TakeMeasure { CaseId = id, PartyId = party, Kind = "immovable", Description = "不动产2号", Start = new(2026, 3, 2), Place = 2 });
        await Assert.ThatAsync(() => App.Send(new PriceAsset { AssetId = waiting.AssetId, Way = "agreed", Valuation = 1m, ValuedOn = new(2026, 3, 2) }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-first"));
        var free = await App.Send(new SaveAsset { CaseId = id, PartyId = party, Category = "vehicle", Description = "吉H00001", Source = "network" });
        await Assert.ThatAsync(() => App.Send(new PriceAsset { AssetId = free.Id, Way = "agreed", Valuation = 1m, ValuedOn = new(2026, 3, 2) }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-controlled"));
    }
}

/// <summary>The limits of D-08 as a table; the rule book's example among them.</summary>
public sealed class AuctionRulesTests
{
    [TestCase("immovable", 1, 70000000, "2026-11-23", "2026-12-23", null)]
    [TestCase("immovable", 1, 70000000, "2026-11-23", "2026-12-22", "notice-short")]
    [TestCase("immovable", 1, 69999999, "2026-11-23", "2026-12-23", "price-low")]
    [TestCase("movable", 1, 70000000, "2026-11-23", "2026-12-08", null)]
    [TestCase("movable", 1, 70000000, "2026-11-23", "2026-12-07", "notice-short")]
    [TestCase("immovable", 2, 56000000, "2027-01-08", "2027-01-23", null)]
    [TestCase("immovable", 2, 56000000, "2027-01-08", "2027-01-24", "too-late")]
    [TestCase("immovable", 2, 55999999, "2027-01-08", "2027-01-23", "price-low")]
    [TestCase("immovable", 3, 70000000, "2027-01-08", "2027-01-23", null)]
    [TestCase("immovable", 1, 70000000, "2027-11-21", "2027-12-23", "stale-price")]
    public void Limits_hold(string kind, int sale, long price, string notice, string opens, string? code)
    {
        DateOnly Day(string s) => DateOnly.ParseExact(s, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var broken = AuctionRules.Judge(kind, sale, 100_000_000, Day("2026-11-20"), sale == 1 ? null : 70_000_000, sale == 1 ? null : Day("2026-12-24"), price, price / 10, Day(notice), Day(opens));
        Assert.That(broken?.Code, Is.EqualTo(code));
    }

    [TestCase(70000000, 3500000, 14000000)]
    [TestCase(1, 1, 0)]
    [TestCase(333, 17, 66)]
    public void Deposits_are_a_twentieth_to_a_fifth(long price, long least, long most) => Assert.That(AuctionRules.Deposit(price), Is.EqualTo((least, most)));
}
