using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.People;

namespace CourtOps.Enforcement.Linkage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class FillTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Test]
    public async Task An_answered_freeze_takes_effect_on_the_measure_with_the_receipts_end_and_the_sum_frozen()
    {
        var (caseId, ruling, party) = await CaseAsync();
        var m = await App.As("judge").Send(Deposit(caseId, party) with { Start = null, RuledOn = Today.AddDays(-3), Authority = "" });
        var l = await AnsweredAsync(caseId, ruling, "freeze", "已于2026年3月1日冻结，实际冻结 300.50 元，至2027-02-20止。", "回字7号");
        FillMeasure fill = new() { Id = l.Id, Version = l.Version };
        var done = await App.As("judge").Send(fill);
        Assert.That((done.Measure.Id, done.Measure.State, done.Request.Version), Is.EqualTo((m.Id, "active", l.Version + 1)));
        var row = await MeasureAsync(m.Id);
        Assert.That(
            (row.StartOn, row.EndOn, row.ComputedEnd, row.Receipt, row.Authority, row.Frozen),
            Is.EqualTo(((DateOnly?)new(2026, 3, 1), (DateOnly?)new(2027, 2, 20), (DateOnly?)new(2027, 2, 28), "回字7号", "汪清测试银行", (long?)30_050))
        );
        Assert.That(await OpenAsync(caseId), Does.Contain(LeakChecks.Receipt), "another end than computed");
        Assert.That(LeakChecks.Held([row]), Is.EqualTo(30_050), "what was frozen counts, not the limit");

        Assert.That((await App.As("judge").Send(fill)).Request.Version, Is.EqualTo(l.Version + 1), "the same again changes nothing");
        Assert.That((await MeasureAsync(m.Id)).Version, Is.EqualTo(row.Version));
        await Assert.ThatAsync(() => App.As("judge").Send(fill with { Receipt = "另一号" }), Throws.TypeOf<Conflict>());
        await Assert.ThatAsync(() => App.As("leader").Send(fill), Throws.TypeOf<Kernel.Messaging.Forbidden>());
    }

    [Test]
    public async Task Two_who_record_the_same_answer_with_different_measures_are_one_conflict()
    {
        var (caseId, ruling, party) = await CaseAsync();
        var one = await App.As("judge").Send(Deposit(caseId, party));
        var two = await App.As("judge").Send(Deposit(caseId, party) with { Description = "工行尾号0002" });
        var l = await AnsweredAsync(caseId, ruling, "freeze", "已冻结", "R1");
        FillMeasure fill = new() { Id = l.Id, Version = l.Version };
        await Refused(fill, "MeasureId", "which");
        await App.As("judge").Send(fill with { MeasureId = one.Id });
        await Assert.ThatAsync(() => App.As("judge").Send(fill with { MeasureId = two.Id }), Throws.TypeOf<Conflict>(), "it was seen before the first");
        Assert.That((await MeasureAsync(two.Id)).Receipt, Is.Null);
        var seen = await App.As("judge").Send(new ShowLinkage { Id = l.Id });
        Assert.That(seen.Offer!.Filled.Select(f => f.MeasureId), Is.EqualTo(new[] { one.Id }));
        await App.As("judge").Send(fill with { MeasureId = two.Id, Version = seen.Request.Version });
        Assert.That((await MeasureAsync(two.Id)).Receipt, Is.EqualTo("R1"), "one answer can be of two accounts");
    }

    [Test]
    public async Task What_was_not_answered_not_done_or_is_another_cases_is_refused()
    {
        var (caseId, ruling, party) = await CaseAsync();
        var m = await App.As("judge").Send(Deposit(caseId, party));
        var other = await App.Case(2, new SampleParty("尹某己"));
        var foreign = await App.As("judge").Send(Deposit(other, await App.PartyId(other, "尹某己")) with { Description = "工行尾号0009" });
        var house = await App.As("judge").Send(MeasureTests.Take(caseId, party));
        var waiting = await SendAsync(caseId, ruling, "freeze", "冻结一");
        await Refused(new FillMeasure { Id = waiting.Id }, null, "nothing-to-fill");
        var asked = await AnsweredAsync(caseId, ruling, "find", "已办", "R0");
        await Refused(new FillMeasure { Id = asked.Id, MeasureId = m.Id }, null, "nothing-to-fill");
        var l = await AnsweredAsync(caseId, ruling, "freeze", "账户不存在，无法冻结", "R1");
        FillMeasure fill = new() { Id = l.Id, MeasureId = m.Id };
        await Refused(fill, "Sure", "not-done");
        fill = fill with { Sure = true };
        await Assert.ThatAsync(() => App.As("judge").Send(fill with { MeasureId = foreign.Id }), Throws.TypeOf<NotFound>());
        await Refused(fill with { MeasureId = house.Id }, "MeasureId", "does-not-fit");
        await Refused(fill with { On = Today.AddDays(1) }, "Start", "");
        await Assert.ThatAsync(() => App.As("judge2").Send(fill), Throws.TypeOf<NotFound>());
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM enforcement_linkage_measure"), Is.Zero);
    }

    [Test]
    public async Task Renewals_releases_and_deductions_are_recorded_the_same_way()
    {
        var (caseId, ruling, party) = await CaseAsync();
        var m = await App.As("judge").Send(Deposit(caseId, party) with { Start = new DateOnly(2025, 3, 10) });
        var renew = await AnsweredAsync(caseId, ruling, "renew", "已续行冻结", "R2");
        var renewed = await App.As("judge").Send(new FillMeasure { Id = renew.Id });
        Assert.That((renewed.Measure.EndOn, renewed.Measure.Receipt), Is.EqualTo(((DateOnly?)new(2027, 3, 9), "R2")));

        var deduct = await AnsweredAsync(caseId, ruling, "deduct", "扣划 0.01万元", "流水8");
        await Assert.ThatAsync(() => App.As("clerk").Send(new FillMeasure { Id = deduct.Id }), Throws.InstanceOf<Exception>(), "money is booked by it");
        var taken = await App.As("judge").Send(new FillMeasure { Id = deduct.Id });
        Assert.That(
            (taken.Measure.Amount, await App.As(null).Value<string>("SELECT reference FROM enforcement_receipt")),
            Is.EqualTo(((long?)90_000, "流水8"))
        );

        var release = await AnsweredAsync(caseId, ruling, "release", "已解除", "R3");
        await Refused(new FillMeasure { Id = release.Id }, "Why", "");
        var released = await App.As("judge").Send(new FillMeasure { Id = release.Id, Why = "withdrawn" });
        Assert.That((released.Measure.State, released.Measure.EndedOn), Is.EqualTo(("released", (DateOnly?)Today)));
        Assert.That((await MeasureAsync(m.Id)).State, Is.EqualTo("released"));
    }

    [Test]
    public async Task The_page_fills_the_form_and_the_interface_does_it_in_one_call()
    {
        var (caseId, ruling, party) = await CaseAsync();
        var m = await App.As("judge").Send(Deposit(caseId, party));
        var l = await AnsweredAsync(caseId, ruling, "freeze", "已冻结 1000 元，期限至2027年2月20日", "回字7号");
        var here = $"/enforcement/linkage/{l.Id}";
        var http = await App.SignedIn("judge");
        var page = WebUtility.HtmlDecode(await http.GetStringAsync(new Uri(here, UriKind.Relative)));
        Assert.That(page, Does.Contain("登记到措施").And.Contain("value=\"回字7号\"").And.Contain("2027-02-20").And.Contain("工行尾号0001"));
        var key = await App.WithKey("judge");
        var url = new Uri($"/api/v1/linkage-requests/{l.Id}/measure", UriKind.Relative);
        var answer = await key.PostAsJsonAsync(url, new { });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        Assert.That(body, Does.Contain("\"end\":\"2027-02-20\"").And.Contain("\"differs\":true").And.Contain("\"frozen\":1000"));
        Assert.That((await key.PostAsJsonAsync(url, new { receipt = "x" })).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        page = WebUtility.HtmlDecode(await http.GetStringAsync(new Uri(here, UriKind.Relative)));
        Assert.That(page, Does.Contain($"/enforcement/measures/{m.Id}").And.Not.Contain("Data.MeasureId"), "nothing is left to fill");
    }

    private async Task<MeasureRow> MeasureAsync(long id) => (await App.As(null).Value<MeasureRow>(MeasureRow.Columns + " WHERE m.id = @id", new { id }))!;

    private Task Refused(FillMeasure command, string? field, string code) =>
        Assert.ThatAsync(
            () => App.As("judge").Send(command),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo(field).And.Property("Code").EqualTo(code.Length == 0 ? null : code)
        );

    private async Task<IReadOnlyList<string>> OpenAsync(long caseId) =>
        await App.As(null).Rows<string>("SELECT leak FROM enforcement_finding WHERE case_id = @caseId AND state = 'open' ORDER BY leak", new { caseId });

    private static TakeMeasure Deposit(long caseId, long party) =>
        new()
        {
            CaseId = caseId,
            PartyId = party,
            Kind = "deposit",
            Description = "工行尾号0001",
            Amount = 1000m,
            Authority = "汪清测试银行",
            Start = Today,
        };

    private async Task<(long CaseId, long Ruling, long PartyId)> CaseAsync()
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "bank-key",
                    Name = "银行接口",
                    Court = "吉2424",
                    Roles = ["agency"],
                    Password = TestApp.Password,
                }
            );
        await App.As("leader")
            .Send(
                new SaveAgency
                {
                    Name = "汪清测试银行",
                    Kind = "bank",
                    Login = "bank-key",
                }
            );
        var caseId = await App.Case(1, new SampleParty("王某乙"));
        return (caseId, await App.Document(caseId, "执行裁定书", "ruling"), await App.PartyId(caseId, "王某乙"));
    }

    private async Task<LinkageRow> SendAsync(long caseId, long ruling, string act, string words) =>
        (
            await App.As("judge")
                .Send(
                    new SendLinkage
                    {
                        CaseId = caseId,
                        Agencies = ["汪清测试银行"],
                        Act = act,
                        Words = words,
                        Basis = "《民事诉讼法》第二百五十三条",
                        DocumentIds = [ruling],
                        Due = new DateOnly(2026, 3, 5),
                    }
                )
        ).Single();

    private async Task<LinkageRow> AnsweredAsync(long caseId, long ruling, string act, string answer, string receipt)
    {
        var l = await SendAsync(caseId, ruling, act, $"请协助办理 {answer}");
        return await App.As("bank-key")
            .Send(
                new AnswerLinkage
                {
                    Id = l.Id,
                    Answer = answer,
                    Receipt = receipt,
                }
            );
    }
}

public sealed class AnswerReadingTests
{
    [TestCase("已冻结 1000 元", true, null, null, "1000")]
    [TestCase("已于2026年3月1日冻结，实际冻结300.50元（限额1,000元），至2027-02-28止。", true, "2026-03-01", "2027-02-28", "300.50")]
    [TestCase("冻结限额１．２万元，实际控制 ３，０００ 元", true, null, null, "3000")]
    [TestCase("已查封，期限2026.3.2至2029.3.1", true, "2026-03-02", "2029-03-01", null)]
    [TestCase("期限至2027/02/30", true, null, null, null)]
    [TestCase("账户已销户，无法冻结", false, null, null, null)]
    [TestCase("查无此户", false, null, null, null)]
    public void Words_are_read(string answer, bool done, string? on, string? end, string? amount)
    {
        var read = AnswerReading.Read(answer, new DateOnly(2026, 3, 2));
        Assert.That(read, Is.EqualTo(new AnswerReading(done, Day(on), Day(end), amount is null ? null : decimal.Parse(amount, CultureInfo.InvariantCulture))));
    }

    private static DateOnly? Day(string? iso) => iso is null ? null : DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
