using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Search;

namespace CourtOps.Workzone.Imports;

/// <summary>Case lists as the world writes them: signs that cannot be seen, other separators, days with times, two persons of one name.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WorldTests(Engine engine) : AppTests(engine)
{
    private const string IdA = "222424198001011230";
    private const string IdB = "222424199001011251";
    private static readonly SampleParty Plaintiff = new("张某甲", "原告");

    private async Task<ImportSummary> ImportAsync(string csv) => (await App.Import(Encoding.UTF8.GetBytes(csv))).Summary;

    private Task<IReadOnlyList<string>> NamesAsync() => App.As(null).Rows<string>("SELECT name FROM workzone_party ORDER BY case_id, ordinal");

    [Test]
    public async Task A_sign_that_cannot_be_seen_refuses_nothing_and_is_not_kept()
    {
        var csv = Sample.Csv(
            Sample.Row(Sample.Number(1), Plaintiff with { Phone = "\u202D13811112222\u202C" }),
            Sample.Row(Sample.Number(1), SampleParty.Provided with { Name = "张\u200B某乙", IdNumber = IdB + "\u200B" })
        );
        Assert.That((await ImportAsync(csv)).Created, Is.EqualTo(1));
        Assert.That(await NamesAsync(), Is.EqualTo(new[] { "张某甲", "张某乙" }));
        Assert.That(await App.Rows<string>("SELECT id_number_tail FROM workzone_party WHERE id_number_tail IS NOT NULL"), Has.Member("1251"));
    }

    [Test]
    public async Task A_row_with_a_cell_too_many_is_refused_alone()
    {
        var (one, two, three) = (
            Sample.Row(Sample.Number(1), Plaintiff),
            Sample.Row(Sample.Number(2), Plaintiff) + ",多余",
            Sample.Row(Sample.Number(3), Plaintiff) + ",,"
        );
        var (summary, outcomes) = await App.Import(Encoding.UTF8.GetBytes(Sample.Csv(one, two, three)));
        Assert.That((summary.State, summary.Created, summary.Refused), Is.EqualTo(("done", 2, 1)), "a separator too many at the end says nothing");
        Assert.That(outcomes.Where(o => o.Outcome == "refused").Select(o => (o.Row, o.Errors[0].Field)), Is.EqualTo(new[] { (3, "row") }));
        Assert.That(outcomes.Single(o => o.Outcome == "refused").Errors[0].Reason, Does.Contain("多了分隔符"));
    }

    [TestCase('\t')]
    [TestCase(';')]
    [TestCase('；')]
    public async Task Another_separator_is_read(char separator)
    {
        var csv = Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff)).Replace(',', separator);
        Assert.That((await ImportAsync(csv)).Created, Is.EqualTo(1));
    }

    [Test]
    public async Task A_refusal_names_the_line_of_the_file()
    {
        var lines = Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff), Sample.Row("第五行", Plaintiff)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (_, outcomes) = await App.Import(Encoding.UTF8.GetBytes($"{lines[0]}\r\n{lines[1]}\r\n\r\n\r\n{lines[2]}\r\n"));
        Assert.That(outcomes.Single(o => o.Outcome == "refused").Row, Is.EqualTo(5));
    }

    [TestCase("2026/3/5 0:00:00", "2026-03-05")]
    [TestCase("2026-03-05T00:00:00", "2026-03-05")]
    [TestCase("2026/03/05 14:30", "2026-03-05")]
    [TestCase("2026-03-04T16:00:00Z", "2026-03-05")]
    [TestCase("２０２６年３月５日", "2026-03-05")]
    [TestCase("2026.3.5", "2026-03-05")]
    [TestCase("20260305", "2026-03-05")]
    [TestCase("46086", null)]
    [TestCase("2026-02-29", null)]
    [TestCase("2026-03-05 25:00", null)]
    [TestCase("5/3/2026", null)]
    public void A_day_is_read_in_its_usual_writings(string text, string? day) =>
        Assert.That(CaseReading.ReadDay(text) is { } d ? Kernel.Web.Times.Iso(d) : null, Is.EqualTo(day));

    [Test]
    public async Task The_same_value_in_another_writing_is_no_difference()
    {
        var first = Sample.Row(Sample.Number(1), Plaintiff with { IdNumber = IdA }, filed: "2026-03-02") + ",周某律";
        var second = Sample.Row(Sample.Number(1), Plaintiff with { IdNumber = "" }, filed: "2026/3/2") + ",吴某律";
        var (summary, outcomes) = await App.Import(
            Encoding.UTF8.GetBytes(Sample.Csv(first, second).Replace(Sample.Header, Sample.Header + ",代理人", StringComparison.Ordinal))
        );
        Assert.That(summary.Created, Is.EqualTo(1), string.Join(';', outcomes.SelectMany(o => o.Errors)));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_agent"), Is.EqualTo(2));
    }

    [Test]
    public async Task Zeros_and_signs_too_many_in_a_number_make_no_second_case()
    {
        var plain = Sample.Number(413);
        Assert.That((await ImportAsync(Sample.Csv(Sample.Row(plain, Plaintiff)))).Created, Is.EqualTo(1));
        foreach (
            var other in new[]
            {
                plain.Replace("413号", "0413号", StringComparison.Ordinal),
                plain.Replace("413号", "第413号", StringComparison.Ordinal),
                plain.Replace("（2026）", "(2026) ", StringComparison.Ordinal),
            }
        )
            Assert.That((await ImportAsync(Sample.Csv(Sample.Row(other, Plaintiff)))).Created, Is.Zero, other);
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_case"), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_persons_of_one_name_are_two()
    {
        var defendant = SampleParty.Provided with { Name = "张某甲", Role = "被告" };
        var list = Sample.Csv(
            Sample.Row(Sample.Number(1), Plaintiff),
            Sample.Row(Sample.Number(1), defendant with { IdNumber = IdA }),
            Sample.Row(Sample.Number(1), defendant with { IdNumber = IdB })
        );
        Assert.That((await ImportAsync(list)).Created, Is.EqualTo(1));
        var ids = await App.As(null).Rows<long>("SELECT id FROM workzone_party ORDER BY ordinal");
        Assert.That(ids, Has.Count.EqualTo(3));
        // again, in another order and with another cause: the same three
        var again = Sample.Csv(
            Sample.Row(Sample.Number(1), defendant with { IdNumber = IdB }, cause: "买卖合同纠纷"),
            Sample.Row(Sample.Number(1), defendant with { IdNumber = IdA }, cause: "买卖合同纠纷"),
            Sample.Row(Sample.Number(1), Plaintiff, cause: "买卖合同纠纷")
        );
        Assert.That((await ImportAsync(again)).Updated, Is.EqualTo(1));
        Assert.That(await App.Rows<long>("SELECT id FROM workzone_party ORDER BY id"), Is.EqualTo(ids.Order()));
        Assert.That(
            await App.Rows<string>("SELECT id_number_tail FROM workzone_party WHERE role = '被告' ORDER BY ordinal"),
            Is.EqualTo(new[] { "1251", "1230" })
        );
    }

    [TestCase("买买提·艾力", "买买提•艾力")]
    [TestCase("张某甲", "张\u200B某甲")]
    [TestCase("张某甲", "张　某甲")]
    [TestCase("ＡＢＣ公司", "ABC公司")]
    public async Task A_name_in_another_writing_is_no_new_party(string once, string again)
    {
        Assert.That((await ImportAsync(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff with { Name = once })))).Created, Is.EqualTo(1));
        await ImportAsync(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff with { Name = again }, cause: "买卖合同纠纷")));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_party"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_number_that_a_spreadsheet_has_rounded_is_refused_with_the_reason()
    {
        var (_, outcomes) = await App.Import(Encoding.UTF8.GetBytes(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff with { IdNumber = "2.22424E+17" }))));
        Assert.That(outcomes.Single().Errors.Single().Reason, Does.Contain("科学计数法"));
    }

    [TestCase("２２２４２４１９９００１０１１２５１", IdB)]
    [TestCase("'" + IdA, IdA)]
    [TestCase("222424 19800101 1230", IdA)]
    [TestCase("22242419850505105x", "22242419850505105X")]
    [TestCase(IdB + "\u200B", IdB)]
    public void A_number_is_folded(string typed, string stored) => Assert.That(Written.Sign(typed), Is.EqualTo(stored));

    [TestCase(IdA, false)]
    [TestCase("222424198013011238", true, Description = "month 13")]
    [TestCase("22242419800101123", true, Description = "17 digits")]
    [TestCase("222424198001011231", true, Description = "check digit")]
    [TestCase("222424900101125", false, Description = "15 digits, as they were until 1999")]
    [TestCase("222424901301125", true, Description = "15 digits, month 13")]
    [TestCase("22242419850505105X", false)]
    [TestCase("H12345678", false, Description = "a permit of another kind")]
    [TestCase("E12345678", false)]
    public void What_cannot_be_an_id_card_is_found(string number, bool wrong) => Assert.That(IdNumbers.IsWrongIdCard(number), Is.EqualTo(wrong));

    [Test]
    public void Fifteen_digits_are_eighteen()
    {
        Assert.That(IdNumbers.Longer("222424900101125"), Is.EqualTo(IdB));
        Assert.That(IdNumbers.Tails("222424900101125"), Is.EqualTo(new[] { "1125", "1251" }));
    }

    [TestCase("138 1111 2222", "13811112222")]
    [TestCase("138-1111-2222", "13811112222")]
    [TestCase("+86 138 1111 3333", "13811113333")]
    [TestCase("008613811113333", "13811113333")]
    [TestCase("0433-8822345转801", "0433-8822345转801")]
    [TestCase("04338822345-转801", "0433-8822345转801")]
    [TestCase("（0433）8822345", "0433-8822345")]
    [TestCase("010 5899 0000", "010-58990000")]
    [TestCase("+86 433 8822345", "0433-8822345")]
    [TestCase("+82 2-1234-5678", "+82212345678")]
    [TestCase("１３８１１１１２２２２", "13811112222")]
    [TestCase("找他妹妹", "找他妹妹")]
    public void A_phone_has_one_writing(string typed, string stored) => Assert.That(Written.Phone(typed), Is.EqualTo(stored));

    [TestCase("0433-8822345转801", true)]
    [TestCase("13811112222", true)]
    [TestCase("12368", true)]
    [TestCase("95588", true)]
    [TestCase("4008123123", true)]
    [TestCase("8822345", true)]
    [TestCase("+82 2-1234-5678", true)]
    [TestCase("", true)]
    [TestCase("1380000123", false)]
    [TestCase("138000012345", false)]
    [TestCase("12ab", false)]
    [TestCase("0433-882", false)]
    [TestCase("0433-8822345转", false)]
    [TestCase("找他妹妹", false)]
    public void A_phone_is_one_that_can_be_called(string typed, bool right) => Assert.That(Written.IsPhone(typed), Is.EqualTo(right));

    [TestCase("li@example", false)]
    [TestCase("li@party.example", true)]
    [TestCase("li@party..example", false)]
    [TestCase("li@@party.example", false)]
    [TestCase("李@party.example", false)]
    public void Mail_can_go_there(string address, bool right) => Assert.That(Written.IsEmail(address), Is.EqualTo(right));

    [TestCase("某某银行股份有限公司汪清支行")]
    [TestCase("吉林某某律师事务所")]
    [TestCase("汪清县第四小学")]
    [TestCase("某某投资中心（有限合伙）")]
    [TestCase("汪清县某某镇人民政府")]
    [TestCase("延边某某分公司")]
    public void An_organisation_is_no_natural_person(string name) => Assert.That(Written.TypeOf(name), Is.Not.EqualTo("natural"));

    [TestCase("张某甲")]
    [TestCase("欧阳某某")]
    [TestCase("买买提·艾力")]
    [TestCase("王学院")]
    [TestCase("李大学")]
    public void A_person_is_a_natural_person(string name) => Assert.That(Written.TypeOf(name), Is.EqualTo("natural"));

    [Test]
    public void People_stand_in_the_order_of_pinyin() =>
        Assert.That("丁安白重钱阿陈".Select(c => c + "某").OrderBy(n => n, PersonOrder.Instance).Select(n => n[0]), Is.EqualTo("阿安白陈重丁钱"));

    [TestCase("138 1111 2222")]
    [TestCase("138-1111-2222")]
    [TestCase("+86 13811112222")]
    public async Task A_phone_is_found_however_it_is_typed(string typed)
    {
        await ImportAsync(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff with { Phone = "+86 138 1111 2222" })));
        Assert.That((await App.As("judge").Send(new Find { Text = typed })).ByPhone, Is.True);
    }

    [TestCase("买买提·艾力", "买买提艾力")]
    [TestCase("买买提艾力", "买买提•艾力")]
    [TestCase("丁", "丁")]
    [TestCase("张\u200B无忌", "张无忌")]
    [TestCase("陈国庆", "陳國慶")]
    [TestCase("陳國慶", "陈国庆")]
    public async Task A_name_is_found_however_it_is_typed(string name, string typed)
    {
        await ImportAsync(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff with { Name = name })));
        await App.DrainAsync();
        Assert.That((await App.As("judge").Send(new Find { Text = typed })).Cases, Has.Count.EqualTo(1));
    }
}
