using System.Net;
using System.Net.Http.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Fees;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Triage;

/// <summary>A case transferred to another court lies there as a filing, with nothing to be typed again.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MovedTests(Engine engine) : AppTests(engine)
{
    private async Task<(long Filing, RegisterFiling.Result Case, long Ruling)> TransferredAsync()
    {
        var taken = await App.Taken(
            TriageSamples.Loan() with
            {
                Parties =
                [
                    TriageSamples.Plaintiff() with
                    {
                        Agents =
                        [
                            new AgentIn
                            {
                                Name = "代某",
                                Type = "律师",
                                Phone = "13800000009",
                            },
                        ],
                    },
                    TriageSamples.Defendant(),
                ],
            }
        );
        await App.Paper(taken.Id, "complaint", "起诉状");
        await App.Paper(taken.Id, "loan", "借条");
        var registered = await App.Send(new RegisterFiling { Id = taken.Id });
        await App.DrainAsync();
        var bill = (await App.As("registrar").Send(new ListBills())).Rows.Single();
        await App.Send(
            new ReceivePayment
            {
                Code = bill.Code,
                Amount = 300m,
                Reference = "r1",
            }
        );
        var drawn = await App.Send(new AllotCase { FilingId = taken.Id });
        await App.DrainAsync();
        var judge = await App.As(null).Value<string>("SELECT login FROM workzone_person WHERE id = @JudgeId", new { drawn.JudgeId });
        var ruling = await App.Document(registered.CaseId, "移送管辖裁定书", judge: judge!);
        var to = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2401'");
        var key = await App.WithKey(judge!);
        var answer = await key.PostAsJsonAsync(
            $"/api/v1/cases/{registered.CaseId}/transfer",
            new
            {
                courtId = to.ToString(System.Globalization.CultureInfo.InvariantCulture),
                documentId = ruling.ToString(System.Globalization.CultureInfo.InvariantCulture),
                reason = "被告住所地在延吉市",
            }
        );
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        await App.DrainAsync();
        return (taken.Id, registered, ruling);
    }

    [Test]
    public async Task It_waits_at_the_counter_there_whole_and_its_fee_goes_along()
    {
        var (_, before, _) = await TransferredAsync();
        var row = (await App.As("clerk-yanji").Send(new ListTransfers { Type = Moved.Type })).Rows.Single();
        Assert.That((row.Sender, row.Volumes, row.Missing), Is.EqualTo((Sample.Court, 1, 1)), "the volumes are awaited");
        var show = await App.Send(new ShowFiling { Id = row.Id });
        Assert.That(
            (show.Filing.CaseType, show.Filing.Cause, show.Filing.Amount, show.Filing.OriginNumber, show.Filing.Channel),
            Is.EqualTo(("民初", "民间借贷纠纷", (long?)3_000_000L, before.CaseNumber, "transfer"))
        );
        Assert.That(show.Papers.Select(p => p.Title), Is.EquivalentTo(new[] { "起诉状", "借条", "移送管辖裁定书" }));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new RefuseFiling
                    {
                        Id = row.Id,
                        Reason = "不属本院管辖",
                        Complaint = "12368",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("moved")
        );
        var registered = await App.Send(
            new RegisterFiling
            {
                Id = row.Id,
                Strict = true,
                Reason = "证件已核对",
            }
        );
        Assert.That(registered.CaseNumber, Does.Contain("吉2401民初"));
        await App.DrainAsync();
        Assert.That(
            await App.As(null)
                .Rows<string>(
                    "SELECT CONCAT(name, ' ', role, ' ', id_number_tail) FROM workzone_party WHERE case_id = @CaseId AND id_number_tail IS NOT NULL",
                    new { registered.CaseId }
                ),
            Is.EqualTo(new[] { "张某甲 原告 0014" })
        );
        Assert.That(
            await App.Value<string>(
                "SELECT a.name FROM workzone_agent a JOIN workzone_party p ON p.id = a.party_id WHERE p.case_id = @CaseId",
                new { registered.CaseId }
            ),
            Is.EqualTo("代某")
        );
        Assert.That(await App.Value<long>("SELECT origin_id FROM workzone_case WHERE id = @CaseId", new { registered.CaseId }), Is.EqualTo(before.CaseId));
        // 275 of the 300 paid are the fee; the 25 too much stay where they were paid
        var here = (await App.As("clerk-yanji").Send(new ListBills { State = "settled" })).Rows.Single();
        Assert.That((here.State, here.Paid, here.Owed), Is.EqualTo(("settled", 27_500L, 0L)));
        var there = (await App.As("registrar").Send(new ListBills { State = "settled" })).Rows.Single();
        Assert.That((there.Paid, there.Owed, there.Credit), Is.EqualTo((2_500L, 0L, 2_500L)));
        Assert.That(await App.As(null).Value<long>("SELECT SUM(amount) FROM triage_ledger"), Is.Zero);
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_case_that_came_by_a_list_keeps_its_sum()
    {
        var id = await App.Case(7, new SampleParty("王某乙"));
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await db.ExecuteAsync("UPDATE workzone_case SET amount = 5000000 WHERE id = @id", new { id });
                await s.GetRequiredService<ICaseRegister>()
                    .RecordAsync(
                        id,
                        "transferred",
                        new DateOnly(2026, 3, 2),
                        "transferred",
                        new Dictionary<string, string> { ["courtId"] = $"{await db.ScalarAsync<long>("SELECT id FROM workzone_court WHERE code = '吉2401'")}" }
                    );
                await db.CommitAsync();
            });
        await App.DrainAsync();
        var row = (await App.As("clerk-yanji").Send(new ListTransfers())).Rows.Single();
        var show = await App.Send(new ShowFiling { Id = row.Id });
        Assert.That((show.Filing.Amount, show.FeeCents), Is.EqualTo(((long?)5_000_000L, (long?)105_000L)), "2.5 % above ten thousand less 200");
        Assert.That((await App.Send(new ShowTransfer { FilingId = row.Id }))!.Missing, Is.EqualTo(new[] { "原审理案卷" }));
    }

    [Test]
    public async Task Of_a_sealed_case_no_filing_is_made()
    {
        var taken = await App.Taken();
        var registered = await App.Send(new RegisterFiling { Id = taken.Id });
        await App.DrainAsync();
        var to = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2401'");
        await App.In(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            await db.ExecuteAsync("UPDATE workzone_case SET sealed = 1, sealed_reason = '国家秘密' WHERE id = @CaseId", new { registered.CaseId });
            await s.GetRequiredService<ICaseRegister>()
                .RecordAsync(
                    registered.CaseId,
                    "transferred",
                    new DateOnly(2026, 3, 2),
                    "transferred",
                    new Dictionary<string, string> { ["courtId"] = to.ToString(System.Globalization.CultureInfo.InvariantCulture) }
                );
            await db.CommitAsync();
        });
        await App.DrainAsync();
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM triage_transfer"), Is.Zero);
    }

    [Test]
    public async Task Taken_back_before_it_is_a_case_there_the_filing_is_withdrawn()
    {
        var (_, before, _) = await TransferredAsync();
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await s.GetRequiredService<Kernel.Messaging.Outbox>()
                    .AddAsync(
                        CourtOps.Contracts.Catalogue.CaseKey(before.CaseId),
                        new CourtOps.Contracts.CaseClosed
                        {
                            CaseId = before.CaseId,
                            On = new DateOnly(2026, 3, 2),
                            How = "transferred",
                            Reopened = true,
                        }
                    );
                await db.CommitAsync();
            });
        await App.DrainAsync();
        Assert.That((await App.As("clerk-yanji").Send(new ListTransfers())).Rows.Single().State, Is.EqualTo("withdrawn"));
    }
}

/// <summary>What is made of the parties of a register.</summary>
public sealed class MovedPartyTests
{
    [TestCase("13800000001", "990101198001010014", ExpectedResult = "13800000001 990101198001010014", TestName = "what a counter takes stays")]
    [TestCase("12", "990101198001010014", ExpectedResult = " 990101198001010014", TestName = "a phone that none is, is left out")]
    [TestCase("13800000001", "990101198001010015", ExpectedResult = "13800000001 ", TestName = "a number with a wrong check sign is left out")]
    [TestCase("12", "990101198001010015", ExpectedResult = " ", TestName = "both")]
    public string Parties_of_a_register_are_made_such_that_a_counter_takes_them(string phone, string number)
    {
        var sound = Moved.Sound([
            new PartyIn
            {
                Name = "张某甲",
                Role = "原告",
                Phone = phone,
                IdNumber = number,
            },
            new PartyIn { Name = "王某乙", Role = "被告" },
            new PartyIn { Name = "王某乙", Role = "被告" },
        ]);
        Assert.That(sound.Select(p => p.Name), Is.EqualTo(new[] { "张某甲", "王某乙" }), "a party that is there twice is there once");
        return $"{sound[0].Phone} {sound[0].IdNumber}";
    }
}
