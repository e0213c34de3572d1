using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.CaseChanges;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Register;

/// <summary>Changes by file: an outcome a line, the same again nothing, in any order, waiting for cases that are not there.</summary>
public sealed class ChangeTests() : AppTests(Engine.Sqlite)
{
    private const string Head = "案号,事件,日期,细项,标识,法官,合议庭成员,人民陪审员,说明\n";

    [Test]
    public async Task Each_line_has_its_outcome_and_the_same_file_again_changes_nothing()
    {
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        var id = await App.Case(31, SampleParty.Provided);
        var number = Sample.Number(31);
        var file =
            Head
            + $"""
                {number},组成合议庭,2026-03-02,,p1,李测试,林虚构,陪审甲,
                {number},开庭,2026-03-20,,h1,,,,
                {number},文书签发,2026-04-20,judgment,j1,,,,
                {number},结案,2026-04-22,judgment,c1,,,,
                {number},上诉,2026-05-02,,a1,,,,
                {number},提起上诉,2026-05-02,,a1,,,,
                {number},移送,2026-05-20,,t1,,,,
                {number},上级法院裁判,2026-05-30,upheld,u1,,,,
                {number},开庭,2026-01-20,,h0,,,,
                {number},开庭,2026-07-20,,h9,,,,
                {number},分案,2026-03-02,,,没有此人,,,
                九号,开庭,2026-03-20,,,,,,
                {Sample.Number(99)},开庭,2026-03-20,,,,,,
                """;
        var first = await TakeAsync(file);
        Assert.That((first.State, first.DoneCount, first.SameCount, first.WaitingCount, first.RefusedCount), Is.EqualTo(("done", 7, 0, 1, 5)));
        var reasons = (await App.As("registrar").Send(new ShowChanges { Id = first.Id, Outcome = "refused" })).Rows.Select(r => r.Reason).ToList();
        Assert.That(
            reasons,
            Has.Some.Contains("没有“上诉”这种事件")
                .And.Some.Contains("早于立案日期")
                .And.Some.Contains("今天之后")
                .And.Some.Contains("没有这位法官")
                .And.Some.Contains("案号不合格式")
        );
        var state = await StateAsync(id);
        var second = await TakeAsync(file);
        Assert.That((second.DoneCount, second.SameCount), Is.EqualTo((0, 7)));
        Assert.That(await StateAsync(id), Is.EqualTo(state));
        Assert.That((await App.As("judge").Send(new ShowRegister { CaseId = id })).Panels, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_file_of_many_lines_is_taken_whole()
    {
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        await App.Case(33, SampleParty.Provided);
        var lines = string.Concat(
            Enumerable.Range(1, 4000).Select(n => $"{Sample.Number(33)},开庭,2026-03-{(n % 5) + 1:00},,many-{n % 5},,,,{new string('注', 30)}\n")
        );
        Assert.That(Head.Length + lines.Length, Is.GreaterThan(PlainText.Most));
        var file = await TakeAsync(Head + lines);
        Assert.That((file.State, file.Total), Is.EqualTo(("done", 4000)));
    }

    [Test]
    public async Task A_line_waits_for_its_case_and_is_taken_when_it_arrives()
    {
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        var file = await TakeAsync(Head + $"{Sample.Number(32)},开庭,2026-03-20,,,,,,\n");
        Assert.That(file.WaitingCount, Is.EqualTo(1));
        var id = await App.Case(32, SampleParty.Provided);
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_case_event WHERE case_id = @id AND event = 'hearing-held'", new { id }),
            Is.EqualTo(1)
        );
        Assert.That((await App.As("registrar").Send(new ShowChanges { Id = file.Id })).Files[0].WaitingCount, Is.Zero);
    }

    [Test]
    public async Task Allotments_conversions_and_deductions_arrive_in_any_order()
    {
        App.At(TestClock.Shanghai(2026, 7, 1, 9, 0));
        string[] Lines(int serial) =>
            [
                $"{Sample.Number(serial)},分案,2026-03-10,,,judge2,,,",
                $"{Sample.Number(serial)},分案,2026-04-10,,,judge,,,",
                $"{Sample.Number(serial)},程序转换,2026-03-15,MC-SUM,,,,,",
                $"{Sample.Number(serial)},程序转换,2026-04-15,MC-ORD,,,,,",
                $"{Sample.Number(serial)},审限扣除开始,2026-04-20,D-GG,d1,,,,",
                $"{Sample.Number(serial)},审限扣除结束,2026-05-20,,d1,,,,",
            ];
        var states = new List<string>();
        for (var n = 0; n < 6; n++)
        {
            var id = await App.Case(40 + n, SampleParty.Provided);
            var order = Lines(40 + n).OrderBy(l => HashCode.Combine(l.Length, l[20..].GetHashCode(StringComparison.Ordinal) * (n + 1))).ToArray();
            foreach (var line in order)
                await TakeAsync(Head + line + "\n");
            states.Add(await StateAsync(id));
        }
        Assert.That(states.Distinct().Count(), Is.EqualTo(1), string.Join('\n', states));
        Assert.That(states[0], Does.Contain("MC-ORD").And.Contain("李测试"));
    }

    [Test]
    public async Task A_court_takes_no_changes_of_another_and_a_file_that_is_none_is_refused()
    {
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        await App.Case(50, SampleParty.Provided);
        var file = await TakeAsync(Head + $"{Sample.Number(50)},开庭,2026-03-20,,,,,,\n", "clerk-yanji");
        Assert.That((file.DoneCount, file.WaitingCount), Is.EqualTo((0, 1)), "told apart from no case by nothing");
        Assert.That(
            () => App.As("registrar").Send(new TakeChanges { Text = "案号,日期\n1,2\n" }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("缺少必填列：事件")
        );
        Assert.That(() => App.As("registrar").Send(new TakeChanges { Text = "[{]" }), Throws.TypeOf<RuleBroken>().With.Message.Contains("JSON"));
        Assert.That(
            () => App.As("registrar").Send(new TakeChanges { Text = "案号,事件,日期\n1,开庭," + new string('长', 5000) }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("有一格超过 4000 个字符")
        );
        Assert.That(
            () => App.As("registrar").Send(new TakeChanges { Text = "案号,事件,日期\n\"1,开庭,2026-03-20\n" }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("引号不成对")
        );
        Assert.That(() => App.As("judge").Send(new TakeChanges { Text = Head }), Throws.TypeOf<Forbidden>());
        Assert.That(() => App.As("clerk-yanji").Send(new ShowChanges { Id = 12345 }), Throws.TypeOf<NotFound>());
    }

    [TestCase("[null]")]
    [TestCase("""[{"caseNumber":null,"event":null,"on":null}]""")]
    [TestCase("[{}]")]
    public async Task A_line_of_json_that_says_nothing_is_a_refused_line_and_no_fault(string text)
    {
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        var file = await TakeAsync(text);
        Assert.That((file.Total, file.DoneCount, file.RefusedCount + file.WaitingCount), Is.EqualTo((1, 0, 1)));
    }

    [Test]
    public async Task A_file_comes_in_by_the_page()
    {
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        await App.Case(51, SampleParty.Provided);
        var browser = await App.SignedIn("registrar");
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(Head + $"{Sample.Number(51)},开庭,2026-03-20,,,,,,\n"));
        form.Add(file, "File", "变动.csv");
        form.Add(
            new StringContent(
                System
                    .Text.RegularExpressions.Regex.Match(
                        await browser.GetStringAsync(new Uri("/changes", UriKind.Relative)),
                        "RequestVerificationToken\" value=\"([^\"]+)"
                    )
                    .Groups[1]
                    .Value
            ),
            "__RequestVerificationToken"
        );
        var answer = await browser.PostAsync(new Uri("/changes", UriKind.Relative), form);
        await App.DrainAsync();
        Assert.That((int)answer.StatusCode, Is.EqualTo(302), await answer.Content.ReadAsStringAsync());
        var shown = System.Net.WebUtility.HtmlDecode(await browser.GetStringAsync(answer.Headers.Location));
        Assert.That(shown, Does.Contain("变动导入结果").And.Contain("已登记"));
    }

    private async Task<ShowChanges.FileRow> TakeAsync(string text, string person = "registrar")
    {
        var id = await App.As(person).Send(new TakeChanges { FileName = "变动.csv", Text = text });
        await App.DrainAsync();
        return (await App.As(person).Send(new ShowChanges { Id = id })).Files.Single();
    }

    private async Task<string> StateAsync(long id)
    {
        var c = await App.As(null)
            .Value<string>(
                "SELECT CONCAT(p.name, '|', c.allotted_on, '|', c.procedure_code, '|', c.clock_end, '|', c.clock_legal_end, '|', c.state, '|', "
                    + "c.closed_on) FROM workzone_case c LEFT JOIN workzone_person p ON p.id = c.judge_id WHERE c.id = @id",
                new { id }
            );
        var events = await App.Rows<string>(
            "SELECT CONCAT(event, ' ', on_day) FROM workzone_case_event WHERE case_id = @id ORDER BY on_day, event",
            new { id }
        );
        return $"{c}|{string.Join(',', events)}";
    }
}
