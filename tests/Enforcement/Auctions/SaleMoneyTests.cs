using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement.Auctions;

/// <summary>Deposits, debts in kind, results of a platform and the package for it.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SaleMoneyTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Noticed = new(2026, 3, 10);

    [Test]
    public async Task Deposits_go_back_to_losers_and_count_towards_the_price()
    {
        var (caseId, id) = await NoticedAsync(1);
        foreach (var (name, reference) in new[] { ("甲公司", "D1"), ("乙公司", "D2"), ("丙公司", "D3") })
            await App.Send(Deposit(id, name, reference));
        Assert.That((await App.Send(Deposit(id, "甲公司", "D1"))).Bidder, Is.EqualTo("甲公司"), "the same reference is one deposit");
        await RefusedAsync(Deposit(id, "甲 公司", "D9"), "there-already");
        await RefusedAsync(Deposit(id, "丁公司", "D8") with { Amount = 69_999m }, "deposit");
        await RefusedAsync(Deposit(id, "丁公司", "D1"), "other-case");
        Assert.That(await BooksAsync(), Is.EqualTo((21_000_000L, 0L, 21_000_000L)));
        await RefusedAsync(new ReturnDeposits { AuctionId = id, Reference = "B1" }, "nothing");
        await SellAsync(id, "乙公司", 800_000m);
        Assert.That(await App.Send(new ReturnDeposits { AuctionId = id, Reference = "B1" }), Is.EqualTo(2));
        Assert.That(await BooksAsync(), Is.EqualTo((7_000_000L, 0L, 7_000_000L)));
        await App.Send(
            new StepAuction
            {
                Id = id,
                Step = "pay",
                Reference = "P1",
            }
        );
        Assert.That(await BooksAsync(), Is.EqualTo((80_000_000L, 80_000_000L, 0L)), "730 000 and the deposit");
        Assert.That(
            (await App.Send(new ShowAuction { Id = id })).Deposits.Select(d => (d.Bidder, d.State)),
            Is.EqualTo(new[] { ("甲公司", "returned"), ("乙公司", "counted"), ("丙公司", "returned") })
        );
        Assert.That(
            (await App.Send(new ShowCaseMoney { CaseId = caseId })).Receipts.Where(r => r.State == "held").Sum(r => r.LeftOver),
            Is.EqualTo(80_000_000)
        );
    }

    [Test]
    public async Task A_statement_that_was_there_first_is_taken_for_the_deposit()
    {
        var (_, id) = await NoticedAsync(1);
        await App.Send(new ImportStatement { Text = "D1,70000,2026-03-10,甲公司,保证金" });
        await App.Send(Deposit(id, "甲公司", "D1"));
        Assert.That(await BooksAsync(), Is.EqualTo((7_000_000L, 0L, 7_000_000L)));
        Assert.That((await App.Send(new ImportStatement { Text = "D1,70000,2026-03-10,甲公司,保证金" })).Single().Outcome, Is.EqualTo("repeated"));
    }

    [Test]
    public async Task A_defaulters_deposit_pays_costs_then_the_lower_price_then_the_debt()
    {
        var (_, id) = await NoticedAsync(1);
        await App.Send(Deposit(id, "甲公司", "D1"));
        await SellAsync(id, "甲公司", 800_000m);
        await App.Send(
            new StepAuction
            {
                Id = id,
                Step = "default",
                Words = "没有付款",
                Costs = 5_000.01m,
            }
        );
        var d = (await App.Send(new ShowAuction { Id = id })).Deposits.Single();
        Assert.That((d.State, d.UsedCosts, d.UsedGap, d.UsedDebt), Is.EqualTo(("forfeited", (long?)500_001L, (long?)null, (long?)null)));
        Assert.That(await BooksAsync(), Is.EqualTo((7_000_000L, 7_000_000L, 0L)), "it stays with the case");
        await PublishAsync(id);
        await RefusedAsync(Deposit(id, "甲公司", "D2"), "defaulter");
        await SellAsync(id, "乙公司", 750_000m);
        d = (await App.Send(new ShowAuction { Id = id })).Deposits.Single();
        Assert.That((d.UsedCosts, d.UsedGap, d.UsedDebt), Is.EqualTo(((long?)500_001L, (long?)5_000_000L, (long?)1_499_999L)));
    }

    [TestCase(100, 30, 50, 30, 50, 20)]
    [TestCase(100, 120, 50, 100, 0, 0)]
    [TestCase(100, 30, 90, 30, 70, 0)]
    [TestCase(100, 0, 0, 0, 0, 100)]
    [TestCase(100, 0, -5, 0, 0, 100)]
    [TestCase(100, 30, null, 30, null, null)]
    public void A_forfeited_deposit_is_used_in_the_order_of_the_rule(long deposit, long costs, long? gap, long first, long? second, long? third) =>
        Assert.That(AuctionRules.Forfeit(deposit, costs, gap), Is.EqualTo((first, second, third)));

    [TestCase(100, 60, 90, 60, 40)]
    [TestCase(100, null, 90, 90, 10)]
    [TestCase(100, 150, 200, 100, 0)]
    [TestCase(100, null, null, 100, 0)]
    [TestCase(100, null, 0, 0, 100)]
    public void A_debt_in_kind_is_set_off_up_to_the_price(long price, long? claim, long? owed, long credited, long difference) =>
        Assert.That(AuctionRules.InKind(price, claim, owed), Is.EqualTo(new DebtInKind(price, credited, difference)));

    [Test]
    public async Task A_creditor_takes_the_thing_at_the_failed_reserve_and_pays_what_is_more()
    {
        var (caseId, id) = await NoticedAsync(1);
        await App.Change("UPDATE workzone_case SET amount = 50000000 WHERE id = @caseId", new { caseId });
        App.As("judge");
        await FailTwiceAsync(id);
        StepAuction take = new()
        {
            Id = id,
            Step = "take",
            Buyer = "张某甲",
        };
        await RefusedAsync(take, "difference");
        await RefusedAsync(take with { Claim = 500_000.01m, Reference = "K1" }, "too-much");
        var a = await App.Send(take with { Reference = "K1" });
        Assert.That((a.State, a.SoldPrice, a.Credited), Is.EqualTo(("in-kind", (long?)56_000_000L, (long?)50_000_000L)));
        Assert.That(await BooksAsync(), Is.EqualTo((6_000_000L, 6_000_000L, 0L)), "the difference is money, the claim is set off");
        var money = await App.Send(new ShowCaseMoney { CaseId = caseId });
        Assert.That(money.Paid, Is.EqualTo(50_000_000));
        Assert.That(await App.Value<string>("SELECT kind FROM enforcement_paper WHERE case_id = @caseId", new { caseId }), Is.EqualTo("in-kind"));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new StepPayout
                    {
                        Id = money.Payouts.Single().Id,
                        Step = "fail",
                        Words = "退回",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("in-kind")
        );
    }

    [Test]
    public async Task Results_are_taken_line_by_line_and_once()
    {
        var ids = new List<long>();
        for (var n = 1; n <= 3; n++)
            ids.Add((await PricedAsync(n)).Id);
        App.Advance(TimeSpan.FromDays(8));
        foreach (var id in ids)
            await App.Send(First(id));
        App.Advance(TimeSpan.FromDays(31));
        var text =
            "标的编号,结果,成交价,买受人,日期,原因\n"
            + $"{ids[0]},成交,\"800,000.50\",\"甲\"\"公司\",2026-04-10,\n{ids[1]},流拍,,,2026/4/10,\n{ids[2]},撤回,,,20260410,异议\n"
            + $"{ids[0]},成交,9,乙,2026-04-10,\nx,成交,1,乙,2026-04-10,\n{ids[1]},下架,,,2026-04-10,\n{ids[1]},流拍,,,四月,\n"
            + $"{ids[1]},成交,,,2026-04-10,\n99,流拍,,,2026-04-10,";
        foreach (
            var (bytes, outcome) in new[] { (Encode(text, "GB18030"), "taken"), (Encode(text, "utf-16"), "repeated"), (Encode(text, "utf-8"), "repeated") }
        )
        {
            var lines = await App.Send(new ImportResults { Text = ResultLines.Decode(bytes) });
            Assert.That(
                lines.Select(l => l.Outcome),
                Is.EqualTo(new[] { outcome, outcome, outcome, "refused", "refused", "refused", "refused", "refused", "refused" })
            );
            Assert.That(lines.Skip(3).Select(l => l.Reason), Has.None.Empty);
        }
        var json = $"{{\"lot\":\"{ids[0]}\",\"outcome\":\"sold\",\"price\":800000.50,\"buyer\":\"甲\\\"公司\",\"date\":\"2026-04-10\"}}\n{{\"lot\":1\n[1]";
        Assert.That((await App.Send(new ImportResults { Text = json })).Select(l => l.Outcome), Is.EqualTo(new[] { "repeated", "refused", "refused" }));
        var states = new List<string>();
        foreach (var id in ids)
            states.Add((await App.Send(new ShowAuction { Id = id })).Row.State);
        Assert.That(states, Is.EqualTo(new[] { "sold", "failed", "stopped" }));
        await Assert.ThatAsync(() => App.Send(new ImportResults { Text = "a,b\n1,2" }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("heading"));
        await Assert.ThatAsync(
            () => App.As("judge2").Send(new ImportResults { Text = $"lot,outcome,date\n{ids[0]},unsold,2026-04-10" }).ContinueWith(l => l.Result[0].Outcome),
            Is.EqualTo("refused")
        );
    }

    [Test]
    public async Task The_package_holds_what_was_chosen_with_its_digests()
    {
        var (caseId, id) = await NoticedAsync(1);
        var paper = await App.Document(caseId, "评估报告/1", "evidence");
        var secret = await App.Document(caseId, "合议笔录", "other", "secondary");
        App.As("judge");
        await RefusedAsync(new PackListing { Id = id }, "no-account");
        await App.As("leader")
            .Send(
                new SaveSaleAccount
                {
                    Holder = "汪清法院",
                    Bank = "示例银行",
                    Account = "6222 0000 1111",
                    Contact = "0433-0000000",
                }
            );
        App.As("judge");
        await RefusedAsync(new PackListing { Id = id, Documents = [secret] }, "secondary");
        await Assert.ThatAsync(() => App.Send(new PackListing { Id = id, Documents = [1] }), Throws.TypeOf<NotFound>());
        var made = await App.In(async s =>
            await s.GetRequiredService<ListingZip>()
                .MakeAsync(
                    await s.GetRequiredService<MediatR.IMediator>()
                        .Send(
                            new PackListing
                            {
                                Id = id,
                                Documents = [paper],
                                Words = "门锁损坏",
                            }
                        ),
                    default
                )
        );
        using var zip = new ZipArchive(new MemoryStream(made), ZipArchiveMode.Read);
        Assert.That(
            zip.Entries.Select(e => e.FullName),
            Is.EqualTo(new[] { "公告.txt", "竞买须知.txt", "标的物说明.txt", "材料/01-评估报告_1.pdf", "manifest.json" })
        );
        var manifest = JsonDocument.Parse(Bytes(zip, "manifest.json")).RootElement;
        Assert.That(manifest.GetProperty("startPrice").GetString(), Is.EqualTo("700000.00"));
        foreach (var file in manifest.GetProperty("files").EnumerateArray())
            Assert.That(
                file.GetProperty("sha256").GetString(),
                Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Bytes(zip, file.GetProperty("file").GetString()!))))
            );
        Assert.That(
            Encoding.UTF8.GetString(Bytes(zip, "公告.txt")),
            Does.Contain("6222 0000 1111").And.Contain("起拍价 700000.00 元").And.Not.Contain("王某乙")
        );
        var judge = await App.SignedIn("judge");
        var page = await judge.GetStringAsync(new Uri($"/enforcement/auctions/{id}", UriKind.Relative));
        Assert.That(page, Does.Contain("上架材料包").And.Contain("评估报告/1").And.Not.Contain("合议笔录"));
        Assert.That(await judge.GetStringAsync(new Uri("/enforcement/auctions", UriKind.Relative)), Does.Contain("导入拍卖结果"));
    }

    private static byte[] Bytes(ZipArchive zip, string name)
    {
        using var copy = new MemoryStream();
        using (var from = zip.GetEntry(name)!.Open())
            from.CopyTo(copy);
        return copy.ToArray();
    }

    private static byte[] Encode(string text, string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        return [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
    }

    private static TakeDeposit Deposit(long id, string bidder, string reference) =>
        new()
        {
            AuctionId = id,
            Bidder = bidder,
            Reference = reference,
        };

    private Task RefusedAsync<T>(MediatR.IRequest<T> request, string code) =>
        Assert.ThatAsync(() => App.Send(request), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo(code));

    // bank, held, deposits; they close
    private async Task<(long Bank, long Held, long Deposits)> BooksAsync()
    {
        var s = await App.Send(new ShowMoney());
        Assert.That(s.Off, Is.Zero);
        Assert.That(await App.Value<long>("SELECT COALESCE(SUM(amount), 0) FROM enforcement_entry WHERE account = 'in-kind'"), Is.Zero);
        return (s.Bank, s.Held, s.Deposits);
    }

    private async Task<(long CaseId, long Id)> NoticedAsync(int serial)
    {
        var (caseId, id) = await PricedAsync(serial);
        App.Advance(TimeSpan.FromDays(8));
        await App.Send(First(id));
        return (caseId, id);
    }

    private async Task<(long CaseId, long Id)> PricedAsync(int serial)
    {
        var caseId = await App.Case(serial, new SampleParty("王某乙"));
        var party = await App.PartyId(caseId, "王某乙");
        var taken = await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = caseId,
                    PartyId = party,
                    Kind = "immovable",
                    Description = $"不动产{serial}号",
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
        return (caseId, a.Id);
    }

    private static PublishAuction First(long id) =>
        new()
        {
            Id = id,
            StartPrice = 700_000m,
            Deposit = 70_000m,
            ToldOn = new(2026, 3, 5),
            NoticeOn = Noticed,
            OpensOn = new(2026, 4, 9),
        };

    private async Task SellAsync(long id, string buyer, decimal price)
    {
        App.Advance(TimeSpan.FromDays(31));
        await App.Send(
            new StepAuction
            {
                Id = id,
                Step = "sell",
                Buyer = buyer,
                Price = price,
            }
        );
    }

    // the same sale again after a default
    private async Task PublishAsync(long id)
    {
        var today = DateOnly.FromDateTime(App.Clock.GetUtcNow().UtcDateTime);
        await App.Send(
            new PublishAuction
            {
                Id = id,
                StartPrice = 700_000m,
                Deposit = 70_000m,
                ToldOn = today.AddDays(-3),
                NoticeOn = today,
                OpensOn = today.AddDays(30),
            }
        );
    }

    private async Task FailTwiceAsync(long id)
    {
        App.Advance(TimeSpan.FromDays(31));
        await App.Send(
            new StepAuction
            {
                Id = id,
                Step = "fail",
                On = new(2026, 4, 10),
            }
        );
        await App.Send(
            new PublishAuction
            {
                Id = id,
                StartPrice = 560_000m,
                Deposit = 56_000m,
                ToldOn = new(2026, 4, 6),
                NoticeOn = new(2026, 4, 10),
                OpensOn = new(2026, 5, 10),
            }
        );
        App.Advance(TimeSpan.FromDays(35));
        await App.Send(new StepAuction { Id = id, Step = "fail" });
    }
}
