using System.Globalization;
using System.Text;
using CourtOps.Law;
using CourtOps.Workzone.CaseChanges;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Settings;
using CourtOps.Workzone.Supervision;
using CourtOps.Workzone.Triggers;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Register;

/// <summary>
/// A year of a court from a file of its events in three orders: the same clocks, orders, findings and warnings, each once; every clock is Law's over the
/// same facts. 20,000 cases where COURTOPS_LONG is 1.
/// </summary>
public sealed class YearReplayTests
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1" ? 20_000 : 500;

    private static readonly string[] Causes = ["民间借贷纠纷", "买卖合同纠纷", "离婚纠纷", "物业服务合同纠纷"];

    [Test]
    public async Task Three_orders_of_arrival_end_in_the_same_court()
    {
        var lines = Events(new Random(11)).ToList();
        var states = new List<IReadOnlyList<string>>();
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var order = lines.ToArray();
            new Random(seed).Shuffle(order);
            await using var app = await TestApp.StartAsync();
            states.Add(await ReplayAsync(app, order));
        }
        Assert.That(states[0], Has.Count.GreaterThan(Cases * 3));
        Assert.That(states[1].Except(states[0]).Concat(states[0].Except(states[1])).Take(10), Is.Empty, "second order");
        Assert.That(states[2].Except(states[0]).Concat(states[0].Except(states[2])).Take(10), Is.Empty, "third order");
        Assert.That(states.Select(s => s.Count).Distinct().Count(), Is.EqualTo(1), "each once");
    }

    private static async Task<IReadOnlyList<string>> ReplayAsync(TestApp app, IReadOnlyList<string> lines)
    {
        app.At(TestClock.Shanghai(2027, 1, 4, 9, 0));
        var court = await app.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'");
        await app.As("leader")
            .Send(
                new SaveSetting
                {
                    Key = "workzone.trigger-rules",
                    CourtId = court,
                    Reason = "重放",
                    Values = new Dictionary<string, string> { [nameof(TriggerRules.MaxAgeDays)] = "365" },
                }
            );
        // the deductions of this file are evidenced where they come from
        await app.As("leader")
            .Send(
                new SaveSetting
                {
                    Key = "workzone.clock-rules",
                    CourtId = court,
                    Reason = "重放",
                    Values = new Dictionary<string, string> { [nameof(ClockRules.EvidenceByFile)] = "false" },
                }
            );
        // half of the events come before their cases, and the whole file once more
        await TakeAsync(app, lines.Take(lines.Count / 2));
        await app.Import(List());
        await app.DrainAsync();
        await TakeAsync(app, lines.Skip(lines.Count / 2));
        await TakeAsync(app, lines.Take(Math.Min(2000, lines.Count)));
        await app.RunJob<RaiseSlips>();
        app.As(null);
        Assert.That(await app.Value<int>("SELECT COUNT(*) FROM workzone_change_row WHERE outcome IN ('waiting', 'new')"), Is.Zero);
        Assert.That(await app.Rows<string>("SELECT DISTINCT reason FROM workzone_change_row WHERE outcome = 'refused'"), Is.Empty);
        await ClocksAsync(app);
        var state = new List<string>();
        state.AddRange(
            await app.Rows<string>(
                "SELECT CONCAT('case ', c.number, ' ', p.login, ' ', c.procedure_code, ' ', c.state, ' ', c.closed_on, ' ', c.clock_base_end, ' ', "
                    + "c.clock_end, ' ', c.clock_legal_end, ' ', c.clock_last_apply) FROM workzone_case c LEFT JOIN workzone_person p ON p.id = c.judge_id"
            )
        );
        state.AddRange(
            await app.Rows<string>(
                "SELECT CONCAT('event ', c.number, ' ', e.event, ' ', e.on_day, ' ', COALESCE(e.trigger_row, ''), ' ', COALESCE(e.trigger_reason, "
                    + "'')) FROM workzone_case_event e JOIN workzone_case c ON c.id = e.case_id"
            )
        );
        // an order to correct what only the order of arrival made look wrong was withdrawn again
        state.AddRange(
            await app.Rows<string>(
                "SELECT CONCAT('order ', o.case_number, ' ', o.order_type, ' ', o.form) FROM workzone_order o WHERE o.state <> 'cancelled' AND "
                    + "o.order_type <> 'affair.correct-data'"
            )
        );
        state.AddRange(
            await app.Rows<string>(
                "SELECT CONCAT('correct ', o.case_number) FROM workzone_order o WHERE o.state <> 'cancelled' AND o.order_type = 'affair.correct-data'"
            )
        );
        state.AddRange(
            await app.Rows<string>(
                "SELECT CONCAT('finding ', c.number, ' ', i.code, ' ', i.severity, ' ', i.args) FROM workzone_inspection i JOIN workzone_case c ON "
                    + "c.id = i.case_id"
            )
        );
        state.AddRange(
            await app.Rows<string>(
                "SELECT CONCAT('warning ', s.kind, ' ', s.subject, ' ', s.to_name) FROM workzone_slip s WHERE s.cause_key NOT LIKE 'finding:%'"
            )
        );
        return state;
    }

    private static async Task TakeAsync(TestApp app, IEnumerable<string> lines)
    {
        await app.As("registrar")
            .Send(new TakeChanges { FileName = "年度.csv", Text = "案号,事件,日期,细项,标识,法官,合议庭成员,人民陪审员,说明\n" + string.Join('\n', lines) });
        await app.DrainAsync();
    }

    private static async Task ClocksAsync(TestApp app)
    {
        var calendar = app.Services.GetRequiredService<ICalendarSource>().For("吉2424");
        var facts = (await app.Rows<ClockFact>(ClockBook.Columns)).ToLookup(f => f.CaseId);
        foreach (var c in await app.Rows<Row>("SELECT id, procedure_code, filed_on, clock_end, clock_legal_end FROM workzone_case"))
        {
            var law = ClockBook
                .Facts(c.ProcedureCode, c.FiledOn, [.. facts[c.Id].OrderBy(f => f.FromOn).ThenBy(f => f.Id)], false, new DateOnly(2027, 1, 4), [])!
                .Compute(calendar);
            Assert.That((c.ClockEnd, c.ClockLegalEnd), Is.EqualTo((law.End, law.LegalEnd)));
        }
    }

    private static string List()
    {
        var random = new Random(5);
        var rows = new StringBuilder(Sample.Header + "\n");
        for (var n = 1; n <= Cases; n++)
        {
            var filed = Filed(n);
            var cause = Causes[random.Next(Causes.Length)];
            foreach (
                var party in new[]
                {
                    new SampleParty("张某甲", "原告") { IdNumber = Seeding.DemoId.Of(n), Phone = "13800000009" },
                    new SampleParty("王某乙") { IdNumber = n % 7 == 0 ? "" : Seeding.DemoId.Of(n + 7000), Phone = "13900000001" },
                }
            )
                rows.AppendLine(Sample.Row(Sample.Number(n), party, "", filed: filed.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), cause: cause));
        }
        return rows.ToString();
    }

    private static DateOnly Filed(int n) => new DateOnly(2026, 1, 5).AddDays(n * 300 / Cases);

    private static IEnumerable<string> Events(Random random)
    {
        for (var n = 1; n <= Cases; n++)
        {
            var number = Sample.Number(n);
            var filed = Filed(n);
            string Line(string what, int days, string detail = "", string key = "", string judge = "", string members = "", string assessors = "") =>
                $"{number},{what},{filed.AddDays(days):yyyy-MM-dd},{detail},{key},{judge},{members},{assessors},";
            yield return Line("分案", 1, judge: "judge");
            if (n % 9 == 0)
                yield return Line("分案", 6, judge: "judge2");
            if (n % 5 == 0)
                yield return Line("组成合议庭", 8, judge: "judge", members: "judge2", assessors: "陪审甲");
            if (n % 6 == 0)
            {
                yield return Line("审限扣除开始", 9, "D-GG", "g" + n);
                yield return Line("审限扣除结束", 9 + random.Next(5, 40), "", "g" + n);
            }
            if (n % 4 == 0)
                yield return Line("程序转换", 10, "MC-SUM");
            yield return Line("开庭", 20 + random.Next(10), key: "h" + n);
            if (n % 3 == 0)
                continue;
            yield return Line("文书签发", 40 + random.Next(10), "judgment", "j" + n);
            yield return Line("结案", 52, "judgment", "c" + n);
            if (n % 10 == 0)
                yield return Line("提起上诉", 58, "", "a" + n);
        }
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? ClockEnd { get; init; }
        public DateOnly? ClockLegalEnd { get; init; }
    }
}
