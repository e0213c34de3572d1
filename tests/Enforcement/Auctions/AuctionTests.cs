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
        var taken = await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = id,
                    PartyId = party,
                    Kind = "immovable",
                    Description = "不动产1号",
                    Start = new(2026, 3, 2),
                }
            );
        var a = await App.Send(
            new PriceAsset
            {
                AssetId = taken.AssetId,
                Way = "valued",
                Valuation = 1_000_000m,
                ValuedOn = new(2026, 3, 2),
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new PriceAsset
                    {
                        AssetId = taken.AssetId,
                        Way = "valued",
                        Valuation = 1m,
                        ValuedOn = new(2026, 3, 2),
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("running")
        );
        App.Advance(TimeSpan.FromDays(8));
        PublishAuction first = new()
        {
            Id = a.Id,
            StartPrice = 700_000m,
            Deposit = 70_000m,
            ToldOn = new(2026, 3, 5),
            NoticeOn = new(2026, 3, 10),
            OpensOn = new(2026, 4, 9),
        };
        await Assert.ThatAsync(() => App.Send(first with { StartPrice = 699_999.99m }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("price-low"));
        await Assert.ThatAsync(
            () => App.Send(first with { OpensOn = new(2026, 4, 8) }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("notice-short")
        );
        await Assert.ThatAsync(() => App.Send(first with { ToldOn = new(2026, 3, 8) }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("told-late"));
        await App.Send(first);
        App.Advance(TimeSpan.FromDays(31));
        await App.Send(
            new StepAuction
            {
                Id = a.Id,
                Step = "fail",
                On = new(2026, 4, 10),
            }
        );
        Assert.That((await App.Send(new ListDates { Kind = DateKinds.Auction })).Rows.Single().DueOn, Is.EqualTo(new DateOnly(2026, 5, 10)));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new StepAuction
                    {
                        Id = a.Id,
                        Step = "take",
                        Buyer = "张某甲",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("too-early")
        );
        PublishAuction second = new()
        {
            Id = a.Id,
            StartPrice = 560_000m,
            Deposit = 56_000m,
            ToldOn = new(2026, 4, 6),
            NoticeOn = new(2026, 4, 10),
            OpensOn = new(2026, 5, 10),
        };
        await Assert.ThatAsync(
            () => App.Send(second with { OpensOn = new(2026, 5, 11) }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("too-late")
        );
        await App.Send(second);
        App.Advance(TimeSpan.FromDays(35));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new StepAuction
                    {
                        Id = a.Id,
                        Step = "sell",
                        Price = 559_999m,
                        Buyer = "李某丙",
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        await App.Send(
            new StepAuction
            {
                Id = a.Id,
                Step = "sell",
                Price = 600_000m,
                Buyer = "李某丙",
                On = new(2026, 5, 11),
            }
        );
        var other = await App.Case(2, new SampleParty("王某丁"));
        await App.As("judge")
            .Send(
                new ReceiveMoney
                {
                    CaseId = other,
                    Amount = 600_000m,
                    Payer = "李某丙",
                    Reference = "PM0",
                }
            );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new StepAuction
                    {
                        Id = a.Id,
                        Step = "pay",
                        Reference = "PM0",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("other-case"),
            "money of another case pays nothing here"
        );
        var line = (await App.Send(new ImportStatement { Text = "PM1,600000,2026-05-12,李某丙,货款" })).Single();
        Assert.That(line.Outcome, Is.EqualTo("suspense"));
        await App.Send(
            new StepAuction
            {
                Id = a.Id,
                Step = "pay",
                Reference = "PM1",
            }
        );
        Assert.That((await App.Send(new ShowCaseMoney { CaseId = id })).Held, Is.EqualTo(60_000_000L));
        await App.Send(new StepAuction { Id = a.Id, Step = "rule" });
        var over = await App.Send(new StepAuction { Id = a.Id, Step = "hand" });
        Assert.That((over.State, over.Sale), Is.EqualTo(("handed", 2)));
        Assert.That((await App.Send(new ListDates { Kind = DateKinds.Auction })).Rows, Is.Empty);
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowAuction { Id = a.Id }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task After_a_default_the_same_sale_is_held_again_without_the_defaulter()
    {
        var id = await App.Case(1, new SampleParty("王某乙"));
        var party = await App.PartyId(id, "王某乙");
        var taken = await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = id,
                    PartyId = party,
                    Kind = "movable",
                    Description = "设备1号",
                    Start = new(2026, 3, 2),
                }
            );
        var a = await App.Send(
            new PriceAsset
            {
                AssetId = taken.AssetId,
                Way = "valued",
                Valuation = 100_000m,
                ValuedOn = new(2026, 3, 2),
            }
        );
        App.Advance(TimeSpan.FromDays(4));
        PublishAuction first = new()
        {
            Id = a.Id,
            StartPrice = 80_000m,
            Deposit = 8_000m,
            ToldOn = new(2026, 3, 3),
            NoticeOn = new(2026, 3, 6),
            OpensOn = new(2026, 3, 21),
        };
        await App.Send(first);
        App.Advance(TimeSpan.FromDays(20));
        await App.Send(
            new StepAuction
            {
                Id = a.Id,
                Step = "sell",
                Price = 90_000m,
                Buyer = "李某 丙",
                On = new(2026, 3, 22),
            }
        );
        var left = await App.Send(
            new StepAuction
            {
                Id = a.Id,
                Step = "default",
                Words = "逾期未付清价款",
                On = new(2026, 3, 25),
            }
        );
        Assert.That((left.State, left.Sale, left.Buyer), Is.EqualTo(("defaulted", 1, (string?)null)));
        Assert.That((await App.Send(new ListDates { Kind = DateKinds.Auction })).Rows.Single().DueOn, Is.EqualTo(new DateOnly(2026, 4, 24)));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new StepAuction
                    {
                        Id = a.Id,
                        Step = "take",
                        Buyer = "张某甲",
                    }
                ),
            Throws.TypeOf<RuleBroken>(),
            "nobody takes in kind what did not fail"
        );
        PublishAuction again = first with
        {
            StartPrice = 70_000m,
            Deposit = 7_000m,
            ToldOn = new(2026, 3, 22),
            NoticeOn = new(2026, 3, 26),
            OpensOn = new(2026, 4, 10),
        };
        await Assert.ThatAsync(
            () => App.Send(again with { OpensOn = new(2026, 4, 9) }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("notice-short"),
            "the notice of a first sale, once more"
        );
        await Assert.ThatAsync(
            () => App.Send(again with { StartPrice = 69_999m }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("price-low"),
            "70 percent of the value, not 80 of the sale that was defaulted on"
        );
        Assert.That((await App.Send(again)).Sale, Is.EqualTo(1));
        App.Advance(TimeSpan.FromDays(16));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new StepAuction
                    {
                        Id = a.Id,
                        Step = "sell",
                        Price = 71_000m,
                        Buyer = "李某丙 ",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("defaulter")
        );
        await App.Send(
            new StepAuction
            {
                Id = a.Id,
                Step = "fail",
                On = new(2026, 4, 11),
            }
        );
        PublishAuction second = again with
        {
            StartPrice = 56_000m,
            Deposit = 5_600m,
            ToldOn = new(2026, 4, 6),
            NoticeOn = new(2026, 4, 11),
            OpensOn = new(2026, 4, 18),
        };
        Assert.That((await App.Send(second)).Sale, Is.EqualTo(2));
        App.Advance(TimeSpan.FromDays(10));
        await App.Send(
            new StepAuction
            {
                Id = a.Id,
                Step = "sell",
                Price = 56_000m,
                Buyer = "陈某戊",
                On = new(2026, 4, 19),
            }
        );
        await App.Send(
            new StepAuction
            {
                Id = a.Id,
                Step = "default",
                Words = "不付",
                On = new(2026, 4, 20),
            }
        );
        PublishAuction secondAgain = second with { ToldOn = new(2026, 4, 18), NoticeOn = new(2026, 4, 21), OpensOn = new(2026, 4, 28) };
        await Assert.ThatAsync(
            () => App.Send(secondAgain with { StartPrice = 55_999m }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("price-low")
        );
        Assert.That((await App.Send(secondAgain)).Sale, Is.EqualTo(2), "80 percent of the first, though the second stood at the same");
        App.Advance(TimeSpan.FromDays(10));
        foreach (var barred in new[] { "陈某戊", "李某丙" })
            await Assert.ThatAsync(
                () =>
                    App.Send(
                        new StepAuction
                        {
                            Id = a.Id,
                            Step = "sell",
                            Price = 60_000m,
                            Buyer = barred,
                        }
                    ),
                Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("defaulter")
            );
        Assert.That(
            (
                await App.Send(
                    new StepAuction
                    {
                        Id = a.Id,
                        Step = "sell",
                        Price = 60_000m,
                        Buyer = "周某己",
                    }
                )
            ).State,
            Is.EqualTo("sold")
        );
        Assert.That((await App.Send(new ShowAuction { Id = a.Id })).Defaulters, Is.EqualTo(new[] { "李某 丙", "陈某戊" }));
    }

    [Test]
    public async Task What_is_not_first_under_control_is_not_sold()
    {
        var id = await App.Case(1, new SampleParty("王某乙"));
        var party = await App.PartyId(id, "王某乙");
        var waiting = await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = id,
                    PartyId = party,
                    Kind = "immovable",
                    Description = "不动产2号",
                    Start = new(2026, 3, 2),
                    Place = 2,
                }
            );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new PriceAsset
                    {
                        AssetId = waiting.AssetId,
                        Way = "agreed",
                        Valuation = 1m,
                        ValuedOn = new(2026, 3, 2),
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-first")
        );
        var free = await App.Send(
            new SaveAsset
            {
                CaseId = id,
                PartyId = party,
                Category = "vehicle",
                Description = "吉H00001",
                Source = "network",
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new PriceAsset
                    {
                        AssetId = free.Id,
                        Way = "agreed",
                        Valuation = 1m,
                        ValuedOn = new(2026, 3, 2),
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-controlled")
        );
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
        var broken = AuctionRules.Judge(
            kind,
            sale,
            100_000_000,
            Day("2026-11-20"),
            sale == 1 ? null : 70_000_000,
            sale == 1 ? null : Day("2026-12-24"),
            price,
            price / 10,
            Day(notice),
            Day(opens)
        );
        Assert.That(broken?.Code, Is.EqualTo(code));
    }

    [TestCase("priced", 0, null, null, 1, null)]
    [TestCase("failed", 1, 700L, null, 2, 700L)]
    [TestCase("failed", 2, 560L, 700L, 3, 560L)]
    [TestCase("failed", 3, 560L, 560L, 3, 560L)]
    [TestCase("defaulted", 1, 700L, null, 1, null)]
    [TestCase("defaulted", 2, 560L, 700L, 2, 700L)]
    [TestCase("defaulted", 2, 560L, null, 2, 560L)]
    [TestCase("defaulted", 3, 560L, 560L, 3, 560L)]
    public void A_default_repeats_the_sale(string state, int sale, long? start, long? prior, int next, long? before) =>
        Assert.That((AuctionRules.NextSale(state, sale), AuctionRules.Before(state, sale, start, prior)), Is.EqualTo((next, before)));

    [TestCase("李某 丙", "李某丙")]
    [TestCase("ＡＢ（汪清）公司", "ab汪清公司")]
    public void Names_are_compared_without_signs(string one, string other) => Assert.That(AuctionRules.NameKey(one), Is.EqualTo(AuctionRules.NameKey(other)));

    [TestCase(70000000, 3500000, 14000000)]
    [TestCase(1, 1, 0)]
    [TestCase(333, 17, 66)]
    public void Deposits_are_a_twentieth_to_a_fifth(long price, long least, long most) => Assert.That(AuctionRules.Deposit(price), Is.EqualTo((least, most)));
}
