using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Filings;
using FluentValidation;

namespace CourtOps.Triage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class FilingTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_party_known_from_before_is_filled_in_by_its_whole_number_and_not_for_another_court()
    {
        await App.As("registrar").Send(TriageSamples.Loan());
        var number = TriageSamples.Plaintiff().IdNumber!;
        var known = await App.Send(new KnownParty { IdNumber = number });
        Assert.That((known!.Name, known.IdNumber, known.Phone), Is.EqualTo((TriageSamples.Plaintiff().Name, number, TriageSamples.Plaintiff().Phone)));
        await Assert.ThatAsync(() => App.Send(new KnownParty { IdNumber = number[..10] }), Throws.TypeOf<RuleBroken>());
        Assert.That(await App.As("clerk-yanji").Send(new KnownParty { IdNumber = number }), Is.Null);
        var registrar = await App.SignedIn("registrar");
        var page = await TestApp.PostForm(
            registrar,
            "/triage/new",
            "/triage/new?kind=civil&handler=Known&row=0",
            ("Parties[0].IdNumber", number),
            ("Cause", "民间借贷纠纷")
        );
        Assert.That(
            await page.Content.ReadAsStringAsync(),
            Does.Contain($"value=\"{TriageSamples.Plaintiff().Name}\"").And.Contain("民间借贷纠纷"),
            "filled in, and nothing typed is lost"
        );
    }

    [Test]
    public async Task A_filing_becomes_a_numbered_case_with_papers_fee_and_judge()
    {
        var taken = await App.Taken();
        Assert.That((taken.Procedure, taken.DecideBy), Is.EqualTo(("MC-SML", new DateOnly(2026, 3, 9))));
        foreach (var (kind, title) in new[] { ("complaint", "起诉状"), ("identity", "身份证"), ("loan", "借条") })
            await App.Paper(taken.Id, kind, title);
        var registered = await App.As("registrar").Send(new RegisterFiling { Id = taken.Id, Strict = true });
        Assert.That((registered.CaseNumber, registered.FeeCents, registered.Band), Is.EqualTo(("（2026）吉2424民初1号", 27_500L, "fast")));
        var told = (await App.Published<CaseRegistered>()).Single();
        Assert.That((told.CaseId, told.FilingId, told.ProcedureCode, told.DocumentIds.Count), Is.EqualTo((registered.CaseId, taken.Id, "MC-SML", 3)));
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM workzone_document WHERE case_id = @CaseId AND source = 'triage'", new { registered.CaseId }),
            Is.EqualTo(3)
        );
        Assert.That(
            await App.Value<string>("SELECT id_number_tail FROM workzone_party WHERE case_id = @CaseId AND role = '原告'", new { registered.CaseId }),
            Is.EqualTo("0014")
        );

        var drawn = await App.As("registrar").Send(new AllotCase { FilingId = taken.Id });
        Assert.That(drawn.How, Is.EqualTo("balanced"));
        var allotted = (await App.Published<CaseAllotted>()).Single();
        Assert.That((allotted.CaseId, allotted.JudgeId, allotted.How), Is.EqualTo((registered.CaseId, drawn.JudgeId, "balanced")));
        Assert.That(await App.Value<long>("SELECT judge_id FROM workzone_case WHERE id = @CaseId", new { registered.CaseId }), Is.EqualTo(drawn.JudgeId));
        var why = await App.Send(new ShowAllotment { FilingId = taken.Id });
        Assert.That(why.Again, Is.EqualTo((drawn.Judge, 2)), "drawn again from the seed");
        await App.DrainAsync();
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Numbers_go_on_above_what_was_imported_also_in_between()
    {
        await App.Case(7);
        Assert.That((await App.Registered()).Case.CaseNumber, Is.EqualTo("（2026）吉2424民初8号"));
        await App.Case(11, new SampleParty("赵某丁"));
        Assert.That((await App.Registered(TriageSamples.Loan("钱某戊"))).Case.CaseNumber, Is.EqualTo("（2026）吉2424民初12号"));
    }

    [Test]
    public async Task Fifty_at_once_get_fifty_numbers_without_gap_or_double()
    {
        var filings = new List<long>();
        for (var i = 0; i < 50; i++)
            filings.Add((await App.Taken(TriageSamples.Loan($"被告{i}"))).Id);
        App.As("registrar");
        var results = await Task.WhenAll(filings.Select(id => Task.Run(() => App.Send(new RegisterFiling { Id = id }))));
        Assert.That(
            results.Select(r => CourtOps.Law.CaseNumber.Parse(r.CaseNumber).SerialValue).Order(),
            Is.EqualTo(Enumerable.Range(1, 50).Select(i => (long)i))
        );
    }

    [Test]
    public async Task A_registration_that_fails_gives_its_number_back()
    {
        var bad = await App.Taken();
        await App.As(null).Change("UPDATE triage_filing SET procedure_code = 'XX' WHERE id = @Id", new { bad.Id });
        await Assert.ThatAsync(() => App.As("registrar").Send(new RegisterFiling { Id = bad.Id }), Throws.TypeOf<RuleBroken>());
        Assert.That((await App.Registered(TriageSamples.Loan("钱某戊"))).Case.CaseNumber, Is.EqualTo("（2026）吉2424民初1号"));
    }

    [Test]
    public async Task What_is_missing_is_told_once_and_the_clock_begins_anew()
    {
        var taken = await App.Taken();
        await App.Send(new ReturnFiling { Id = taken.Id, Missing = ["身份证复印件", "借条"] });
        var told = await App.Send(new ShowFiling { Id = taken.Id });
        Assert.That(
            (told.Filing.State, told.Filing.DecideBy, told.Filing.CorrectBy),
            Is.EqualTo(("returned", (DateOnly?)null, (DateOnly?)new DateOnly(2026, 3, 17)))
        );
        await Assert.ThatAsync(() => App.Send(new RegisterFiling { Id = taken.Id }), Throws.TypeOf<RuleBroken>());
        App.Advance(TimeSpan.FromDays(3));
        await App.Send(new CorrectFiling { Id = taken.Id });
        var after = await App.Send(new ShowFiling { Id = taken.Id });
        Assert.That((after.Filing.State, after.Filing.DecideBy), Is.EqualTo(("received", (DateOnly?)new DateOnly(2026, 3, 12))));
        await Assert.ThatAsync(
            () => App.Send(new ReturnFiling { Id = taken.Id, Missing = ["还有"] }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("returned-once")
        );
    }

    [Test]
    public async Task A_refusal_has_a_reason_and_the_way_of_complaint_and_lapse_waits_for_its_day()
    {
        var taken = await App.Taken();
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new RefuseFiling
                    {
                        Id = taken.Id,
                        Reason = "",
                        Complaint = "",
                    }
                ),
            Throws.TypeOf<ValidationException>()
        );
        await App.Send(new ReturnFiling { Id = taken.Id, Missing = ["借条"] });
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new RefuseFiling
                    {
                        Id = taken.Id,
                        Reason = "未补正",
                        Lapsed = true,
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        App.Advance(TimeSpan.FromDays(16));
        await App.Send(
            new RefuseFiling
            {
                Id = taken.Id,
                Reason = "未补正",
                Lapsed = true,
            }
        );
        Assert.That((await App.Send(new ShowFiling { Id = taken.Id })).Filing.State, Is.EqualTo("lapsed"));
    }

    [Test]
    public async Task A_missing_paper_and_a_suit_like_another_need_a_reason_at_the_counter()
    {
        var first = await App.Registered();
        var again = await App.Taken();
        await Assert.ThatAsync(
            () => App.Send(new RegisterFiling { Id = again.Id, Strict = true }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("incomplete")
        );
        foreach (var kind in new[] { "complaint", "identity", "loan" })
            await App.Paper(again.Id, kind, kind);
        var near = (await App.Send(new ShowFiling { Id = again.Id })).Near;
        Assert.That(near.Select(n => (n.Number, n.What)), Is.EqualTo(new[] { (first.Case.CaseNumber, "duplicate") }));
        await Assert.ThatAsync(
            () => App.Send(new RegisterFiling { Id = again.Id, Strict = true }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("duplicate")
        );
        Assert.That(
            (
                await App.Send(
                    new RegisterFiling
                    {
                        Id = again.Id,
                        Strict = true,
                        Reason = "另一笔借款",
                    }
                )
            ).CaseNumber,
            Is.EqualTo("（2026）吉2424民初2号")
        );
    }

    [Test]
    public async Task A_party_is_found_by_id_under_another_spelling()
    {
        await App.Registered();
        var other = await App.Taken(
            new TakeFiling { Cause = "买卖合同纠纷", Parties = [TriageSamples.Plaintiff("张 某甲（曾用名）"), TriageSamples.Defendant("赵某丁")] }
        );
        Assert.That((await App.Send(new ShowFiling { Id = other.Id })).Near.Single().Shared, Is.EqualTo(new[] { "张某甲" }));
    }

    [Test]
    public async Task The_second_suit_between_the_same_goes_to_the_same_judge()
    {
        var first = await App.Registered();
        var judge = (await App.Send(new AllotCase { FilingId = first.Filing })).JudgeId;
        for (var i = 0; i < 3; i++)
        {
            var next = await App.Registered(TriageSamples.Loan() with { Cause = $"买卖合同纠纷{i}" });
            var drawn = await App.Send(new AllotCase { FilingId = next.Filing });
            Assert.That((drawn.How, drawn.JudgeId, drawn.TiedBy), Is.EqualTo(("tied", judge, first.Case.CaseNumber)));
        }
    }

    [Test]
    public async Task By_hand_needs_a_reason_and_is_listed()
    {
        var filing = (await App.Registered()).Filing;
        var judge = await App.IdOf("judge2");
        await Assert.ThatAsync(() => App.As("registrar").Send(new AllotByHand { FilingId = filing, JudgeId = judge }), Throws.TypeOf<ValidationException>());
        await App.Send(
            new AllotByHand
            {
                FilingId = filing,
                JudgeId = judge,
                Reason = "院长指定，案件重大",
            }
        );
        Assert.That(
            (await App.Send(new ListAllotments { How = "by-hand" })).Rows.Select(r => (r.JudgeName, r.Reason)),
            Is.EqualTo(new[] { ("林虚构", "院长指定，案件重大") })
        );
        await Assert.ThatAsync(() => App.Send(new AllotCase { FilingId = filing }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("allotted"));
    }

    [Test]
    public async Task Waiting_cases_are_drawn_together_and_loads_stay_even()
    {
        for (var i = 0; i < 10; i++)
            await App.Registered(
                TriageSamples.Loan($"被告{i}") with
                {
                    Parties = [TriageSamples.Plaintiff($"原告{i}") with { IdNumber = "" }, TriageSamples.Defendant($"被告{i}")],
                }
            );
        Assert.That((await App.As("registrar").Send(new AllotWaiting())).Allotted, Is.EqualTo(10));
        Assert.That((await App.Rows<int>("SELECT COUNT(*) AS n FROM workzone_case GROUP BY judge_id")).Order(), Is.EqualTo(new[] { 5, 5 }));
    }

    [Test]
    public async Task A_wrong_id_is_named_and_an_amount_in_words_is_held_against_the_figures()
    {
        var wrong = TriageSamples.Loan() with
        {
            Parties = [TriageSamples.Plaintiff() with { IdNumber = "990101198001010011" }],
            Claims =
            [
                new ClaimIn
                {
                    Type = "money",
                    Amount = 30_000m,
                    AmountWords = "叁拾万元整",
                },
            ],
        };
        var refused = await Assert.ThrowsAsync<ValidationException>(() => App.Taken(wrong));
        Assert.That(refused!.Errors.Select(e => e.PropertyName), Is.EquivalentTo(new[] { "Claims[0].AmountWords", "Parties[0].IdNumber" }));
    }

    [Test]
    public async Task Another_court_sees_nothing_of_it()
    {
        var taken = await App.Taken();
        await Assert.ThatAsync(() => App.As("clerk-yanji").Send(new ShowFiling { Id = taken.Id }), Throws.TypeOf<NotFound>());
        Assert.That((await App.Send(new ListFilings())).Rows, Is.Empty);
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new TakeFiling
                    {
                        Court = "吉2424",
                        Cause = "民间借贷纠纷",
                        Parties = [TriageSamples.Plaintiff()],
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        await Assert.ThatAsync(() => App.As("judge").Send(new ListFilings()), Throws.TypeOf<Forbidden>());
    }

    [Test]
    public async Task The_doors_take_register_and_allot()
    {
        var http = await App.SignedIn("registrar");
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "zh-CN");
        var page = await http.GetStringAsync("/triage/new");
        Assert.That(page, Does.Contain("Parties[0].Name"));
        var posted = await TestApp.PostForm(
            http,
            "/triage/new",
            "/triage/new?kind=civil",
            ("Cause", "民间借贷纠纷"),
            ("Parties[0].Name", "张某甲"),
            ("Parties[0].Role", "原告"),
            ("Parties[0].IdNumber", "990101198001010011"),
            ("Claims[0].Type", "money"),
            ("Claims[0].Amount", "30000")
        );
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        var again = await posted.Content.ReadAsStringAsync();
        Assert.That(again, Does.Contain("身份证号码校验不符").And.Contain("990101198001010011"));
        posted = await TestApp.PostForm(
            http,
            "/triage/new",
            "/triage/new?kind=civil",
            ("Cause", "民间借贷纠纷"),
            ("Parties[0].Name", "张某甲"),
            ("Parties[0].Role", "原告"),
            ("Parties[1].Name", "王某乙"),
            ("Parties[1].Role", "被告"),
            ("Claims[0].Type", "money"),
            ("Claims[0].Amount", "30000")
        );
        var id = await App.As(null).Value<long>("SELECT id FROM triage_filing");
        Assert.That((int)posted.StatusCode, Is.EqualTo(302), await posted.Content.ReadAsStringAsync());
        foreach (var path in new[] { "/triage", $"/triage/filings/{id}", $"/triage/filings/{id}/print", $"/triage/filings/{id}/allot", "/triage/allotments" })
            Assert.That((await http.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        Assert.That(await http.GetStringAsync($"/triage/filings/{id}/print"), Does.Contain("收件凭证").And.Contain("2026-03-02 09:00"));
        posted = await TestApp.PostForm(http, $"/triage/filings/{id}", $"/triage/filings/{id}?handler=Register", ("Reason", "材料后补"));
        Assert.That((int)posted.StatusCode, Is.EqualTo(302));
        posted = await TestApp.PostForm(http, $"/triage/filings/{id}/allot", $"/triage/filings/{id}/allot?handler=Draw");
        Assert.That((int)posted.StatusCode, Is.EqualTo(302));
        Assert.That(await http.GetStringAsync($"/triage/filings/{id}/allot"), Does.Contain("一致"));
        var caseId = await App.As(null).Value<long>("SELECT case_id FROM triage_filing");
        var judge = await App.SignedIn((await App.As(null).Value<string>("SELECT p.login FROM workzone_person p JOIN workzone_case c ON c.judge_id = p.id"))!);
        Assert.That(await judge.GetStringAsync($"/triage/cases/{caseId}/panel"), Does.Contain("均衡随机"));
    }

    [Test]
    public async Task Programs_file_register_and_allot_and_may_repeat()
    {
        var http = await App.WithKey("registrar");
        var body = new
        {
            court = Sample.Court,
            kind = "civil",
            cause = "民间借贷纠纷",
            procedure = "MC-SUM",
            procedureReason = "双方约定",
            claims = new[] { new { type = "money", amount = 30_000m } },
            parties = new object[]
            {
                new
                {
                    name = "张某甲",
                    role = "原告",
                    partyType = "自然人",
                    idNumber = "990101198001010014",
                    agents = new[]
                    {
                        new
                        {
                            name = "律师某",
                            type = "律师",
                            phone = "13800000009",
                        },
                    },
                },
                new { name = "王某乙", role = "被告" },
            },
        };
        http.DefaultRequestHeaders.Add("Idempotency-Key", "filing-1");
        var first = await http.PostAsJsonAsync("/api/v1/filings", body);
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Created), await first.Content.ReadAsStringAsync());
        var id = (string)System.Text.Json.Nodes.JsonNode.Parse(await first.Content.ReadAsStringAsync())!["id"]!;
        Assert.That(await (await http.PostAsJsonAsync("/api/v1/filings", body)).Content.ReadAsStringAsync(), Does.Contain(id));
        http.DefaultRequestHeaders.Remove("Idempotency-Key");
        var registered = await (await http.PostAsync($"/api/v1/filings/{id}:register", null)).Content.ReadAsStringAsync();
        Assert.That(registered, Does.Contain("\"fee\":\"275.00\"").And.Contain("吉2424民初1号"));
        var allotted = await (await http.PostAsync($"/api/v1/filings/{id}:allot", null)).Content.ReadAsStringAsync();
        Assert.That(allotted, Does.Contain("\"judge\":").And.Contain("\"decision\":{").And.Contain("\"seed\":"));
        Assert.That(await http.GetStringAsync($"/api/v1/filings/{id}"), Does.Contain("\"state\":\"allotted\"").And.Not.Contain("990101198001010014"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_agent"), Is.EqualTo(1));
        Assert.That((await http.PostAsync($"/api/v1/filings/{id}:nothing", null)).StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }
}
