using System.Net;
using System.Net.Http.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Fees;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Triage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class FeeTests(Engine engine) : AppTests(engine)
{
    private async Task<Bill> BillAsync(string defendant = "王某乙")
    {
        var filing = (await App.Registered(TriageSamples.Loan(defendant))).Filing;
        return (await App.As("registrar").Send(new ListBills())).Rows.Single(b => b.FilingId == filing);
    }

    private async Task<Bill> NowAsync(Bill bill) => (await App.As("registrar").Send(new ShowBill { Id = bill.Id })).Bill;

    [Test]
    public async Task A_registered_case_has_a_notice_with_code_and_seven_days()
    {
        var bill = await BillAsync();
        Assert.That((bill.Amount, bill.Owed, bill.Paid, bill.DueOn, bill.State), Is.EqualTo((27_500L, 27_500L, 0L, new DateOnly(2026, 3, 9), "open")));
        App.Advance(TimeSpan.FromDays(8));
        Assert.That((await App.Send(new ListBills { State = "overdue" })).Rows.Select(b => b.Id), Is.EqualTo(new[] { bill.Id }));
    }

    [Test]
    public async Task Parts_add_up_and_a_reference_counts_once()
    {
        var bill = await BillAsync();
        ReceivePayment Pay(decimal yuan, string reference) =>
            new()
            {
                Code = bill.Code,
                Amount = yuan,
                Reference = reference,
            };
        Assert.That((await App.Send(Pay(100.01m, "a"))).Outcome, Is.EqualTo("part"));
        Assert.That((await App.Send(Pay(100.01m, "a"))).Outcome, Is.EqualTo("repeated"));
        await Assert.ThatAsync(() => App.Send(Pay(99m, "a")), Throws.TypeOf<RuleBroken>());
        Assert.That((await App.Send(Pay(180m, "b"))).Outcome, Is.EqualTo("over"));
        var now = await NowAsync(bill);
        Assert.That((now.State, now.Owed, now.Paid, now.Credit), Is.EqualTo(("settled", 0L, 28_001L, 501L)));
        await App.As("leader")
            .Send(
                new RefundFee
                {
                    BillId = bill.Id,
                    Version = now.Version,
                    Amount = 5.01m,
                    Reason = "多交",
                }
            );
        now = await NowAsync(bill);
        Assert.That((now.Paid, now.Credit), Is.EqualTo((27_500L, 0L)));
        await Assert.ThatAsync(
            () =>
                App.As("leader")
                    .Send(
                        new RefundFee
                        {
                            BillId = bill.Id,
                            Version = now.Version,
                            Amount = 275.01m,
                            Reason = "多退",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new RefundFee
                    {
                        BillId = bill.Id,
                        Version = now.Version - 1,
                        Amount = 1m,
                        Reason = "同时",
                    }
                ),
            Throws.TypeOf<Conflict>()
        );
        Assert.That(await App.Value<long>("SELECT SUM(amount) FROM triage_ledger"), Is.Zero);
    }

    [Test]
    public async Task A_file_twice_short_and_with_an_unknown_code_ends_line_by_line_and_balanced()
    {
        var bill = await BillAsync();
        var file = $"缴费码,金额,日期,流水号\n{bill.Code},275,2026-03-02,r1\nF999,50.00,2026-03-02,r2\n{bill.Code},2x,2026-03-02,r3\n{bill.Code},1";
        Assert.That(
            (await App.Send(new ImportPayments { Lines = file })).Lines.Select(l => (l.Row, l.Outcome)),
            Is.EqualTo(new[] { (2, "paid"), (3, "unknown"), (4, "refused"), (5, "refused") })
        );
        Assert.That(
            (await App.Send(new ImportPayments { Lines = file })).Lines.Select(l => l.Outcome),
            Is.EqualTo(new[] { "repeated", "repeated", "refused", "refused" })
        );
        var day = await App.Send(new ListBills());
        Assert.That(
            (day.Off, day.Sums.Where(s => s is { Account: "cash" }).Sum(s => s.Cents), day.Sums.Single(s => s.Account == "suspense").Cents),
            Is.EqualTo((0L, 32_500L, -5_000L))
        );
    }

    [Test]
    public async Task Money_of_an_unknown_code_is_assigned_or_given_back_and_the_ledger_balances()
    {
        var bill = await BillAsync();
        await App.Send(
            new ReceivePayment
            {
                Code = "F999",
                Amount = 275m,
                Reference = "u1",
            }
        );
        await App.Send(
            new ReceivePayment
            {
                Code = "F998",
                Amount = 10m,
                Reference = "u2",
            }
        );
        var waiting = (await App.Send(new ListSuspense())).Rows;
        Assert.That(waiting.Select(w => (w.Reference, w.Code, w.Amount)), Is.EqualTo(new[] { ("u1", "F999", 27_500L), ("u2", "F998", 1_000L) }));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AssignSuspense
                    {
                        Id = waiting[0].Id,
                        Version = 1,
                        Code = "F997",
                        Reason = "x",
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        await App.Send(
            new AssignSuspense
            {
                Id = waiting[0].Id,
                Version = 1,
                Code = bill.Code,
                Reason = "付款人更正缴费码",
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AssignSuspense
                    {
                        Id = waiting[0].Id,
                        Version = 2,
                        Code = bill.Code,
                        Reason = "again",
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That((await NowAsync(bill)) is { State: "settled", Paid: 27_500, Owed: 0 });
        await App.As("leader")
            .Send(
                new ReturnSuspense
                {
                    Id = waiting[1].Id,
                    Version = 1,
                    Reason = "原路退回",
                }
            );
        Assert.That(await App.Rows<long>("SELECT SUM(amount) FROM triage_ledger WHERE account = 'suspense'"), Is.EqualTo(new[] { 0L }));
        Assert.That(await App.Value<long>("SELECT SUM(amount) FROM triage_ledger WHERE account = 'cash'"), Is.EqualTo(27_500));
        Assert.That(await App.Value<long>("SELECT SUM(amount) FROM triage_ledger"), Is.Zero);
        var http = await App.SignedIn("registrar");
        Assert.That(await http.GetStringAsync("/triage/fees/suspense?state=returned"), Does.Contain("u2").And.Contain("原路退回"));
        var key = await App.WithKey("registrar");
        Assert.That(await key.GetStringAsync("/api/v1/fee-suspense?state=assigned"), Does.Contain("u1"));
    }

    [Test]
    public async Task Every_receipt_raises_the_version()
    {
        var bill = await BillAsync();
        await App.Send(
            new ReceivePayment
            {
                Code = bill.Code,
                Amount = 1m,
                Reference = "v1",
            }
        );
        Assert.That((await NowAsync(bill)).Version, Is.EqualTo(bill.Version + 1));
        await App.Send(
            new ReceivePayment
            {
                Code = bill.Code,
                Amount = 275m,
                Reference = "v2",
            }
        );
        await App.Send(
            new ReceivePayment
            {
                Code = bill.Code,
                Amount = 1m,
                Reference = "v3",
            }
        );
        Assert.That((await NowAsync(bill)).Version, Is.EqualTo(bill.Version + 3));
    }

    [Test]
    public async Task A_fee_not_paid_in_time_is_deemed_withdrawn_by_a_person_only()
    {
        var bill = await BillAsync();
        await Assert.ThatAsync(
            () =>
                App.As("leader")
                    .Send(
                        new DeemWithdrawn
                        {
                            BillId = bill.Id,
                            Version = bill.Version,
                            Reason = "未交",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("early")
        );
        App.Advance(TimeSpan.FromDays(8));
        await App.As("registrar")
            .Send(
                new DeemWithdrawn
                {
                    BillId = bill.Id,
                    Version = bill.Version,
                    Reason = "通知 3 月 2 日送达，无缓减免申请",
                }
            );
        Assert.That(await NowAsync(bill) is { State: "deemed", Owed: 0 });
        Assert.That(await App.Value<string>("SELECT closed_how FROM workzone_case WHERE id = @CaseId", new { bill.CaseId }), Is.EqualTo("withdrawn"));
        await App.DrainAsync();
        Assert.That(await App.Value<long>("SELECT SUM(amount) FROM triage_ledger"), Is.Zero);
    }

    [Test]
    public async Task Conversion_asks_for_the_rest_and_closing_by_mediation_keeps_half()
    {
        var bill = await BillAsync();
        await App.Send(
            new ReceivePayment
            {
                Code = bill.Code,
                Amount = 275m,
                Reference = "c1",
            }
        );
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<CourtOps.Kernel.Data.Db>();
                await db.BeginAsync();
                await s.GetRequiredService<CourtOps.Workzone.Cases.ICaseRegister>().ConvertAsync(bill.CaseId, "MC-ORD", new DateOnly(2026, 3, 2), "案情复杂");
                await db.CommitAsync();
            });
        await App.DrainAsync();
        var rest = (await App.As("registrar").Send(new ListBills())).Rows.Single();
        Assert.That((rest.Kind, rest.Amount, rest.CaseId), Is.EqualTo(("supplement", 27_500L, bill.CaseId)));
        Assert.That((await App.Published<CourtOps.Contracts.TrackChanged>()).Single() is { FromProcedure: "MC-SML", ToProcedure: "MC-ORD" });
        await App.As("registrar")
            .Send(
                new ReceivePayment
                {
                    Code = rest.Code,
                    Amount = 275m,
                    Reference = "c2",
                }
            );
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<CourtOps.Kernel.Data.Db>();
                await db.BeginAsync();
                await s.GetRequiredService<CourtOps.Workzone.Cases.ICaseRegister>().CloseAsync(bill.CaseId, "mediation", new DateOnly(2026, 3, 2));
                await db.CommitAsync();
            });
        await App.DrainAsync();
        Assert.That((await NowAsync(bill)).Credit + (await NowAsync(rest)).Credit, Is.EqualTo(27_500));
        Assert.That(await App.Value<long>("SELECT SUM(amount) FROM triage_ledger"), Is.Zero);
    }

    [Test]
    public async Task Relief_waits_for_a_second_person()
    {
        var bill = await BillAsync();
        await App.Send(
            new AskRelief
            {
                BillId = bill.Id,
                Amount = 75m,
                Until = new DateOnly(2026, 4, 9),
                Reason = "低保户",
            }
        );
        var asked = (await NowAsync(bill)).Version;
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new DecideRelief
                    {
                        BillId = bill.Id,
                        Version = asked,
                        Grant = true,
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("second-person")
        );
        await Assert.ThatAsync(
            () =>
                App.As("leader")
                    .Send(
                        new DecideRelief
                        {
                            BillId = bill.Id,
                            Version = asked - 1,
                            Grant = true,
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        await App.As("leader")
            .Send(
                new DecideRelief
                {
                    BillId = bill.Id,
                    Version = asked,
                    Grant = true,
                }
            );
        var now = await NowAsync(bill);
        Assert.That((now.Owed, now.DueOn, now.State), Is.EqualTo((20_000L, new DateOnly(2026, 4, 9), "open")));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AskRelief
                    {
                        BillId = bill.Id,
                        Amount = 201m,
                        Reason = "再减",
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
    }

    [Test]
    public async Task The_gateways_return_and_the_pages_reach_the_same_ledger()
    {
        var bill = await BillAsync();
        var key = await App.WithKey("registrar");
        for (var i = 0; i < 2; i++)
            Assert.That(
                await (
                    await key.PostAsJsonAsync(
                        "/api/v1/payments",
                        new
                        {
                            code = bill.Code,
                            amount = 75.00m,
                            reference = "gw-1",
                        }
                    )
                ).Content.ReadAsStringAsync(),
                Does.Contain(i == 0 ? "part" : "repeated")
            );
        var http = await App.SignedIn("registrar");
        var posted = await TestApp.PostForm(
            http,
            $"/triage/fees/{bill.Id}",
            $"/triage/fees/{bill.Id}?handler=Pay",
            ("Amount", "200.001"),
            ("Reference", "收据2")
        );
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        posted = await TestApp.PostForm(http, $"/triage/fees/{bill.Id}", $"/triage/fees/{bill.Id}?handler=Pay", ("Amount", "200"), ("Reference", "收据2"));
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await NowAsync(bill)).State, Is.EqualTo("settled"));
        Assert.That(
            await http.GetStringAsync("/triage/fees?state=settled"),
            Does.Contain(bill.Code).And.Contain("账平").And.Contain("href=\"/triage/fees?state=settled\" aria-current=\"page\"")
        );
        posted = await TestApp.PostForm(http, "/triage/fees", "/triage/fees?handler=Import", ("Lines", "F1,5,2026-03-02,z"));
        Assert.That(await posted.Content.ReadAsStringAsync(), Does.Contain("不明来款"));
    }
}
